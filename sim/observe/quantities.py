"""Reading a world: stored quantities by their place, computed ones by a rule each.

`read` is what conditions, measures and weekly series use. Conditions ask before a week begins, measures after it has
ended: `now` is the week that comes next.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.rules.alliances import is_active
from sim.rules.calendar import window_open
from sim.rules.criticism import criticised_by
from sim.rules.life_cycle import willing
from sim.rules.resources import hours_left
from sim.rules.speakers import campaigns, has_lobbied, runs
from sim.rules.storms import mean_coverage
from sim.rules.task_board import board_coverage, board_result
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import NEVER, numbers
from sim.vocabulary.partnerships import Promised, State
from sim.vocabulary.quantities import Computed, How
from sim.vocabulary.topics import News, Side
from sim.vocabulary.uptake import Seen, Uptake

#: Which row of its array holds a stored quantity; BY_RULE: none does, it is computed.
BY_RULE, BY_WORLD, BY_ORGANISATION, BY_RELATION, BY_PARTNERSHIP, BY_AUDIENCE = range(6)
PUBLIC, SUPPORTERS = numbers(Audience.PUBLIC, Audience.SUPPORTERS)
OPEN = int(Promised.OPEN)
PENDING = float(Seen.PENDING)
FOR, AGAINST = int(Side.FOR), int(Side.AGAINST)
CAMPAIGN = int(News.CAMPAIGN)

# Time away after which a bridge counts as burned (report only) (weeks): assumption.
BURNED_WEEKS = 104.0


@rule
def read(w, code, i, j, now):
    """Value of a quantity; i and j are what it is of (organisations, an audience, a year, weeks), -1 for nothing.

    "Weeks since" is missing (NaN) while the thing has never happened.
    """
    quantity = w.quantity[code]
    if quantity.by != BY_RULE:
        return _stored(w, quantity, i, j, now)
    if i < 0:
        return _of_world(w, code, j, now)
    if j < 0:
        return _of_organisation(w, code, i, now)
    return _of_two(w, code, i, j, now)


@rule
def _stored(w, quantity, i, j, now):
    """Read a field of the block of state by its place."""
    since = quantity.how == How.SINCE
    place = quantity.place
    if quantity.by == BY_ORGANISATION:
        place += i * quantity.stride
    elif quantity.by == BY_RELATION or quantity.by == BY_PARTNERSHIP:
        k = w.partnership_of[i, j]
        if k < 0:
            return math.nan if since else 0.0
        place += (k if quantity.by == BY_PARTNERSHIP else i * w.organisation.shape[0] + j) * quantity.stride
    elif quantity.by == BY_AUDIENCE:
        place += i * quantity.stride + j
    value = w.real[place] if quantity.is_real == 1 else np.float64(w.whole[place])
    if quantity.how == How.EUR:
        return value / 100.0
    if quantity.how == How.HAPPENED:
        return 0.0 if value == NEVER else 1.0
    if since:
        return math.nan if value == NEVER else max(0.0, now - 1 - value)
    return value


# --- of the world


@rule
def _of_world(w, code, j, now):
    """Of the world; j is an audience, or a number of weeks."""
    tallies = w.tallies[0]
    if code == Computed.GOAL_SHARE:
        return tallies.goal_impact / tallies.total_weight
    if code == Computed.PUBLIC_ADOPTER_SHARE:
        return tallies.public_weight / tallies.total_weight
    if code == Computed.BURNED_BRIDGES:
        return burned_bridges(w)
    if code == Computed.PARTNERSHIPS:
        return active_memberships(w)
    if code == Computed.EXISTING_SHARE:
        return existing_share(w)
    if code == Computed.DEFERRAL_SHARE:
        return np.float64(tallies.deferred) / tallies.disagreements if tallies.disagreements > 0 else math.nan
    if code == Computed.MINUTES:
        return math.floor(tallies.minutes) if w.clock[0].audit == 1 else tallies.minutes
    if code == Computed.NEW_AUDIENCE_SHARE:
        return tallies.new_reach / tallies.reach if tallies.reach > 0.0 else math.nan
    if code == Computed.SEATS_WEEKS:
        return seats_weeks(w)
    if code == Computed.SEATS_FILLED:
        return tallies.seats_filled / tallies.seats_open if tallies.seats_open > 0.0 else 0.0
    if code == Computed.ADOPTION_WEEK:
        return mean_adoption_week(w)
    if code == Computed.COST_EUR:
        return cost_of_observed(w) / 100.0
    if code == Computed.COST_HOURS:
        return hours_of_observed(w)
    if code == Computed.COST_PER_ADOPTER:
        return cost_of_observed(w) / 100.0 / tallies.adopters if tallies.adopters > 0 else math.nan
    if code == Computed.REACHED:
        return w.audience[j].persons * w.audience[j].reached
    if code == Computed.AWARE:
        return w.audience[j].aware
    if code == Computed.LEARNED:
        return w.audience[j].learned
    if code == Computed.HELP_SOUGHT:
        return w.parameter[0].help_rate / 1000.0 * w.audience[PUBLIC].learned
    if code == Computed.TASK_BOARD_COVERAGE:
        return board_coverage(w)
    if code == Computed.TASK_BOARD_RESULT:
        return board_result(w)
    if code == Computed.CRITICAL_CAMPAIGN_RUNNING:
        return critical_campaign_running(w, now - 1)
    if code == Computed.COVERAGE_FOR:
        return w.voice[FOR].coverage
    if code == Computed.COVERAGE_AGAINST:
        return w.voice[AGAINST].coverage
    if code == Computed.COVERAGE_MEAN:
        return mean_coverage(w, now, j)
    return _of_calendar(w, code, now)


@rule
def _of_calendar(w, code, now):
    """The week that is about to begin."""
    day = w.calendar[now]
    if code == Computed.WEEK:
        return np.float64(now)
    if code == Computed.YEAR:
        return np.float64(day.year)
    if code == Computed.MONTH:
        return np.float64(day.month)
    if code == Computed.DATE:
        return np.float64(day.ordinal)
    if code == Computed.IN_WINDOW:
        return np.float64(window_open(day, w.clock[0].topic))
    return math.nan


@rule
def burned_bridges(w):
    """Memberships that ended or cooled long ago."""
    week = w.clock[0].week
    total = 0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.link == 0 and (partnership.state == State.COOLING or partnership.state == State.ENDED):
            apart = partnership.since if partnership.state == State.ENDED else partnership.exit_week
            total += 1 if week - apart >= BURNED_WEEKS else 0
    return np.float64(total)


@rule
def active_memberships(w):
    """Memberships that are informal or formal now."""
    total = 0
    for k in range(w.partnership.shape[0]):
        if w.partnership[k].link == 0 and is_active(w.partnership[k]):
            total += 1
    return np.float64(total)


@rule
def existing_share(w):
    """Of the memberships that were ever active: the share that is active now; missing if there was none."""
    ever = 0
    now = 0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.link == 0 and partnership.first_formed != NEVER:
            ever += 1
            now += 1 if is_active(partnership) else 0
    return np.float64(now) / ever if ever > 0 else math.nan


@rule
def seats_weeks(w):
    """Weeks from the first opening of training seats until 90 % of all are taken, or until now."""
    tallies = w.tallies[0]
    if tallies.seats_open <= 0.0:
        return math.nan
    return np.float64((tallies.seats_week if tallies.seats_week >= 0 else w.clock[0].week) - tallies.seats_opened + 1)


@rule
def mean_adoption_week(w):
    """Mean over firms, by weight, of min(week of adoption, weeks so far)."""
    tallies = w.tallies[0]
    now = np.float64(w.clock[0].week + 1)
    return (tallies.adoption_weeks + (tallies.total_weight - tallies.adopted_weight) * now) / tallies.total_weight


@rule
def cost_of_observed(w):
    """Cents spent by those whose outcomes are measured."""
    cents = 0
    for i in range(w.organisation.shape[0]):
        if w.organisation[i].observed == 1:
            cents += w.organisation[i].cost
    return cents


@rule
def hours_of_observed(w):
    """Hours spent by those whose outcomes are measured."""
    hours = 0.0
    for i in range(w.organisation.shape[0]):
        if w.organisation[i].observed == 1:
            hours += w.organisation[i].hours_total
    return hours


@rule
def critical_campaign_running(w, week):
    """Whether some campaign with a tone of 0.5 or more runs in a week."""
    for c in range(w.tallies[0].campaigns):
        if w.campaign[c].kind == CAMPAIGN and runs(w.campaign[c], week) and w.campaign[c].tone >= 0.5:
            return 1.0
    return 0.0


# --- of an organisation


@rule
def _of_organisation(w, code, i, now):
    organisation = w.organisation[i]
    if code == Computed.SHADOW_IMPACT:
        return organisation.causal - organisation.credited
    if code == Computed.RELATIONSHIP_CAPITAL:
        return relationship_capital(w, i)
    if code == Computed.COOPTATION:
        return w.credibility[i, SUPPORTERS] - w.credibility_start[i, SUPPORTERS]
    if code == Computed.EXITS_OF:
        return exits_and_returns(w, i)[0]
    if code == Computed.RETURNS_OF:
        return exits_and_returns(w, i)[1]
    if code == Computed.DECISION_OF:
        return latest_choice(w, i)
    if code == Computed.CAMPAIGN_RUNNING:
        return 1.0 if campaigns(w, i, now - 1) else 0.0
    if code == Computed.CRITICISED:
        return criticised(w, i)
    if code == Computed.LOBBIED:
        return 1.0 if has_lobbied(w, i, FOR, now - 1) or has_lobbied(w, i, AGAINST, now - 1) else 0.0
    if code == Computed.UNCREDITED_PUBLIC:
        return uncredited_public(w, i)
    if code == Computed.HOURS_LEFT:
        return hours_left(w, i)
    if code == Computed.IN_PLAN:
        return in_plan(w, i)
    return math.nan


@rule
def relationship_capital(w, i):
    """Mean of the geometric mean trust with those whom i has to do with."""
    n = w.organisation.shape[0]
    total = 0.0
    count = 0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        met = partnership.state != State.NONE and partnership.state != State.ENDED
        if (partnership.a == i or partnership.b == i) and met:
            j = partnership.b if partnership.a == i else partnership.a
            total += math.sqrt(w.relation[i * n + j].trust * w.relation[j * n + i].trust)
            count += 1
    return total / count if count > 0 else 0.0


@rule
def exits_and_returns(w, i):
    """Exits from partnerships of i, and returns to them."""
    exits = 0.0
    returns = 0.0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if (partnership.a == i or partnership.b == i) and partnership.link == 0:
            exits += partnership.exits
            returns += partnership.returns
    return exits, returns


@rule
def latest_choice(w, i):
    """0: firm i was offered no ideas; 1: it has still to decide; 2 and more: its choice."""
    latest = 0.0
    for b in range(w.idea.shape[0]):
        decision = w.decision[b, i]
        if decision.count > 0:
            latest = 1.0 if decision.pending == 1 else 2.0 + decision.choice_code
    return latest


@rule
def criticised(w, j):
    """Whether j was criticised last week, in one item or more, whoever said it."""
    n = w.organisation.shape[0]
    crowd = w.organisation[j].exposure if w.organisation[j].firm >= 0 else 0.0
    items = w.criticism[2 * n, j] + crowd * w.criticism[2 * n, n]
    for i in range(n):
        if i != j:
            items += criticised_by(w, j, i)
    return 1.0 if items >= 1.0 else 0.0


@rule
def uncredited_public(w, i):
    """Whether i visibly uses ideas of others without naming them."""
    firm = w.organisation[i].firm
    if firm >= 0 and w.firm[firm].uptake == Uptake.PUBLIC_UNCREDITED:
        return 1.0
    for b in range(w.idea.shape[0]):
        if w.decision[b, i].visible == 1:
            return 1.0
    return 0.0


@rule
def in_plan(w, i):
    """Whether no active partnership of i was voted out of its annual plan."""
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        by_a = partnership.a == i and partnership.in_plan_a == 0
        by_b = partnership.b == i and partnership.in_plan_b == 0
        if (by_a or by_b) and is_active(partnership):
            return 0.0
    return 1.0


# --- of two


@rule
def _of_two(w, code, i, j, now):
    if code == Computed.CREDIBILITY_CHANGE:  # of an organisation with an audience
        return w.credibility[i, j] - w.credibility_start[i, j]
    if code == Computed.TOLD:
        return told(w, i, j)
    if code == Computed.DECISION_BETWEEN:
        return seen_decision(w, i, j)
    if code == Computed.CRITICISED_BY:
        return 1.0 if criticised_by(w, i, j) >= 1.0 else 0.0
    if code == Computed.HELD:
        return w.held[i, j]
    k = w.partnership_of[i, j]
    if k < 0:
        return 0.0
    partnership = w.partnership[k]
    if code == Computed.PARTNERED:
        return 1.0 if is_active(partnership) else 0.0
    if code == Computed.PUBLIC_PARTNERSHIP:
        return 1.0 if is_active(partnership) and partnership.visibility == 0 else 0.0
    if code == Computed.CONTRACT:
        return max(partnership.contract, partnership.agreed)
    if code == Computed.DIRECT:
        both = w.organisation[i].direct * w.organisation[j].direct
        return np.float64(partnership.direct if partnership.direct >= 0 else both)
    if code == Computed.MEAN_RESULT:
        return partnership.joint_result / partnership.joint_total if partnership.joint_total > 0.0 else math.nan
    if code == Computed.WEEKS_TO_TERM:
        return np.float64(partnership.term_end - now) if partnership.term > 0 and is_active(partnership) else math.nan
    if code == Computed.SUSPENDED:
        return 1.0 if is_active(partnership) and 0 < now <= partnership.suspended_until else 0.0
    if code == Computed.WARNED:
        return 1.0 if w.relation[j * w.organisation.shape[0] + i].warned > 0.0 else 0.0
    if code == Computed.WILLING:
        return 1.0 if partnership.state == State.COOLING and willing(w, k, partnership.left_by) else 0.0
    if code == Computed.PROMISE_DUE:
        return promise_due(w, i, j, now)
    return math.nan


@rule
def told(w, i, j):
    """Largest share of a bundle of i that j was told, up to the first that j has still to decide on."""
    most = 0.0
    for b in range(w.idea.shape[0]):
        if w.idea[b].owner == i:
            most = max(most, w.decision[b, j].told)
            if w.decision[b, j].pending == 1:
                return most
    return most


@rule
def seen_decision(w, i, j):
    """What others can see of the last choice of firm j on the ideas of i."""
    latest = NEVER
    seen = 0.0
    for b in range(w.idea.shape[0]):
        if w.idea[b].owner != i:
            continue
        decision = w.decision[b, j]
        if decision.pending == 1:
            return PENDING
        if decision.chosen_week > latest:
            latest = decision.chosen_week
            seen = np.float64(decision.choice)
    return seen


@rule
def promise_due(w, i, j, now):
    """Whether a promise of i to j is open and due within four weeks."""
    for q in range(w.promise.shape[0]):
        promise = w.promise[q]
        if promise.status == OPEN and promise.by == i and promise.to == j and promise.due - now <= 4:
            return 1.0
    return 0.0
