"""Funders, pools, eligibility and budgets that change midway; no grant below 0, and nobody overdrawn."""

from __future__ import annotations

from typing import Any

import pytest
from one_run import Run, play, simulate, small, start_run

from sim.errors import InputError
from sim.vocabulary.events import EventKind

STAY = {"exit_base": -500.0, "conflict_base": -500.0, "champion_leaving_rate": 0.0}
SURE = {**STAY, "award_full": 1e-9, "grant_noise": 0.0}
ROWS: list[dict[str, Any]] = [
    {"id": "ngo", "type": "ngo", "apply_yearly": True},
    {"id": "ombud", "type": "ombud"},
    {"id": "ministry", "type": "government"},
]
TIE = {"members": ["ombud", "ngo"], "lead": "ngo"}


def projects(*plan: dict[str, Any], weeks: int = 130, **keys: Any) -> Run:
    case = small(**{"organisation": ROWS, "partnership": [TIE], "plan": list(plan), "weeks": weeks, **keys})
    return play(start_run(case, SURE))


def grants(run: Run) -> list[tuple[str, float]]:
    rows = run.events(EventKind.GRANT_AWARDED)
    return [(run.setting.ids[int(run.world.log.other[row])], float(run.world.log_number[row, 0])) for row in rows]


def test_a_funder_that_is_asked_decides_and_others_do_not():
    foundation = {"id": "foundation", "type": "union", "funds": True, "annual_budget": 50_000}
    ask = {"when": 10, "verb": "apply_funding", "by": "ngo", "amount": 4_000, "to": "foundation"}
    rows = [{**ROWS[0], "apply_yearly": False}, *ROWS[1:], foundation]
    run = projects(ask, organisation=rows, weeks=30)
    assert [name for name, _ in grants(run)] == ["foundation"]


def test_without_a_name_the_one_who_trusts_most_and_has_most_is_asked():
    poor = {"id": "foundation", "type": "union", "funds": True, "annual_budget": 10_000}
    assert {name for name, _ in grants(projects(organisation=[*ROWS, poor]))} == {"ministry"}
    rich = [*ROWS[:2], {**ROWS[2], "annual_budget": 6_000}, {**poor, "annual_budget": 900_000}]
    assert grants(projects(organisation=rich))[0][0] == "foundation"


def test_awards_stay_within_the_pool_of_the_year():
    rows = [*ROWS[:2], {**ROWS[2], "pool": 3_000}]
    assert [eur for _, eur in grants(projects(organisation=rows))] == [3_000.0] * 3


def test_less_in_the_pot_is_less_for_each():
    usual = grants(projects(weeks=30))
    cut = grants(projects({"when": 3, "verb": "shock", "what": "pool", "org": "ministry", "share": 0.5}, weeks=30))
    assert cut[0][1] == pytest.approx(0.5 * usual[0][1])


def test_who_may_no_longer_apply_gets_nothing_from_then_on_and_keeps_what_was_paid():
    shock = {"when": 30, "verb": "shock", "what": "eligibility", "org": "ngo", "value": False}
    before, after = projects(), projects(shock)
    assert grants(after) == grants(before)[:1]
    assert len(after.events(EventKind.GRANT_REFUSED)) == 2
    again = {**shock, "when": 70, "value": True}
    assert len(grants(projects(shock, again))) == 2


def test_a_budget_cut_for_a_time_ends():
    cut = {"when": 3, "verb": "shock", "what": "budget_cut", "org": "ombud", "share": 0.5, "weeks": 60}
    whole = small(organisation=ROWS, partnership=[TIE], weeks=130)
    budgets = []
    for plan, weeks in (([], 130), ([cut], 60), ([cut], 130)):
        run = play(start_run(whole.replace(plan=plan), SURE), weeks)
        budgets.append(int(run.organisation("ombud").annual_budget))
    assert budgets[1] == budgets[0] // 2
    assert budgets[2] == budgets[0]


@pytest.mark.parametrize("budget", [0, 10, 1_000])
def test_no_funder_is_overdrawn_and_no_grant_is_negative(budget):
    rows = [*ROWS[:2], {**ROWS[2], "annual_budget": budget}]
    season = {"start": "01-01", "end": "12-31"}
    case = small(organisation=rows, partnership=[{**TIE, "grant": 100_000, "season": season}], weeks=130)
    run = start_run(case, SURE)
    assert run.money("ministry") >= 0.0
    play(run)
    assert all(eur >= 0.0 for _, eur in grants(run))
    assert min(run.money(name) for name in run.setting.ids) >= 0.0
    assert run.world.account.sum() == 0


def test_a_grant_needs_a_partnership_and_somebody_who_pays():
    for tie, rows in (
        ({**TIE, "state": "none", "grant": 50_000}, ROWS),
        ({**TIE, "grant": 50_000}, ROWS[:2]),
    ):
        with pytest.raises(InputError, match="grant"):
            small(organisation=rows, partnership=[tie], weeks=10)
    with pytest.raises(InputError, match="funds = true"):
        small(organisation=[{**ROWS[0], "pool": 10}, *ROWS[1:]], weeks=10)


def test_clause_kept_is_no_use_without_credit():
    """Uses alone count as uncredited only if the press release does not name the owner."""
    rows = [{"id": "ombud", "type": "ombud"}, {"id": "flagship", "type": "firm", "flagship": True}]
    idea = [{"id": "bundle", "owner": "ombud"}]
    plan = [
        {"when": 0, "verb": "offer_terms", "by": "ombud", "to": "flagship", "items": 8, "ask": 0.0},
        {"when": 1, "verb": "share_idea", "by": "ombud", "to": "flagship", "how": "list", "share": 1.0},
    ]
    tie = [{"members": ["ombud", "flagship"], "state": "contact"}]
    values = {"accept_base": 500.0, "own_use_value": 500.0}
    case = small(organisation=rows, partnership=tie, plan=plan, idea=idea, weeks=20)
    outcomes = simulate(case, 60, parameters=values, beyond_range=True).outcomes
    kept = outcomes["credited_impact_ombud"] > 0.0
    assert (outcomes["uncredited_uses"] == (~kept).astype(float)).all()
    assert 0 < kept.sum() < len(kept)


def test_a_firm_says_yes_more_often_to_whoever_needs_partners_badly():
    terms = []
    for need in (0.0, 1.0):
        rows = [{"id": "school", "type": "government", "need": need}, {"id": "maker", "type": "firm"}]
        ask = {"when": 0, "verb": "approach", "by": "school", "to": "maker"}
        run = play(start_run(small(organisation=rows, plan=[ask], weeks=2)), 1)
        (row,) = run.events(EventKind.APPROACH_ACCEPTED) + run.events(EventKind.APPROACH_REFUSED)
        terms.append(float(run.world.log_cause[row, 15]))
    assert terms == [0.0, 0.5]
