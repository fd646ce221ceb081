"""Who speaks about whom: sides, targets, what is held against critics, press on firms, the news of a survey."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_run import Run, parameters, play, simulate, small, start_run

from sim.engine.randomness import negative_binomial_count, poisson_count
from sim.errors import InputError
from sim.rules.criticism import aim
from sim.schedule import advance
from sim.vocabulary.topics import Voice

QUIET = {"rebuttal_rate": 0.0, "exit_base": -500.0, "conflict_base": -500.0, "accept_base": -500.0, "joint_level": 0.0}
CAMPAIGN = {"when": 3, "verb": "launch_campaign", "by": "ombud", "tone": 0.9, "weeks": 8}
ARENA = [
    {"id": "ombud", "type": "ombud"},
    {"id": "ngo", "type": "ngo"},
    {"id": "union", "type": "union"},
    {"id": "federation", "type": "federation"},
    {"id": "gov", "type": "government"},
    {"id": "firm", "type": "firm"},
    {"id": "flagship", "type": "firm", "flagship": True},
]
IDS = sorted(row["id"] for row in ARENA)


def arena(plan: list[dict[str, Any]], **keys: Any) -> Any:
    return small(**{"organisation": ARENA, "plan": plan, "weeks": 40, "topic": "work_equality", **keys})


def hits(campaign: dict[str, Any], *more: dict[str, Any], **keys: Any) -> dict[str, float]:
    """How far a campaign is about each, and about employers in general, in its first week."""
    run = play(start_run(arena([*more, {**CAMPAIGN, **campaign}], **keys), QUIET), 4)
    aim(run.world, int(run.world.tallies[0].campaigns) - 1, 3)
    found = dict(zip([*IDS, "employers"], run.world.hit.tolist(), strict=False))  # then by name, per federation
    return {name: round(hit, 6) for name, hit in found.items() if hit > 0.0}


# --- whom it is about -----------------------------------------------------------------------------------------------


def test_a_campaign_that_names_nobody_is_about_employers_and_the_exposed_on_the_other_side():
    assert hits({}) == {"employers": 1.0, "federation": 1.0, "gov": 0.2}
    assert hits({}, topic="violence") == {"gov": 0.2}  # no reproach against employers


def test_named_targets_alone_are_hit():
    """A named firm hits its federation by its share of all weight, here a flagship of 6 among 25."""
    assert hits({"targets": ["gov"]}) == {"gov": 1.0}
    assert hits({"targets": ["flagship"]}) == {"flagship": 1.0, "federation": 0.24}
    assert hits({"targets": ["firm", "flagship"]}) == {"firm": 1.0, "flagship": 1.0, "federation": 0.24}
    assert hits({"targets": ["employers"]}) == {"employers": 1.0, "federation": 1.0}
    assert hits({"targets": ["employers", "ngo"]}) == {"employers": 1.0, "federation": 1.0, "ngo": 1.0}


def test_a_federation_is_not_hit_for_a_firm_outside_it():
    outside = {"a": "federation", "b": "flagship", "member": False}
    assert hits({"targets": ["flagship"]}, dyad=[outside]) == {"flagship": 1.0}


def test_an_opponent_attacks_whoever_spoke_up_lately():
    talk = {"verb": "lobby", "by": "ngo"}
    demand = {"policy": {"demand": "a quota", "law_rate": 0.0}}
    attack = {"by": "federation"}
    assert hits(attack) == {}
    assert hits(attack, {**talk, "when": 0}, **demand) == {"ngo": 1.0}
    assert hits({**attack, "when": 3}, {**CAMPAIGN, "when": 1, "by": "union", "weeks": 1}) == {"union": 1.0}
    assert hits({**attack, "side": "for"}) == {"employers": 1.0, "gov": 0.2}  # one's own side is not hit: it speaks


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"targets": ["ombud"]}, "targets: found 'ombud', expected others than the senders"),
        ({"targets": ["ngo"], "cosenders": ["ngo"]}, "targets: found 'ngo', expected others than the senders"),
        ({"targets": ["nobody"]}, "targets: unknown organisation 'nobody', expected one of ombud, ngo"),
        ({"targets": ["gov"], "tone": 0.0}, "tone: found 0.0, expected a tone above 0: who praises criticises nobody"),
        ({"by": "gov"}, "side: found nothing, expected for or against: gov has no stance of its own"),
        ({"side": "both"}, "side: found 'both', expected one of for, against"),
    ],
)
def test_errors_about_sides_and_targets_are_one_line(keys: dict[str, Any], message: str):
    with pytest.raises(InputError) as caught:
        arena([{**CAMPAIGN, **keys}])
    assert str(caught.value).startswith("small: plan 1 (launch_campaign): " + message)


def test_a_storm_from_elsewhere_blames_somebody_or_nobody():
    storm = {"when": 3, "verb": "shock", "what": "foreign_storm", "size": 40, "weeks": 4}
    arena([{**storm, "tone": 0.0}])
    arena([{**storm, "tone": 0.5, "targets": ["employers"]}])
    for keys, message in (
        ({"tone": 0.5}, "targets: found nothing, expected whom it blames (organisations or employers), or a tone of 0"),
        ({"tone": 0.0, "targets": ["gov"]}, "tone: found 0.0, expected a tone above 0: without blame nobody is named"),
    ):
        with pytest.raises(InputError, match="shock"):
            arena([{**storm, **keys}])
        with pytest.raises(InputError) as caught:
            arena([{**storm, **keys}])
        assert message in str(caught.value)


def test_no_organisation_is_called_employers():
    with pytest.raises(InputError, match="the word stands for all employers"):
        small(organisation=[{"id": "employers", "type": "union"}])


# --- what is held against whom ---------------------------------------------------------------------------------------


def shares(run: Run, target: str) -> dict[str, float]:
    """Each critic's part of what is remembered about a target, both sides together; None is nobody known."""
    j, rows = run.setting.row(target), run.world.criticism_memory
    firm = run.organisation(target)
    column = rows[:, j] + (float(firm.exposure) if int(firm.firm) >= 0 else 0.0) * rows[:, -1]
    total = column.sum()
    found = {name: (column[2 * i] + column[2 * i + 1]) / total for i, name in enumerate(run.setting.ids)}
    return {**found, "": column[-1] / total}


def test_blame_is_shared_out_and_senders_share_equally():
    plan = [{**CAMPAIGN, "cosenders": ["ngo"]}, {**CAMPAIGN, "by": "union"}]
    run = play(start_run(arena(plan), QUIET), 6)
    part = shares(run, "federation")
    assert sum(part.values()) == pytest.approx(1.0, rel=1e-12)
    assert part["ombud"] == pytest.approx(part["ngo"], rel=1e-12)
    assert part["union"] > 0.2
    assert part["gov"] == part["federation"] == part[""] == 0.0


def test_what_is_held_against_a_critic_by_hand():
    """Heat x min(1, own part + third x what others of like mind said); a partner of an NGO's critic bears a little."""
    run = play(start_run(arena([{**CAMPAIGN, "by": "ngo"}]), QUIET), 5)
    j = run.setting.row("federation")
    heat = float(run.organisation("federation").heat)
    held = dict(zip(run.setting.ids, run.world.held[j].tolist(), strict=True))
    assert held["ngo"] == pytest.approx(heat)
    assert held["ombud"] == pytest.approx(heat * 0.15)
    assert held["union"] == pytest.approx(heat * 0.15 * 0.8)  # stance 0.6: a little less like the NGO
    assert held["gov"] == pytest.approx(heat * 0.15 * 0.5)
    flank = dict(zip(run.setting.ids, run.world.flank[j].tolist(), strict=True))
    assert flank["ombud"] == flank["union"] == pytest.approx(float(run.organisation("federation").heat_memory))
    assert flank["ngo"] == flank["gov"] == 0.0


ACTS = st.fixed_dictionaries(
    {
        "when": st.integers(0, 12),
        "by": st.sampled_from(["ombud", "ngo", "union", "federation", "flagship"]),
        "tone": st.floats(0.1, 1.0),
        "weeks": st.integers(1, 9),
        "intensity": st.floats(0.1, 3.0),
    },
    optional={
        "side": st.sampled_from(["for", "against"]),
        "targets": st.lists(st.sampled_from(["gov", "firm", "employers"]), min_size=1, max_size=3, unique=True),
    },
)


@settings(max_examples=25, deadline=None)
@given(st.lists(ACTS, min_size=1, max_size=5), st.integers(0, 10_000))
def test_criticism_keeps_its_books_in_every_week_of_any_plan(acts: list[dict[str, Any]], seed: int):
    """H between 0 and heat; together at most heat (1 + third n); memory never below 0; critical part within it."""
    plan = [{"verb": "launch_campaign", **act} for act in acts]
    run = start_run(arena(plan), {"exit_base": -500.0, "conflict_base": -500.0}, seed=seed)
    w, n = run.world, len(ARENA)
    for week in range(25):
        advance(w, week)
        heat = w.organisation.heat
        assert ((heat >= 0.0) & (heat < 1.0)).all()
        assert (w.held >= 0.0).all()
        assert (w.held <= heat[:, None] + 1e-12).all()
        assert (w.held.sum(axis=1) <= heat * (1.0 + 0.15 * n) + 1e-12).all()
        assert (w.criticism_memory >= 0.0).all()
        assert (w.voice.critical_memory <= w.voice.memory + 1e-12).all()
        assert np.diag(w.held).max() == 0.0
        assert 0.0 <= w.media[0].relief <= 1.0
        assert 0.0 <= w.media[0].firm_press <= 0.05
        # what is said about employers and by name, once over all critics, is no more than the critical items
        assert w.criticism[:, -1].sum() <= w.media[0].tone * w.media[0].coverage + 1e-9


@pytest.mark.parametrize("changed", ["tone", "targets", "exposure", "against"])
def test_who_is_not_spoken_about_feels_nothing(changed: str):
    """Tone 0, somebody else named, no exposure, nobody to attack: trust and grievance as without any campaign."""
    campaign = dict(CAMPAIGN)
    rows = [dict(row) for row in ARENA]
    if changed == "tone":
        campaign["tone"] = 0.0
    elif changed == "targets":
        campaign["targets"] = ["gov"]
    elif changed == "exposure":
        rows = [{**row, "exposure": 0.0} for row in rows]
    else:
        campaign.update(by="ngo", side="against")
    loud = play(start_run(arena([campaign], organisation=rows), {"credibility_return": 0.0}))
    still = play(start_run(arena([], organisation=rows), {"credibility_return": 0.0}))
    assert loud.world.media[0].peak_coverage > still.world.media[0].peak_coverage
    j = loud.setting.row("federation")
    assert loud.organisation("federation").peak_heat == 0.0
    assert (loud.world.held[j] == 0.0).all()
    for name in ("trust", "anchor", "grievance"):
        assert getattr(loud.relation("federation", "ombud"), name) == getattr(
            still.relation("federation", "ombud"), name
        )


def test_counter_coverage_heats_nobody_but_its_targets():
    base = [{**CAMPAIGN, "weeks": 12}]
    attack = {**CAMPAIGN, "when": 5, "by": "federation", "targets": ["ngo"], "weeks": 10, "intensity": 3.0}
    for replicate in range(5):
        calm = start_run(arena(base), QUIET, replicate=replicate)
        stormy = start_run(arena([*base, attack]), QUIET, replicate=replicate)
        for week in range(40):
            advance(calm.world, week)
            advance(stormy.world, week)
            for name in IDS:
                if name != "ngo":
                    assert stormy.organisation(name).heat == pytest.approx(calm.organisation(name).heat, abs=1e-9)
        assert stormy.organisation("ngo").peak_heat > 0.2


def test_a_third_party_is_welcome_while_others_criticise():
    """The ombud asks in the third week of a campaign: of an NGO, or of its own; nobody's campaign lies between."""
    ask = {"when": 6, "verb": "approach", "by": "ombud", "to": "federation"}
    yes = {}
    for critic in ("nobody", "ngo", "ombud"):
        plan = [ask] if critic == "nobody" else [{**CAMPAIGN, "by": critic}, ask]
        yes[critic] = simulate(arena(plan, weeks=8), 300, seed=5).outcomes["partnerships_formed"].mean()
    assert yes["ngo"] > yes["nobody"] + 0.02
    assert yes["ombud"] < yes["nobody"] - 0.2


# --- signs: in every world -------------------------------------------------------------------------------------------


def paired(plan: list[dict[str, Any]], act: dict[str, Any], replicate: int, **keys: Any) -> tuple[Run, Run]:
    held = {**QUIET, "credibility_return": 0.0}
    one, other = (start_run(arena(p, **keys), held, replicate=replicate) for p in (plan, [*plan, act]))
    return one, other


@pytest.mark.parametrize(
    "act",
    [
        {**CAMPAIGN, "by": "federation", "audience": ["employers", "politicians"], "weeks": 30, "intensity": 3.0},
        {**CAMPAIGN, "by": "union", "side": "against", "targets": ["employers"], "weeks": 30},
        {"when": 3, "verb": "publish_survey", "by": "federation", "n": 2000, "cost": 0},
    ],
    ids=("campaign", "about employers", "survey"),
)
def test_speaking_against_never_raises_what_advocates_reach(act: dict[str, Any]):
    """Coverage for, press on firms and adopters are never more than without it."""
    base = [{**CAMPAIGN, "weeks": 20}]
    for replicate in range(8):
        calm, opposed = paired(base, act, replicate)
        for week in range(40):
            advance(calm.world, week)
            advance(opposed.world, week)
            a, b = calm.world, opposed.world
            assert b.voice[int(Voice.FOR)].coverage == a.voice[int(Voice.FOR)].coverage
            assert b.media[0].firm_press <= a.media[0].firm_press
            assert (b.organisation.named_press <= a.organisation.named_press).all()
            assert b.tallies[0].adopters <= a.tallies[0].adopters


def test_a_storm_elsewhere_moves_nothing_while_nobody_campaigns():
    storm = {"when": 3, "verb": "shock", "what": "foreign_storm", "size": 60, "tone": 0.0, "weeks": 8}
    keys = {"policy": {"demand": "a quota", "law_rate": 0.0}, "weeks": 200}
    for replicate in range(4):
        calm, stormy = (play(run) for run in paired([], storm, replicate, **keys))
        assert stormy.world.media[0].peak_coverage > 40
        assert stormy.world.firm.tobytes() == calm.world.firm.tobytes()
        assert stormy.world.demand[0].stage == calm.world.demand[0].stage


def test_a_storm_elsewhere_leaves_less_room_for_the_news_of_a_campaign():
    storm = {"when": 1, "verb": "shock", "what": "foreign_storm", "size": 60, "tone": 0.0, "weeks": 8}
    calm, stormy = (play(run, 5) for run in paired([CAMPAIGN], storm, 0))
    ratio = stormy.world.voice[1].stimulus / calm.world.voice[1].stimulus
    assert 0.2 < ratio < 0.7


# --- press on firms ---------------------------------------------------------------------------------------------------


def test_press_by_hand():
    """A named firm feels all, others one twentieth; opponents take off their share of the coverage."""
    plan = [
        {**CAMPAIGN, "targets": ["flagship"]},
        {**CAMPAIGN, "by": "ngo", "targets": ["employers"]},
        {**CAMPAIGN, "by": "federation", "targets": ["union"]},
    ]
    run = play(start_run(arena(plan), QUIET), 5)
    w = run.world
    loud, opposed = float(w.voice[1].coverage), float(w.voice[2].coverage)
    relief = loud / (loud + opposed)
    crowd, named = (float(w.criticism[0::2, column][:-1].sum()) for column in (len(IDS), run.setting.row("flagship")))
    assert w.media[0].relief == pytest.approx(relief)
    assert w.media[0].firm_press == pytest.approx(relief * 0.05 * crowd / (crowd + 40))
    press = relief * 0.95 * named / (named + 40)
    assert run.organisation("flagship").named_press == pytest.approx(press)
    assert run.organisation("firm").named_press == 0.0
    assert min(crowd, named, opposed) > 1.0
    alone = play(start_run(arena(plan[:1]), QUIET), 5)
    assert alone.world.media[0].relief == 1.0


def test_naming_a_firm_makes_it_act():
    """In 26 weeks about a fifth of the firms that a campaign names act that would not have; others hardly do."""
    rows = [{"id": "ombud", "type": "ombud"}, *({"id": f"f{k}", "type": "firm"} for k in range(20))]
    campaign = {**CAMPAIGN, "when": 0}
    shares = {}
    for name, plan in (
        ("nobody", []),
        ("all", [campaign]),
        ("named", [{**campaign, "targets": [f"f{k}" for k in range(20)]}]),
    ):
        case = small(organisation=rows, plan=plan, weeks=26, topic="work_equality", firms={"number": 20})
        shares[name] = simulate(case, 100, seed=2).outcomes["adopters"].mean() / 20
    assert 0.1 < shares["named"] - shares["nobody"] < 0.35
    assert 0.0 < shares["all"] - shares["nobody"] < 0.03


# --- news -----------------------------------------------------------------------------------------------------------


def test_an_even_press_counts_as_poisson():
    """The limit of a large dispersion; and counts rise with their mean at a fixed uniform."""
    for u in np.linspace(0.001, 0.999, 97):
        for mean in (0.3, 4.0, 60.0, 900.0):
            assert negative_binomial_count(mean, 1e9, u) == poisson_count(mean, u)
            assert negative_binomial_count(mean, 3.0, u) <= negative_binomial_count(1.01 * mean, 3.0, u)


def test_the_moody_press_has_its_mean_and_variance():
    u = (np.arange(20_000) + 0.5) / 20_000
    for mean in (0.5, 6.0, 90.0):
        counts = np.array([negative_binomial_count(mean, 3.0, x) for x in u])
        assert counts.mean() == pytest.approx(mean, rel=0.01)
        assert counts.var() == pytest.approx(mean + mean * mean / 3.0, rel=0.03)


def test_a_survey_is_news_of_its_own_and_blames_nobody():
    survey = {"when": 3, "verb": "publish_survey", "by": "ombud", "n": 2000, "cost": 0}
    again = {**survey, "when": 5}
    run = start_run(arena([survey, again]), QUIET)
    items = []
    for week in range(9):
        advance(run.world, week)
        items.append(float(run.world.voice[1].stimulus))
    q = 2000 / 2500
    news = 3.0 * 9.0 * 0.5 * q
    stale = 2.0 ** (-2 / 13)
    assert items == pytest.approx([0, 0, 0, news, news, news * (1 - stale), news * (1 - stale), 0, 0])
    assert run.organisation("federation").peak_heat == 0.0
    grave = start_run(arena([{**survey, "severity": 0.5}]), QUIET)
    play(grave, 4)
    assert grave.world.voice[1].stimulus == pytest.approx(news / 2)


def test_the_news_of_a_launch_grows_stale():
    """A second launch of the same sender in the same quarter is hardly news; somebody else's is."""
    second = {**CAMPAIGN, "when": 7, "weeks": 3}
    found = {}
    for by in ("ombud", "ngo"):
        run = play(start_run(arena([{**CAMPAIGN, "weeks": 2}, {**second, "by": by}]), QUIET), 8)
        found[by] = float(run.world.campaign[1].novelty)
    assert found["ngo"] == 1.0
    assert found["ombud"] == pytest.approx(1.0 - 2.0 ** (-4 / 13))


def test_stimulus_by_hand():
    p = parameters()
    run = play(start_run(arena([{**CAMPAIGN, "stunt": 0.5}], topic="none"), QUIET), 4)
    voice = 2.0 / (2.0 + 0.5) / (1.0 / 1.5)
    expected = p.stimulus * p.launch_factor * voice * 1.45  # the ombud has 0.6 with the public
    assert run.world.campaign[0].stimulus == pytest.approx(expected, rel=1e-12)


def test_public_observables_of_advocacy():
    """What conditions may read: who is criticised, by whom, who lobbied, how much is heard for and against."""
    names = ["criticised(federation)", "criticised_by(federation, ngo)", "criticised_by(federation, ombud)",
             "lobbied(ngo)", "coverage_for > 10", "coverage_against > 0", "criticised(ombud)"]  # fmt: skip
    marks = [
        {"when": name, "verb": "promise", "by": "ombud", "to": "ngo", "what": f"m{k}", "due": 35}
        for k, name in enumerate(names)
    ]
    demand = {"policy": {"demand": "a quota", "law_rate": 0.0}}
    plan = [*marks, {**CAMPAIGN, "by": "ngo"}, {"when": 2, "verb": "lobby", "by": "ngo"}]
    run = play(start_run(arena(plan, **demand), {"exit_base": -500.0, "conflict_base": -500.0}))
    due = {k: int(run.world.action_state[k].fired) for k in range(len(names))}
    assert due == {0: 1, 1: 1, 2: 0, 3: 1, 4: 1, 5: 0, 6: 0}
    assert math.isfinite(run.world.media[0].peak_coverage)
