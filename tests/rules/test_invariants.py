"""What must hold in every week of every world, whatever the plan: tried with random plans over all verbs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from one_run import Run, play, small, start_run

from sim.rules.leaving import COOLING_WEEKS
from sim.rules.understanding import understanding
from sim.scenarios import VERBS, Scenario, scenario
from sim.schedule import advance
from sim.vocabulary.partnerships import CONTRACT_ITEMS, STRUCTURE_ITEMS, State
from sim.vocabulary.topics import Intervention, Level, Place
from sim.vocabulary.uptake import Uptake

FIRMS = 30
ORGANISATIONS = ("ombud", "federation", "flagship", "ngo", "union", "government", "storyteller")
PARTNERS = [("ombud", "federation"), ("ombud", "flagship"), ("ombud", "union"), ("ombud", "ngo"), ("ngo", "federation")]

# End of one week -> end of the next; a pair may form and break, or return and leave again, within a week.
ALLOWED = {
    State.NONE: {State.NONE, State.CONTACT, State.INFORMAL, State.COOLING, State.ENDED},
    State.CONTACT: {State.CONTACT, State.INFORMAL, State.FORMAL, State.COOLING, State.ENDED},
    State.INFORMAL: {State.CONTACT, State.INFORMAL, State.FORMAL, State.COOLING, State.ENDED},
    State.FORMAL: {State.CONTACT, State.FORMAL, State.COOLING, State.ENDED},
    State.COOLING: {State.COOLING, State.INFORMAL, State.CONTACT, State.ENDED},
    State.ENDED: {State.ENDED},
}


# --- random plans -------------------------------------------------------------------------------------------------

weeks_of_plan = st.integers(0, 70)
shares = st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])
pairs = st.sampled_from(PARTNERS) | st.permutations(ORGANISATIONS).map(lambda ids: (ids[0], ids[1]))
somebody = st.sampled_from(ORGANISATIONS)
few = st.lists(somebody, max_size=2, unique=True)
whats = st.sampled_from(["film", "report"])
conditions = st.sampled_from(
    [
        "coverage > 6 and not exited(federation)",
        "state(ombud, flagship) == 'contact'",
        "partnered(ombud, federation)",
        "exited(ombud, federation) and weeks_since_exit(ombud, federation) >= 14",
        "storm or weeks_since_campaign(ombud) == 3",
        "uncredited_public(flagship)",
        "decision(ombud, flagship) != 'none'",
        "public_adopters >= 3 or promise_due(ombud, union)",
        "hours_left(ombud) < 100 or money(ngo) > 1000",
        "policy != 'none'",
    ]
)


def _keys(**arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=arguments)


def _between(second: str, **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments of a verb by one organisation towards another."""
    return st.tuples(pairs, _keys(**arguments)).map(lambda x: {"by": x[0][0], second: x[0][1], **x[1]})


def _inside(actor: str = "by", **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments of a verb by a member of a partnership."""
    return st.tuples(pairs, st.booleans(), _keys(**arguments)).map(
        lambda x: {actor: x[0][x[1]], "partnership": list(x[0]), **x[2]}
    )


def _alone(actor: str = "by", **arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(somebody, _keys(**arguments)).map(lambda x: {actor: x[0], **x[1]})


items = st.integers(0, len(CONTRACT_ITEMS))
structure = st.integers(0, len(STRUCTURE_ITEMS))
budgets = st.sampled_from([0.0, 500.0, 5_000.0, 33_333.33])
campaign = {
    "tone": shares, "intensity": st.sampled_from([0.0, 0.3, 1.0, 3.0]), "weeks": st.integers(1, 20), "budget": budgets,
}  # fmt: skip
rules = st.sampled_from(
    [
        {"key": "re_int", "value": 8}, {"key": "re_int", "value": "never"}, {"key": "deference", "value": "alternate"},
        {"key": "expectation", "value": "adaptive"}, {"key": "expectation", "value": "high"},
        {"key": "disclosure_before", "value": 0.5}, {"key": "disclosure_after", "value": 0.2},
        {"key": "visibility", "value": "firm"}, {"key": "visibility", "value": "shadow"},
        {"key": "joint_level", "value": 1.0}, {"key": "joint_level", "value": 0.0},
        {"key": "meeting_share", "value": 0.8}, {"key": "gives_time", "value": True},
        {"key": "apply_yearly", "value": True},
    ]
)  # fmt: skip
shocks = st.one_of(
    somebody.map(lambda org: {"what": "champion_leaves", "org": org}),
    pairs.map(lambda pair: {"what": "director_absent", "dyad": list(pair)}),
    st.builds(
        lambda t, n: {
            "what": "foreign_storm",
            "size": 30,
            "tone": t,
            "weeks": n,
            "targets": ["employers"] if t else [],
        },
        shares,
        st.integers(1, 9),
    ),
    st.just({"what": "policy_change", "rate": 0.3}),
    st.builds(lambda org, share: {"what": "budget_cut", "org": org, "share": share}, somebody, shares),
    st.builds(lambda org, s: {"what": "capacity_cut", "org": org, "share": s, "weeks": 5}, somebody, shares),
    st.integers(1, FIRMS).map(lambda firm: {"what": "go_public_firm", "firm": firm}),
)

sides = st.sampled_from(["for", "against"])


def _sent(by: str, campaign: dict[str, Any]) -> dict[str, Any]:
    """A campaign by somebody, that criticises nobody who sends it, and with a side where somebody has no stance."""
    cosenders = [name for name in campaign.get("cosenders", []) if name != by]
    targets = [name for name in campaign.get("targets", []) if name not in (by, *cosenders)]
    if campaign.get("tone", 0.5) == 0.0:
        targets = []
    side = "against" if "employers" in targets else "for"
    return {**campaign, "by": by, "cosenders": cosenders, "targets": targets, "side": side}


ARGUMENTS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "approach": _between(
        "to",
        ask=shares,
        tone=st.sampled_from(["positive", "critical"]),
        visibility=st.sampled_from(["public", "shadow"]),
        purpose=st.sampled_from(["meeting", "partnership"]),
    ),
    "offer_terms": _between(
        "to",
        menu=st.sampled_from([["public"], ["shadow"], ["public", "shadow"]]),
        model=st.sampled_from(["add_on", "integrated"]),
        items=items,
        structure=structure,
        deference=st.sampled_from(["lead", "alternate", "never", "expertise"]),
    ),
    "sign": st.tuples(pairs, _keys(items=items, structure=structure)).map(lambda x: {"members": list(x[0]), **x[1]}),
    "share_idea": st.tuples(pairs, st.sampled_from(["list", "teaser", "guide"])).map(
        lambda x: {"by": x[0][0], "to": x[0][1], "how": x[1]}
    ),
    "hold_workshop": _between("with"),
    "publish_survey": _alone(method=shares, cost=budgets, severity=shares).map(
        lambda x: {"n": 1_500, "side": "for", **x}
    ),
    "publish_guide": _between("with", cost=budgets) | _alone(cost=budgets),
    "run_training": _alone(channel=few, seats=st.integers(1, 300)),
    "inform": _alone(weeks=st.integers(1, 9)),
    "launch_campaign": st.tuples(
        somebody,
        _keys(
            cosenders=few,
            stunt=shares,
            audience=st.just(["employers", "public"]),
            format=st.just({"video": 0.5}),
            exposures=st.just([1_000.0]),
            topic=st.sampled_from(["work_equality", "violence", "gender_general"]),
            targets=st.lists(somebody | st.just("employers"), max_size=2, unique=True),
            **campaign,
        ),
    ).map(lambda x: _sent(x[0], x[1])),
    "adjust_campaign": st.tuples(somebody, _keys(**campaign)).map(lambda x: {"by": x[0], "tone": 0.3, **x[1]}),
    "stop_campaign": _alone(),
    "recruit_messenger": _between("who"),
    "go_public": _inside(),
    "go_shadow": _inside(),
    "credit": _between("about"),
    "claim_credit": _between("about"),
    "defer": _between("with", topic=st.sampled_from(["words", "pictures", "channel"])),
    "insist": _between("with", topic=st.sampled_from(["words", "pictures", "channel"])),
    "promise": st.tuples(pairs, whats, st.integers(72, 110), shares).map(
        lambda x: {"by": x[0][0], "to": x[0][1], "what": x[1], "due": x[2], "weight": x[3]}
    ),
    "deliver": st.tuples(pairs, whats).map(lambda x: {"by": x[0][0], "to": x[0][1], "what": x[1]}),
    "apologise": _between("to"),
    "pause": st.tuples(pairs, st.integers(1, 30)).map(lambda x: {"by": x[0][0], "to": x[0][1], "weeks": x[1]}),
    "reapproach": _between("to"),
    "exit": _inside(final=st.booleans()),
    "set_strategy": st.tuples(somebody, rules).map(lambda x: {"by": x[0], **x[1]}),
    "apply_funding": _alone().map(lambda x: {**x, "amount": 20_000.0}),
    "lobby": st.tuples(somebody, sides).map(lambda x: {"by": x[0], "side": x[1]}),
    "appoint_champion": _alone("org"),
    "set_focal_point": _inside("org"),
    "celebrate": _inside(),
    "shock": shocks,
    "explain_role": _between("to"),
    "warn": st.tuples(somebody, st.booleans()).map(
        lambda x: {"by": "ngo", "to": x[0] if x[0] != "ngo" else "ombud", "campaign": "loud", "show_text": x[1]}
    ),
    "suspend": _inside(weeks=st.just(9)).map(lambda x: {"weeks": 9, **x}),
}

DEMAND = {"demand": "a quota", "law_rate": 0.1}
repeats = st.just({}) | st.builds(
    lambda n, m: {"repeat_every": n, "max_times": m}, st.integers(1, 9), st.integers(1, 12)
)


def _actions(verb: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(
        st.builds(
            lambda when, arguments, again: {"when": when, "verb": verb, **arguments, **again},
            weeks_of_plan | conditions,
            ARGUMENTS[verb],
            repeats,
        ),
        max_size=3,
    )


# A start that gives random plans something to act on; without it most verbs would be refused.
PROLOGUE = [
    {"when": 0, "verb": "approach", "by": "ombud", "to": "federation", "repeat_every": 3, "max_times": 9, "hours": 1},
    {"when": 0, "verb": "approach", "by": "ombud", "to": "flagship", "purpose": "meeting", "hours": 1,
     "repeat_every": 2, "max_times": 9},
    {"when": 1, "verb": "recruit_messenger", "by": "ombud", "who": "storyteller", "cost": 10},
    {"when": 4, "verb": "launch_campaign", "by": "ombud", "tone": 0.9, "messenger": "storyteller", "budget": 9_000},
    {"when": 5, "verb": "promise", "by": "ombud", "to": "union", "what": "film", "due": 90, "hours": 0},
    {"when": "state(ombud, flagship) == 'contact'", "verb": "share_idea", "by": "ombud", "to": "flagship",
     "how": "list", "hours": 1},
]  # fmt: skip

LOUD = {
    "when": 40,
    "verb": "launch_campaign",
    "by": "ngo",
    "tone": 0.8,
    "label": "loud",
    "repeat_every": 20,
    "max_times": 2,
}

plans = st.builds(
    lambda prologue, parts: [*prologue, LOUD, *(action for verb in sorted(parts) for action in parts[verb])],
    st.sampled_from([PROLOGUE, []]),
    st.fixed_dictionaries({verb: _actions(verb) for verb in ARGUMENTS}),
)

# Boards of tasks: none, all cells with all organisations, a few cells that ask for more hours than there are.
BOARDS: list[list[dict[str, Any]]] = [
    [],
    [
        {"intervention": i, "place": place, "level": level, "who": list(ORGANISATIONS), "hours": 1.5}
        for i in Intervention.words() for place in Place.words() for level in Level.words()
    ],
    [
        {"intervention": "monitoring", "place": place, "level": "policy", "who": ["ombud", "federation"], "hours": 40}
        for place in Place.words()
    ],
]  # fmt: skip

# Worlds in which much happens: people say yes, or leave; firms adopt; ideas leak; other theories hold.
SETTINGS: list[dict[str, float]] = [
    {},
    {"accept_base": 3.0, "base_rate": 0.3, "leak_rate": 0.01, "quiet_use_found": 1.0},
    {"accept_base": 3.0, "exit_base": -5.0, "return_grievance": 0.9, "conflict_base": -3.0},
    {"complex_contagion": 1.0, "start_spread": 1.0, "manager_rate": 1.0, "accept_base": 1.0},
    {"trust_gain": 0.05, "disagreement_rate": 4.0, "joint_level": 1.0, "own_use_value": 2.0, "accept_base": 2.0},
    {"champion_leaving_rate": 3.0, "champion_replaced": 1.0, "press_rate": 2.0},
    {"stage_rate": 9.0, "accept_base": 2.0},
]

# --- what is checked every week -----------------------------------------------------------------------------------


def _in_unit(**values: Any) -> None:
    for name, found in values.items():
        assert np.all((np.asarray(found) >= 0.0) & (np.asarray(found) <= 1.0)), name


def _check_ranges(run: Run) -> None:
    w = run.world
    media, demand = w.media[0], w.demand[0]
    tallies = w.tallies[0]
    real = w.relation[w.relation.exists == 1]
    _in_unit(
        trust=real.trust, anchor=real.anchor, grievance=real.grievance, value=real.value, expectation=real.expectation,
        distance=w.partnership.distance, structure=w.partnership.structure, contract=w.partnership.contract,
        joint=w.partnership.joint,
        credibility=w.credibility, evidence=w.organisation.evidence, top=w.organisation.top, heat=w.organisation.heat,
        role=real.role, complaint=w.organisation.complaint, own=w.own, held=w.held, flank=w.flank,
        told=w.decision.told, relief=media.relief, press=media.firm_press,
        attention=media.attention, tone=media.tone, pressure=demand.pressure_for, depth=w.firm.depth,
        counter_pressure=demand.pressure_against, staleness=w.organisation.staleness,
        quality=w.firm.quality,
    )  # fmt: skip
    assert np.all(w.partnership.distance_floor <= w.partnership.distance + 1e-15)
    assert tallies.clips == 0
    assert (w.voice.branching < 1.0).all()
    assert (w.voice.critical_memory <= w.voice.memory + 1e-12).all()
    assert media.coverage >= 0.0
    assert media.coverage == int(media.coverage)
    assert np.all(np.isfinite(w.organisation.hours_total))


def _check_ledgers(run: Run, shocked: bool) -> None:
    w = run.world
    assert int(w.account.sum()) == 0
    assert np.all(w.account[: len(w.organisation)] >= 0)
    who = w.organisation
    assert np.all(who.hours_used >= 0.0)
    if not shocked:  # a cut of capacity cannot take back hours that were already spent
        assert np.all(who.hours_used <= who.capacity_now + 1e-9)
    running = w.campaign[: w.tallies[0].campaigns]
    assert np.all(running.visitors <= running.exposures)
    assert np.all(running.page_views >= running.visitors)
    assert np.all(running.paid <= running.budget)
    tallies = w.tallies[0]
    assert tallies.visitors <= tallies.reach
    assert tallies.page_views >= tallies.visitors


def _check_adoption(run: Run, before: dict[str, Any]) -> None:
    w = run.world
    tallies = w.tallies[0]
    firm = w.firm
    used = firm.uptake > Uptake.NONE
    fallen = firm.uptake < before["uptake"]
    assert np.all(firm.uptake[fallen] == Uptake.NONE)
    assert np.all(firm.organisation[fallen] < 0)  # named firms decide otherwise
    assert int(fallen.sum()) <= tallies.gave_up
    assert np.all((firm.names & before["names"])[~fallen] == before["names"][~fallen])
    assert sorted(w.adopter[: tallies.adopted]) == sorted(np.flatnonzero(used & (firm.organisation < 0)))
    assert np.all(firm.names < 2 ** len(w.organisation))
    assert np.all(firm.names[firm.uptake <= Uptake.QUIET] == 0)
    assert np.all(firm.names[firm.uptake == Uptake.PUBLIC_CREDITED] != 0)
    assert np.all(w.lineage >= 0.0)
    assert np.all(w.lineage[~used] == 0.0)
    whole = w.lineage[used].sum(axis=1, dtype=np.float64)
    np.testing.assert_allclose(whole, 1.0, atol=1e-5)

    weight = firm.weight.astype(float)
    public = firm.uptake >= Uptake.PUBLIC_UNCREDITED
    impact = (weight * firm.depth.astype(float) * firm.quality.astype(float))[used].sum()
    assert tallies.goal_impact == pytest.approx(impact, abs=1e-6)
    assert tallies.adopters == np.count_nonzero(used)
    assert tallies.public_adopters == np.count_nonzero(public)
    assert tallies.public_weight == pytest.approx(weight[public].sum(), abs=1e-9)
    assert tallies.total_weight == pytest.approx(weight.sum())
    column = 1
    for i, who in enumerate(w.organisation):
        named = used & ((firm.names >> i) & 1 == 1)
        assert who.credited == pytest.approx(weight[named].sum(), abs=1e-9)
        if who.firm < 0:
            assert who.causal == pytest.approx((weight * w.lineage[:, column])[used].sum(), abs=1e-6)
            column += 1
        else:  # what a firm uses of somebody's ideas it was told
            own = firm[who.firm]
            assert own.route != 5 or w.decision.told[:, i].max() > 0.0
    assert np.all(w.decision.told >= before["told"])


def _check_partnerships(run: Run, before: dict[str, Any], week: int) -> None:
    w = run.world
    for k, tie in enumerate(w.partnership):
        was, state = State(int(before["state"][k])), State(int(tie.state))
        assert state in ALLOWED[was], (was, state)
        assert tie.returns <= tie.exits
        if was == State.COOLING and (state == State.INFORMAL or tie.exits > before["exits"][k]):
            assert tie.returns == before["returns"][k] + 1
            assert week - before["exit_week"][k] >= COOLING_WEEKS
        if state == State.COOLING and was != State.COOLING:
            assert tie.exits == before["exits"][k] + 1
            assert tie.contract == 0.0
        if state == State.CONTACT and was in (State.INFORMAL, State.FORMAL):  # a lapse, or the end of a term
            assert tie.lapses + tie.planned_ends == before["calm"][k] + 1
            assert tie.contract == tie.term == 0
        assert tie.lapses <= tie.exits
        assert tie.joint == 0.0 or tie.spell > 0
    tallies = w.tallies[0]
    assert tallies.returns == w.partnership.returns.sum()
    assert tallies.exits == w.partnership.exits.sum()
    assert tallies.lapses == w.partnership.lapses.sum()
    assert tallies.planned_ends == w.partnership.planned_ends.sum()
    assert tallies.angry_exits + tallies.lapses <= tallies.exits
    assert (w.leaving >= 0.0).all()
    exists = w.relation[w.relation.exists == 1]
    assert (exists.warned <= run.setting.parameters["show_effect"] + 1e-12).all()
    n = len(w.organisation)
    for i, j in zip(*np.nonzero(w.relation.exists.reshape(n, n)), strict=True):
        assert 0.0 <= understanding(w, int(i), int(j)) <= 1.0
    assert ((w.member == before["member"]) | (w.member == -1)).all()  # who left a federation stays out
    assert tallies.returns <= tallies.exits


def _check_politics(run: Run, before: dict[str, Any]) -> None:
    """The demand goes forward only, one stage a week at most, and only a decision changes what firms do."""
    w = run.world
    demand = w.demand[0]
    assert before["policy_stage"] <= demand.stage <= min(4, before["policy_stage"] + 1)
    assert demand.hazard >= 0.0
    for cell in w.task:
        assert 0.0 <= cell.result <= 2.0**5  # nobody brings more than all of an input
        assert cell.result == 0.0 or cell.workers != 0


def _check_awareness(run: Run) -> None:
    """Shares are shares; who knows was taught by somebody; what is passed on is bounded."""
    w = run.world
    for shares in (w.audience.aware, w.audience.reached, w.audience.missed, w.taught):
        assert np.all((shares >= 0.0) & (shares <= 1.0))
    np.testing.assert_allclose(w.taught.sum(axis=0), w.audience.aware, atol=1e-12)
    assert np.all(w.audience.aware <= w.audience.reached + 1e-12)
    for name in ("carries", "passed_on", "member_weight"):
        assert np.all((w.organisation[name] >= 0.0) & (w.organisation[name] <= 1.0))
    assert np.all((w.visibility >= 0.0) & (w.visibility <= 1.0 + 1e-12))
    assert 0.0 <= w.tallies[0].trained_share <= 1.0
    assert w.tallies[0].trained == pytest.approx(w.organisation.trained.sum())


def _check_room(run: Run) -> None:
    """Nothing was dropped for want of room in a list."""
    w = run.world
    tallies = w.tallies[0]
    for name, count in (
        ("spell", tallies.spells), ("request", tallies.requests), ("effect", tallies.effects),
        ("campaign", tallies.campaigns),
    ):  # fmt: skip
        assert count <= len(getattr(w, name)), name


def _remember(run: Run) -> dict[str, Any]:
    w = run.world
    return {
        "uptake": w.firm.uptake.copy(), "names": w.firm.names.copy(), "told": w.decision.told.copy(),
        "state": w.partnership.state.copy(), "exits": w.partnership.exits.copy(),
        "calm": (w.partnership.lapses + w.partnership.planned_ends).copy(), "member": w.member.copy(),
        "returns": w.partnership.returns.copy(), "exit_week": w.partnership.exit_week.copy(),
        "policy_stage": int(w.demand[0].stage),
    }  # fmt: skip


def _world_of(plan: list[dict[str, Any]], weeks: int, board: list[dict[str, Any]] | None = None) -> Scenario:
    base = scenario("public-partnership").replace(
        plan=[], weeks=weeks, firms={"number": FIRMS}, task=board or [], policy=DEMAND
    )
    return base.with_actions(plan)


def _cuts(case: Scenario) -> bool:
    return any(getattr(action, "what", None) == "capacity_cut" for action in case.plan)


@settings(deadline=None, derandomize=True, max_examples=120, suppress_health_check=list(HealthCheck))
@given(
    plan=plans,
    values=st.sampled_from(SETTINGS),
    weeks=st.integers(60, 120),
    seed=st.integers(0, 2**32 - 1),
    board=st.sampled_from(BOARDS),
)
def test_invariants_hold_in_every_week_of_any_plan(plan, values, weeks, seed, board):
    """Ranges, ledgers, hours, lineage, credit, life cycle, disclosure, totals: after each week of random plans."""
    case = _world_of(plan, weeks, board)
    note(f"seed {seed}, parameters {values}\n{case.to_toml()}")
    run = start_run(case, values, seed=seed)
    shocked = _cuts(case)
    for week in range(weeks):
        before = _remember(run)
        advance(run.world, week)
        _check_ranges(run)
        _check_ledgers(run, shocked)
        _check_adoption(run, before)
        _check_partnerships(run, before, week)
        _check_politics(run, before)
        _check_awareness(run)
        _check_room(run)


def test_random_plans_know_every_verb():
    """A new verb has to join the random plans."""
    assert set(ARGUMENTS) == set(VERBS)


@settings(deadline=None, derandomize=True, max_examples=25, suppress_health_check=list(HealthCheck))
@given(plan=plans, seed=st.integers(0, 1_000))
def test_any_plan_gives_the_same_world_twice(plan, seed):
    """Same seed and plan, same bytes: also in a world that another replicate used before."""
    case = _world_of(plan, 50)
    first = play(start_run(case, seed=seed))
    state, firms = first.world.state.tobytes(), first.world.firm.tobytes()
    again = play(start_run(case, seed=seed))
    assert again.world.state.tobytes() == state
    assert again.world.firm.tobytes() == firms


def test_lineage_sums_to_one_when_two_send_a_campaign():
    """Every adopter's shares sum to 1, also where several organisations criticise together."""
    campaign = {"when": 0, "verb": "launch_campaign", "by": "ombud", "cosenders": ["ngo"], "tone": 0.9, "weeks": 40}
    run = play(
        start_run(
            small(("ombud", "ngo"), plan=[campaign], firms={"number": 60}), {"press_rate": 90.0, "crowd_share": 0.5}
        )
    )
    used = run.world.firm.uptake > 0
    assert used.sum() > 10
    np.testing.assert_allclose(run.world.lineage[used].sum(axis=1), 1.0, atol=1e-5)


def test_a_partnership_that_starts_cooling_has_been_left():
    """No return without an exit, also where the exit lies before the start."""
    case = small(("ombud", "union"), partnership=[{"members": ["ombud", "union"], "state": "cooling"}], weeks=60)
    run = play(start_run(case, {"self_return_rate": 1.0}))
    tie = run.partnership("ombud", "union")
    assert tie.returns == 1
    assert tie.returns <= tie.exits


def test_the_return_of_one_partner_does_not_end_the_spell_of_another():
    """Durations: the partnership that never broke is still observed at the horizon."""
    case = small(
        ("ngo", "ombud", "union"),
        partnership=[{"members": ["ngo", "ombud"]}, {"members": ["ombud", "union"], "state": "cooling"}],
        weeks=60,
    )
    run = play(start_run(case, {"self_return_rate": 1.0, "exit_base": -500.0, "conflict_base": -500.0}))
    assert run.partnership("ngo", "ombud").state == State.INFORMAL
    assert run.partnership("ombud", "union").returns == 1
    unbroken = [spell for spell in run.world.spell[: run.world.tallies[0].spells] if spell.kind == 0]
    assert [int(spell.end) for spell in unbroken] == [-1]


def test_de_adoption_keeps_the_totals_right():
    """With de-adoption on (off by default) the running totals still equal the sums over firms."""
    case = small(("ombud",), weeks=200, firms={"number": 100})
    run = play(start_run(case, {"de_adoption_rate": 0.5, "base_rate": 1.0}))
    firm = run.world.firm
    used = firm.uptake > 0
    tallies = run.world.tallies[0]
    assert 0 < used.sum() < np.count_nonzero(firm.week >= 0)
    assert tallies.adopters == used.sum()
    assert tallies.goal_impact == pytest.approx((firm.weight * firm.depth * firm.quality)[used].sum())
    assert run.organisation("ombud").causal == pytest.approx(run.world.lineage[used, 1].sum(), abs=1e-5)
    seen = np.zeros(100)
    shown = np.where(used, np.where(firm.uptake == Uptake.QUIET, 0.2, 1.0), 0.0)
    start, peer = run.world.peer_start, run.world.peer
    for f in range(100):
        seen[f] = shown[peer[start[f] : start[f + 1]]].mean()
    np.testing.assert_allclose(run.world.visibility, seen, atol=1e-9)
