"""Limiting cases with a known answer (checks V01 to V20): the engine against algebra."""

from __future__ import annotations

import math

import numpy as np
import pytest
from one_run import Run, parameters, play, restart, simulate, small, start_run
from scipy import optimize, stats

import sim.start.fill
from sim.engine.randomness import entity_key
from sim.rules.contagion import THRESHOLD_SD, contagion_threshold
from sim.rules.elements import production
from sim.rules.funding import next_grant
from sim.rules.ideas import APPROPRIATION_TRUST, believed_value, choose_among, utilities
from sim.rules.joint_work import closer
from sim.rules.life_cycle import return_limit
from sim.rules.media import branching_ratio
from sim.rules.reach import PAGES_PER_VISIT, expected_count
from sim.rules.trust import grieve, move_trust
from sim.scenarios import build, scenario
from sim.schedule import advance
from sim.vocabulary.events import EventKind
from sim.vocabulary.uptake import Route

ALONE, QUIET, NOTHING = 2, 3, 4
SILENT = {
    "manager_rate": 0.0, "staff_rate": 0.0, "press_rate": 0.0, "federation_rate": 0.0, "burden_spread": 0.0,
    "de_adoption_rate": 0.0,
}  # fmt: skip


# --- trust and grievance ------------------------------------------------------------------------------------------


def test_v01_trust_and_anchor_without_events_conserve_their_weighted_sum():
    """V01: rho0 T + rho T0 is conserved to 1e-12 and both end at the same weighted mean of their starts."""
    p = parameters()
    trust, anchor = 0.9, 0.2
    conserved = p.anchor_learning * trust + p.trust_return * anchor
    for _ in range(5_000):
        trust, anchor = move_trust(trust, anchor, 0.0, 0.0, p)
        assert abs(p.anchor_learning * trust + p.trust_return * anchor - conserved) < 1e-12
    limit = conserved / (p.anchor_learning + p.trust_return)
    assert trust == pytest.approx(limit, abs=1e-12)
    assert anchor == pytest.approx(limit, abs=1e-12)


def test_v01_holds_in_a_world_where_nothing_happens():
    """V01 on the engine: 200 quiet weeks without partnerships leave the sum of every dyad where it was."""
    case = small(("ombud", "federation", "union"), weeks=200)
    run = start_run(case, {"director_rate": 0.0})
    p = run.world.parameter[0]

    def sums() -> np.ndarray:
        return p.anchor_learning * run.world.relation.trust + p.trust_return * run.world.relation.anchor

    run.world.relation.trust[1:4] = [0.9, 0.1, 0.6]
    before = sums().copy()
    play(run)
    np.testing.assert_allclose(sums(), before, rtol=0.0, atol=1e-12)


def test_named_alternatives_are_the_limits_they_stand_for():
    """A fixed anchor is rho0 = scar = 0, no self-excitation n0 = n1 = 0."""
    still = parameters(anchor_learning=0.0, breach_scar=0.0)
    assert move_trust(0.5, 0.4, 0.2, 0.3, still)[1] == 0.4 != move_trust(0.5, 0.4, 0.2, 0.3, parameters())[1]
    assert branching_ratio(0.7, parameters(branching_base=0.0, branching_conflict=0.0)) == 0.0
    assert branching_ratio(0.7, parameters()) > 0.6


def test_v02_trust_settles_where_gains_and_losses_balance():
    """V02: with a fixed anchor T* = (2 eta_p p T0 + rho T0) / (2 eta_p p T0 + eta_n n + rho), to 1e-9."""
    p = parameters(anchor_learning=0.0, breach_scar=0.0)
    positive, negative, anchor = 0.3, 0.5, 0.4
    trust = 0.8
    for _ in range(5_000):
        trust, after = move_trust(trust, anchor, positive, negative, p)
        assert after == anchor
    gain, loss = 2.0 * p.trust_gain * positive * anchor, p.trust_loss * negative
    assert trust == pytest.approx((gain + p.trust_return * anchor) / (gain + loss + p.trust_return), abs=1e-9)


@pytest.mark.parametrize("anchor", [0.05, 0.95])
def test_v03_a_learning_anchor_is_forgotten(anchor):
    """V03: without scars T* = 1 - eta_n n / (2 eta_p p) wherever the anchor started, to 1e-6; with them it is lower."""
    p, scarred = parameters(breach_scar=0.0), parameters()
    trust, hurt, lower = 0.5, 0.5, anchor
    for _ in range(40_000):
        trust, anchor = move_trust(trust, anchor, 0.3, 0.02, p)
        hurt, lower = move_trust(hurt, lower, 0.3, 0.02, scarred)
    assert trust == pytest.approx(1.0 - p.trust_loss * 0.02 / (2.0 * p.trust_gain * 0.3), abs=1e-6)
    assert hurt < trust - 0.1


def test_v13_grievance_without_new_heat_fades_on_time():
    """V13: with trust and value frozen one who left is willing after hG log2(G / (g_ret (T + V))) weeks."""
    p = parameters(forgiveness_spread=0.0)
    for peak, trust, value in ((0.2, 0.4, 0.5), (0.45, 0.2, 0.4), (0.9, 0.5, 0.8)):
        limit = return_limit(trust, value, 0.9, p)
        assert limit == pytest.approx(p.return_grievance * (trust + value))
        grievance = peak
        weeks = 0
        while grievance >= limit:
            grievance = grieve(grievance, 0.0, p)
            weeks += 1
        assert abs(weeks - p.grievance_half_life * math.log2(peak / limit)) <= 1.0


def _pestered(pester: float, every: int, replicate: int = 0) -> tuple[Run, list[float]]:
    """Knock at a cooling partner's door every few weeks; returns the grievance after each refused knock."""
    case = small(
        ("ombud", "federation"),
        weeks=600,
        parameters={"pester": pester},
        dyad=[{"a": "ombud", "b": "federation", "grievance_ba": 0.6, "trust_ba": 0.4}],
        partnership=[{"members": ["ombud", "federation"], "state": "cooling"}],
        plan=[
            {"when": 0, "verb": "set_strategy", "by": "ombud", "key": "re_int", "value": "never"},
            {
                "when": 14, "verb": "reapproach", "by": "ombud", "to": "federation",
                "repeat_every": every, "max_times": 200, "hours": 1,
            },
        ],
    )  # fmt: skip
    still = {"self_return_rate": 0.0, "moving_rate": 0.0, "director_rate": 0.0}
    run = play(start_run(case, still, replicate=replicate))
    return run, [run.world.log_number[row, 0] for row in run.events(EventKind.REAPPROACH_UNWILLING)]


@pytest.mark.parametrize("pester, every", [(0.03, 4), (0.03, 8), (0.03, 16), (0.01, 2), (0.01, 8)])
def test_v14_who_knocks_too_often_keeps_the_unforgiving_away_for_ever(pester, every):
    """V14: G settles at pester / (1 - x), x = 2^(-m/hG); who forgives less than is left at a knock never returns.

    What each can forgive is known from its draw: g_ret (1 + s_f (2u - 1)) (T + V).
    """
    fade = 2.0 ** (-every / 30.0)
    settled = pester / (1.0 - fade)
    found = set()
    for replicate in range(12):
        run, after = _pestered(pester, every, replicate)
        feeling = run.relation("federation", "ombud")
        tie = run.partnership("ombud", "federation")
        p = run.world.parameter[0]
        limit = return_limit(float(feeling.trust), float(feeling.value), float(tie.forgiveness), p)
        if abs(settled * fade - limit) < 0.01:
            continue  # trust moves a little during the run
        away = run.world.tallies[0].returns == 0
        assert away == (settled * fade > limit)
        if away:
            assert after[-1] == pytest.approx(settled, abs=1e-4)
        found.add(bool(away))
    assert found


@pytest.mark.parametrize(
    "changed", [{"role": 1.0}, {"exposure": 0.0}, {"tone": 0.0}], ids=["understands roles", "not exposed", "praise"]
)
def test_v15_storms_hurt_nobody_who_is_not_blamed(changed):
    """V15: with r = 1, e = 0 or crit = 0 a storm changes no bit of trust, anchor and grievance of any dyad."""

    def world(plan: list[dict]) -> Run:
        federation = {"id": "federation", "type": "federation", "exposure": changed.get("exposure", 1.0)}
        rows = [
            {"id": "ombud", "type": "ombud"},
            {**federation, "role": changed.get("role", 0.5)},
            {"id": "union", "type": "union"},
        ]
        return play(start_run(small(organisation=rows, plan=plan)))

    campaign = {
        "when": 5, "verb": "launch_campaign", "by": "ombud", "intensity": 3.0, "tone": changed.get("tone", 0.9),
    }  # fmt: skip
    stormy, calm = world([campaign]), world([])
    assert stormy.world.media[0].storms >= 1
    for name in ("trust", "anchor", "grievance"):
        assert np.array_equal(stormy.world.relation[name], calm.world.relation[name])


# --- attention ----------------------------------------------------------------------------------------------------


def test_v04_coverage_without_campaigns_has_the_mean_of_the_process():
    """V04: mean coverage is mu / (1 - n0) = 4, within 1 %."""
    result = simulate(small(weeks=5_200, firms={"number": 5}), 40, seed=2, series=["coverage"])
    assert result.series["coverage"].mean() == pytest.approx(4.0, rel=0.01)


def test_v04_coverage_of_a_steady_campaign_has_the_mean_of_the_process():
    """V04: with a stimulus S mean coverage is mu / (1 - n0) + S / (1 - n), voice by voice, within 1 %."""
    campaign = {"when": 0, "verb": "launch_campaign", "by": "ombud", "tone": 0.5, "weeks": 2_600, "intensity": 1.0}
    result = simulate(
        small(weeks=2_600, firms={"number": 5}, plan=[campaign]), 40, seed=2, series=["coverage", "coverage_for"]
    )
    stimulus, branching = 3.0 * 1.25, 0.5 + 0.2 * 0.5
    assert result.series["coverage_for"][:, 100:].mean() == pytest.approx(stimulus / (1.0 - branching), rel=0.01)
    mean = 2.0 / (1.0 - 0.5) + stimulus / (1.0 - branching)
    assert result.series["coverage"][:, 100:].mean() == pytest.approx(mean, rel=0.01)


@pytest.mark.parametrize("branching, half_life", [(0.5, 1.6), (0.77, 3.95)])
def test_v05_a_burst_dies_down_at_its_rate(branching, half_life):
    """V05: the expected excess shrinks by phi + (1 - phi) n a week, within 2 %: half-lives of 1.6 and 4 weeks."""
    weeks, worlds = 8, 600
    run = start_run(small(weeks=weeks, firms={"number": 5}), {"branching_base": branching})
    total = np.zeros(weeks)
    for replicate in range(worlds):
        restart(run, 4, replicate)
        run.world.voice[0].memory = 2_000.0
        play(run)
        total += run.world.coverage_history
    excess = total / worlds - 2.0 / (1.0 - branching)
    shrinks = (excess[-1] / excess[0]) ** (1.0 / (weeks - 1))
    assert shrinks == pytest.approx(0.3 + 0.7 * branching, rel=0.02)
    assert math.log(0.5) / math.log(shrinks) == pytest.approx(half_life, abs=0.25)


# --- the funnel ---------------------------------------------------------------------------------------------------


def test_v06_the_funnel_in_audit_mode_is_exact():
    """V06: 877,209 exposures give 3,739 visitors, 5,761 pages and 13,211.13 minutes, without chance."""
    p = parameters()
    visitors = expected_count(877_209.0 * p.click_through)
    assert (visitors, expected_count(visitors * PAGES_PER_VISIT)) == (3_739.0, 5_761.0)
    for replicate in (0, 7):
        run = play(start_run(scenario("invitation-to-decline").replace(audit=True), replicate=replicate))
        tallies = run.world.tallies[0]
        assert (tallies.reach, tallies.visitors, tallies.page_views) == (877_209.0, 3_739.0, 5_761.0)
        assert tallies.minutes == pytest.approx(3_739 * 212 / 60, rel=1e-15)
        assert round(float(tallies.minutes), 2) == 13_211.13
    outcomes = simulate(scenario("invitation-to-decline").replace(audit=True), 1).outcomes
    assert outcomes["minutes"][0] == 13_211


# --- grants -------------------------------------------------------------------------------------------------------


def test_v12_a_grant_with_constant_success_grows_geometrically():
    """V12: with S constant and no noise B_n = B_0 (1 + g (S - S_0))^n; tenfold in three needs 1.1544."""
    needed = 10.0 ** (1.0 / 3.0) - 1.0
    assert needed == pytest.approx(1.1544, abs=5e-5)
    for growth, success in ((4.0, 0.5), (needed / 0.3, 0.7)):
        p = parameters(grant_growth=growth, grant_noise=0.0)
        budget = 5_000.0
        for rounds in range(1, 4):
            budget = next_grant(budget, success, 1.3, p)
            assert budget == pytest.approx(5_000.0 * (1.0 + growth * (success - 0.4)) ** rounds, rel=1e-13)
    assert budget == pytest.approx(50_000.0, rel=1e-12)


def test_v12_holds_in_a_world_whose_funder_never_changes_its_mind():
    """V12 on the engine: success is the funder's steady trust of 0.7, so 5,000 EUR become 50,000 to the cent."""
    case = scenario("stop-femicides")
    calm = case.replace(topic="none", plan=[])
    growth = (10.0 ** (1.0 / 3.0) - 1.0) / (0.7 - 0.4)
    values = {"grant_growth": growth, "grant_noise": 0.0, "grant_trust": 1.0}
    run = play(start_run(calm, {**values, "exit_base": -500.0, "conflict_base": -500.0, "director_rate": 0.0}))
    awarded = [run.world.log_number[row, 0] for row in run.events(EventKind.GRANT_AWARDED)]
    expected = [5_000.0 * 10.0 ** (rounds / 3.0) for rounds in range(5)]  # the first with the start
    assert awarded == pytest.approx(expected, abs=0.05)
    assert run.world.tallies[0].exits == 0


# --- adoption -----------------------------------------------------------------------------------------------------


def _bass(years: np.ndarray, p: float, q: float) -> np.ndarray:
    fading = np.exp(-(p + q) * years)
    return (1.0 - fading) / (1.0 + q / p * fading)


def test_v07_only_background_and_peers_is_the_bass_model():
    """V07: on a complete graph of 2,000 firms the mean of 20 worlds follows Bass within 0.04, peak at 6.19 years."""
    weeks, firms, p, q = 780, 2_000, 0.03, 0.38
    case = small(("government",), weeks=weeks, firms={"number": firms, "network": "complete"})
    values = {"base_rate": p, "peer_rate": q, "public_share": 1.0, **SILENT}
    result = simulate(case, 20, seed=5, parameters=values, series=["adopters"], beyond_range=True)
    share = result.series["adopters"].mean(axis=0) / firms
    years = np.arange(1, weeks + 1) / 52.0
    assert np.abs(share - _bass(years, p, q)).max() < 0.04
    smooth = np.convolve(np.diff(share), np.ones(53) / 53, mode="valid")
    peak = (np.argmax(smooth) + 27) / 52.0
    assert peak == pytest.approx(math.log(q / p) / (p + q), abs=0.5)


def _granovetter(sd: float) -> float:
    """Smallest r with r = P(threshold <= r), thresholds normal(0.25, sd)."""
    r = 0.0
    for _ in range(100_000):
        r = stats.norm.cdf((r - 0.25) / sd) if r < 1 else r
        if abs(stats.norm.cdf((r - 0.25) / sd) - r) < 1e-10:
            break
    return float(r)


def test_v08_thresholds_alone_stop_at_granovetters_fixed_point():
    """V08: with peers only and q without bound the share is the least fixed point of the thresholds drawn, exactly."""
    firms = 3_000
    case = small(("government",), weeks=150, firms={"number": firms, "network": "complete"})
    values = {
        "base_rate": 0.0, "peer_rate": 1e9, "public_share": 1.0, "complex_contagion": 1.0, **SILENT,
    }  # fmt: skip
    run = play(start_run(case, values, events=0))
    drawn = np.array([contagion_threshold(run.world, f) for f in range(firms)])
    adopted = 0
    while (grown := int(np.count_nonzero(drawn <= adopted / (firms - 1)))) > adopted:
        adopted = grown
    assert run.world.tallies[0].adopters == adopted


def test_v08_the_thresholds_have_granovetters_fixed_point():
    """V08: that of normal(0.25, 0.12) is 0.040, just before the flip to 1.0 at a spread of 0.125.

    A finite world fluctuates around it, so the thresholds of 400,000 firms are used.
    """
    assert _granovetter(0.125) == pytest.approx(1.0, abs=0.01)
    expected = _granovetter(THRESHOLD_SD)
    assert expected == pytest.approx(0.040, abs=0.01)
    run = start_run(small(("government",), weeks=1), events=0)
    drawn = np.sort([contagion_threshold(run.world, f) for f in range(400_000)])
    share = 0.0
    while (grown := np.searchsorted(drawn, share, side="right") / len(drawn)) > share:
        share = grown
    assert share == pytest.approx(expected, abs=0.01)


def test_v09_without_push_and_peers_only_time_counts():
    """V09: with h_base alone the share at week t is 1 - exp(-p0 t / 52), within the 99 % range of a binomial."""
    firms, weeks, worlds = 500, 260, 20
    case = small(("government",), weeks=weeks, firms={"number": firms})
    values = {"base_rate": 0.1, "peer_rate": 0.0, **SILENT}
    found = simulate(case, worlds, seed=6, parameters=values, series=["adopters"], beyond_range=True)
    for week in (26, 130, weeks):
        chance = 1.0 - math.exp(-0.1 * week / 52.0)
        low, high = stats.binom.interval(0.99, firms * worlds, chance)
        assert low <= found.series["adopters"][:, week - 1].sum() <= high


def _pushed() -> tuple[Run, dict[str, float]]:
    """Return a world with constant hazards: background, federation (partner of the ombud), managers; no peers."""
    case = small(
        ("ombud", "federation", "ngo"),
        weeks=60,
        firms={"number": 20_000, "network": "none"},
        partnership=[{"members": ["ombud", "federation"], "state": "formal", "joint": 0.0}],
    )
    values = {
        "exit_base": -500.0, "conflict_base": -500.0, "halo_up": 0.0, "halo_down": 0.0, "peer_rate": 0.0,
        "base_rate": 0.3, "champion_leaving_rate": 0.0, **SILENT, "federation_rate": 4.0, "manager_rate": 3.0,
    }  # fmt: skip
    run = start_run(case, values, events=0)
    for week in range(60):
        run.organisation("federation").carries = 0.5 / 2.0 ** (-1.0 / 26.0)  # less by a week's forgetting
        for name, part in (("ombud", 0.3), ("ngo", 0.1)):
            run.world.taught[run.setting.row(name), 0] = part / run.world.parameter[0].awareness_decay
        advance(run.world, week)
    return run, {"base": 0.3, "managers": 3.0 * 0.4, "federation": 4.0 * 0.80 * 0.5}


def test_v20_lineage_without_peers_equals_the_shares_of_the_hazards():
    """V20: each source's causal impact is its part of the hazard; half of the federation's push is its partner's."""
    run, hazard = _pushed()
    total = sum(hazard.values())
    adopters = run.world.tallies[0].adopters
    assert adopters > 9_000
    chance = 1.0 - math.exp(-total * 60 / 52)
    assert adopters == pytest.approx(20_000 * chance, rel=0.02)
    causes = {
        "ombud": 0.75 * hazard["managers"] + 0.5 * hazard["federation"],
        "ngo": 0.25 * hazard["managers"],
        "federation": 0.5 * hazard["federation"],
    }
    for name, part in causes.items():
        assert run.organisation(name).causal / adopters == pytest.approx(part / total, rel=1e-6), name


def test_v20_routes_are_drawn_by_the_shares_of_the_hazards():
    """V20: the one route on record (base, managers, federation) is drawn with the same shares, within 2 %."""
    run, hazard = _pushed()
    firms = run.world.firm
    for name in hazard:
        share = np.count_nonzero((firms.uptake > 0) & (firms.route == Route.of(name))) / run.world.tallies[0].adopters
        assert share == pytest.approx(hazard[name] / sum(hazard.values()), abs=0.02)


# --- ideas --------------------------------------------------------------------------------------------------------


def _choose(utility: list[float], menu: int, u: float, slope: float) -> tuple[int, np.ndarray]:
    chance = np.zeros(5)
    return choose_among(np.array(utility), menu, u, parameters(choice_slope=slope), chance), chance


def test_v10_equal_utilities_are_chosen_equally_often():
    """V10: equal utilities give equal shares, exactly; options that are not on the menu have none."""
    _, chance = _choose([0.3] * 5, 0b11101, 0.5, 4.0)
    assert chance.tolist() == [0.25, 0.0, 0.25, 0.25, 0.25]
    chosen = [_choose([0.3] * 5, 0b11101, u, 4.0)[0] for u in (0.0, 0.24, 0.26, 0.51, 0.76, math.nextafter(1, 0))]
    assert chosen == [0, 0, 2, 3, 4, 4]


def test_v10_a_steep_choice_takes_the_best_and_a_single_option_is_taken():
    """V10: beta without bound gives the largest utility with probability 1; so does a menu of one."""
    for u in (1e-16, 0.5, math.nextafter(1, 0)):
        assert _choose([0.1, 0.2, 0.4, 0.39, 0.0], 0b11111, u, 1e6)[0] == ALONE
        chosen, chance = _choose([-3.0, 0.0, 9.0, 9.0, 0.0], 0b00001, u, 4.0)
        assert (chosen, chance[0]) == (0, 1.0)


def test_v16_a_full_list_leaves_the_owner_nothing_to_add():
    """V16: told all, the idea's value is v itself; told nothing, using it alone brings b_own minus the costs."""
    p = parameters()
    out = np.zeros(5)
    for value in (0.65, 1.0, 1.35):
        assert believed_value(value, 1.0, p) == value
        utilities(value, 0.0, 0.0, 0.4, 0.3, 0.6, 0.3, 0.0, 1.2, p, out)
        costs = p.appropriation_cost + p.appropriation_contract * 0.4 + APPROPRIATION_TRUST * 0.3
        assert out[ALONE] == pytest.approx(p.own_use_value - costs - 1.2 * p.implementation_cost, abs=1e-15)
        assert out[NOTHING] == 0.0


def test_v16_a_contract_without_price_limit_ends_use_alone():
    """V16: as the cost of breaking a contract grows, use without credit goes to 0."""
    p = parameters(appropriation_contract=1e6)
    out, chance = np.zeros(5), np.zeros(5)
    utilities(1.35, 1.0, 0.0, 1.0, 0.9, 0.6, 0.3, 0.0, 1.0, p, out)
    choose_among(out, 0b11111, 0.5, p, chance)
    assert chance[ALONE] == pytest.approx(0.0, abs=1e-300)
    assert chance[QUIET] == pytest.approx(0.0, abs=1e-300)


# --- joint work ---------------------------------------------------------------------------------------------------


def test_v11_settled_disagreements_bring_a_common_language():
    """V11: after m settled disagreements d = dinf + (d0 - dinf)(1 - kd)^m; a world follows it to the last one."""
    p = parameters()
    distance = 0.7
    for _ in range(50):
        distance = closer(distance, 0.13, p)
    assert distance == pytest.approx(0.13 + 0.57 * (1.0 - p.language_learning) ** 50, rel=1e-13)

    partner = [{"members": ["ombud", "union"], "state": "formal", "joint": 1.0}]
    run = play(
        start_run(
            small(("ombud", "union"), weeks=60, partnership=partner), {"exit_base": -500.0, "conflict_base": -500.0}
        )
    )
    settled = sum(int(run.world.log_number[row, 1:4].sum()) for row in run.events(EventKind.DISAGREEMENT))
    tie = run.partnership("ombud", "union")
    assert settled > 20
    expected = tie.distance_floor + (0.7 - tie.distance_floor) * (1.0 - p.language_learning) ** settled
    assert tie.distance == pytest.approx(expected, rel=1e-12)


def test_v17_production_is_homogeneous_and_rewards_complements():
    """V17: R(kx) = k^eps R(x); two alike reach 2^(eps - 1) of what they reach alone; those far apart more than 1."""
    recipe = np.array([0.5, 0.5])
    for eps in (0.8, 0.95, 1.0):
        x = np.array([0.3, 1.7])
        for k in (0.1, 0.37, 3.0):
            assert production(recipe, k * x, eps) == pytest.approx(k**eps * production(recipe, x, eps), rel=1e-12)
        assert production(recipe, 2 * x, eps) / (2 * production(recipe, x, eps)) == pytest.approx(2 ** (eps - 1))
    first, second = np.array([1.0, 0.1]), np.array([0.2, 1.0])
    alone = production(recipe, first, 1.0) + production(recipe, second, 1.0)
    assert production(recipe, first + second, 1.0) / alone == pytest.approx(1.32**0.5 / (0.1**0.5 + 0.2**0.5), abs=1e-9)
    assert production(recipe, first + second, 0.95) > production(recipe, first, 0.95) + production(recipe, second, 0.95)


# --- symmetry -----------------------------------------------------------------------------------------------------


NEW_NAMES = {
    "ombud": "zz_ombud",
    "federation": "aa_federation",
    "ngo": "union_x",
    "union": "b_union",
    "flagship": "a_f",
}


def _renamed(value: object) -> object:
    """Rename organisations everywhere in a scenario file."""
    if isinstance(value, dict):
        return {key: inner if key in ("type", "evidence") else _renamed(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_renamed(inner) for inner in value]
    if isinstance(value, str):
        for old, new in NEW_NAMES.items():
            value = new if value == old else value.replace(f"({old}", f"({new}").replace(f", {old})", f", {new})")
    return value


def _twins(name: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Run, Run]:
    """Run a shipped scenario twice: as it is, and with ids (so rows) in another order but the same keys."""
    case = scenario(name)
    other = build(_renamed({**case.document(), "topic": case.topic}), "renamed")
    old_names = {new: old for old, new in NEW_NAMES.items()}
    first = play(start_run(case, replicate=4))
    monkeypatch.setattr(sim.start.fill, "entity_key", lambda text: entity_key(old_names.get(text, text)))
    return first, play(start_run(other, replicate=4))


@pytest.mark.parametrize("name", ["campaign-while-partnering", "public-partnership", "ideas-given-early"])
def test_v18_labels_carry_no_meaning(name, monkeypatch):
    """V18: with ids (and so rows) in another order but the same keys, everybody's outcomes are the same."""
    first, second = _twins(name, monkeypatch)
    ids = first.setting.scenario.organisation_ids
    for old in ids:
        a, b = first.organisation(old), second.organisation(NEW_NAMES.get(old, old))
        for field in ("key", "champion", "cost", "hours_total", "credited", "causal", "heat", "morale_loss"):
            assert a[field] == pytest.approx(b[field], rel=1e-7, abs=1e-9), (old, field)
        for far in ids:
            if far != old and first.relation(old, far).exists:
                a, b = first.relation(old, far), second.relation(NEW_NAMES.get(old, old), NEW_NAMES.get(far, far))
                assert a.trust == pytest.approx(b.trust, rel=1e-9)
                assert a.grievance == pytest.approx(b.grievance, rel=1e-9, abs=1e-12)
    for field in ("goal_impact", "adopters", "disagreements", "exits", "returns", "visitors"):
        assert first.world.tallies[0][field] == pytest.approx(second.world.tallies[0][field], rel=1e-9)
    assert first.world.media[0].peak_coverage == pytest.approx(second.world.media[0].peak_coverage, rel=1e-9)


def test_v18_swapping_two_equal_organisations_swaps_what_happens_to_them(monkeypatch):
    """V18: two organisations alike in all but their name and key trade places, to the last bit."""

    def world(partner: str) -> Run:
        plan = [
            {"when": 2, "verb": "approach", "by": "ombud", "to": partner, "repeat_every": 3, "max_times": 5},
            {"when": 25, "verb": "launch_campaign", "by": "ombud", "tone": 0.9, "weeks": 6},
        ]
        rows = [{"id": "ombud", "type": "ombud"}, *({"id": name, "type": "federation"} for name in ("east", "west"))]
        return play(start_run(small(organisation=rows, plan=plan, weeks=80), replicate=3))

    first = world("east")
    swapped = {"east": "west", "west": "east"}
    monkeypatch.setattr(sim.start.fill, "entity_key", lambda text: entity_key(swapped.get(text, text)))
    second = world("west")
    assert first.world.tallies[0].formed >= 1
    for name, other in swapped.items():
        for field in ("key", "champion", "heat", "causal", "hours_total", "top"):
            assert first.organisation(name)[field] == second.organisation(other)[field], (name, field)
        for field in ("trust", "anchor", "grievance", "value"):
            assert first.relation(name, "ombud")[field] == second.relation(other, "ombud")[field], (name, field)
            assert first.relation("ombud", name)[field] == second.relation("ombud", other)[field], (name, field)
    assert first.relation("east", "ombud").trust != first.relation("west", "ombud").trust


def test_v18_ownership_of_the_top_does_not_depend_on_the_order_of_partnerships(monkeypatch):
    """V18: a step reads what it found and writes at its end, so who comes first in the alphabet cannot matter."""
    first, second = _twins("ideas-given-early", monkeypatch)
    assert first.organisation("ombud").top == pytest.approx(second.organisation("zz_ombud").top, rel=1e-9)


def test_v19_without_windows_a_year_more_or_less_changes_nothing():
    """V19: starting 52 weeks later gives the same bytes, where the calendar (budgets, seasons) is equal."""
    plan = [
        {"when": 3, "verb": "approach", "by": "ombud", "to": "federation", "repeat_every": 5, "max_times": 4},
        {"when": 30, "verb": "launch_campaign", "by": "ombud", "tone": 0.9, "budget": 20000},
    ]
    partner = [{"members": ["ombud", "ngo"], "state": "informal"}]
    early = small(("ombud", "federation", "ngo"), weeks=80, plan=plan, partnership=partner, start="2013-09-02")
    late = early.replace(start="2014-09-01")
    names = ("budget_week", "busy_season", "rivals")
    calendars = [start_run(case).world.calendar for case in (early, late)]
    equal = [name for name in names if np.array_equal(calendars[0][name], calendars[1][name])]
    assert equal == list(names)  # other months have no effect
    first, second = (simulate(case, 20, seed=1) for case in (early, late))
    assert first.outcomes.to_numpy().tobytes() == second.outcomes.to_numpy().tobytes()
    for name, series in first.series.items():
        assert series.tobytes() == second.series[name].tobytes()


def test_granovetters_fixed_points_are_those_of_the_literature():
    """The iteration used above finds roots of r = F(r)."""
    for sd in (0.12, 0.122):
        root = optimize.brentq(lambda r, sd=sd: stats.norm.cdf((r - 0.25) / sd) - r, 0.0, 0.06)
        assert _granovetter(sd) == pytest.approx(root, abs=1e-6)
