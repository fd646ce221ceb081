"""The week of the model, in order. To see what happens when, read `advance`; to see how, follow a line."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.plan.carry_out import act_by_strategy, carry_out_plan, find_due_actions
from sim.rules.adoption import adopt
from sim.rules.awareness import forget_and_learn, open_lessons, tell_own
from sim.rules.calendar import open_week
from sim.rules.campaigns import run_campaigns
from sim.rules.champions import turn_over_champions
from sim.rules.credibility import update_credibility
from sim.rules.criticism import hold_against, place_blame, rebut_critics
from sim.rules.directors import turn_over_directors
from sim.rules.discovery import find_out
from sim.rules.evidence import gather_evidence
from sim.rules.federations import carry_on
from sim.rules.formation import reply_to_requests
from sim.rules.funding import award_grants, count_season_learning, decide_annual_plans, spend_project_money
from sim.rules.ideas import decide_on_ideas
from sim.rules.joint_work import work_together
from sim.rules.leaving import end_after_breaches, leave_or_stay, move_on, return_by_itself
from sim.rules.media import draw_coverage
from sim.rules.members import complain
from sim.rules.policy import pursue_policy
from sim.rules.storms import watch_storms
from sim.rules.tallies import close_week
from sim.rules.task_board import work_on_tasks
from sim.rules.trainings import run_trainings
from sim.rules.trust import break_due_promises, update_trust, update_value


@rule
def advance(world, week):
    """Move one world through one week.

    A step reads what the steps before it left. Steps 2 to 5 know the heat of last week, steps 8 to 12 that of
    this week; coverage enters the funnel of step 6 one week late, because step 7 has not drawn it yet.
    """
    find_due_actions(world, week)  # conditions read the end of last week
    open_week(world, week)  # 1. calendar: date, windows, capacities, budgets (S1)
    turn_over_champions(world)  # 1. staff turnover (S14)
    turn_over_directors(world)  # 1. new directors (S14)
    decide_annual_plans(world, week)  # 1. internal approval, in January (S13)
    carry_out_plan(world)  # 2. plan actions, done or refused
    act_by_strategy(world, week)  # 3. standing strategies
    reply_to_requests(world)  # 4. replies to approaches, terms, signatures (S6)
    work_together(world, week)  # 5. joint work, disagreement, deference (S7, S12)
    work_on_tasks(world)  # 5. the task board: who does what, where (S12)
    break_due_promises(world, week)  # 5. promises that fall due undelivered (S8)
    spend_project_money(world, week)  # 5. grants are spent in the season (S13)
    carry_on(world)  # 5. what federations have to pass on to their members (S11)
    gather_evidence(world)  # 6. evidence (S4)
    open_lessons(world)  # 6. nobody was reached yet this week (S3)
    run_campaigns(world, week)  # 6. campaigns and their funnel (S3)
    run_trainings(world, week)  # 6. training seats (S3)
    tell_own(world)  # 6. information, guides, public joint work, the task board reach people (S3)
    forget_and_learn(world, week)  # 6. who knows, and who taught them (S3)
    count_season_learning(world, week)  # 6. what the campaigns of a project taught (S13)
    rebut_critics(world, week)  # 7. the criticised answer their critics (S2)
    draw_coverage(world, week)  # 7. four voices in the news (S2)
    watch_storms(world, week)  # 7. media storms, only reported (S2)
    place_blame(world, week)  # 7. who criticised whom (S2)
    hold_against(world)  # 7. heat, what is held against whom, press on firms (S2)
    update_credibility(world, week)  # 8. credibility with five audiences (S5)
    decide_on_ideas(world, week)  # 9. use and credit of ideas (S10)
    adopt(world, week)  # 10. adoption by firms, with its causes; giving up (S11)
    complain(world)  # 11. complaint of the members of federations, and who leaves them (S9)
    update_trust(world)  # 11. trust, anchor, grievance; breaches and expectations (S8, S16)
    update_value(world)  # 11. value and top-management ownership (S8, S14)
    end_after_breaches(world)  # 12. broken faith ends a partnership for good (S9)
    find_out(world)  # 12. hidden partnerships come out (S9)
    leave_or_stay(world, week)  # 12. anger, lapse, the end of a term (S9)
    return_by_itself(world, week)  # 12. returns (S9)
    move_on(world, week)  # 12. moving on for good (S9)
    award_grants(world, week)  # 13. grants, in the week of the round (S13)
    pursue_policy(world, week)  # 13. the demand's way through politics (S15)
    close_week(world)  # 14. counts of the week
