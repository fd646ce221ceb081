"""What reaches people and firms: complements, peers, voluntary measures, laws, names (P40, P46 to P48)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.randomness import normal_quantile
from sim.rules.elements import RECIPES, production
from sim.rules.peers import PEER_TIES
from sim.scenarios import build
from sim.validation.checks import formula, judge, mean
from sim.validation.worlds import Pattern
from sim.vocabulary.kinds import KINDS
from sim.vocabulary.partnerships import Element

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from sim.ensemble import Ensemble
    from sim.scenarios import Scenario
    from sim.validation.checks import Check
    from sim.validation.worlds import Worlds

PROJECT, COMMUNICATION = len(Element), int(Element.COMMUNICATION)
FIRMS = 200


def _together(first: str, second: str, recipe: int, scale: float) -> float:
    """Result of two over the sum of what each reaches alone, at the same quality."""
    skills = [np.array(KINDS[name].skills) for name in (first, second)]
    alone = sum(production(RECIPES[recipe], one, scale) for one in skills)
    return float(production(RECIPES[recipe], skills[0] + skills[1], scale) / alone)


def _p40(worlds: Worlds) -> list[Check]:
    scale = float(worlds.p.returns_to_scale)
    return [
        formula("P40", "ombud and NGO over the sum of both alone: project", _together("ombud", "ngo", PROJECT, scale),
                least=1.2, use="CAL"),
        formula("P40", "the same: communication", _together("ombud", "ngo", COMMUNICATION, scale), least=1.2,
                use="CAL"),
        formula("P40", "two ombuds over the sum of both alone", _together("ombud", "ombud", PROJECT, scale), most=1.0,
                use="CAL"),
    ]  # fmt: skip


def _p46(worlds: Worlds) -> list[Check]:
    """The mean over what measures cost firms, E(1/b) = 1: 1 - exp(-2.5 q / (8 b))."""
    p = worlds.p
    rate = 2.5 * p.peer_rate / PEER_TIES
    places = (np.arange(2_000) + 0.5) / 2_000
    spread = p.burden_spread
    cost = np.array([math.exp(spread * normal_quantile(place) + 0.5 * spread * spread) for place in places])
    found = float((1.0 - np.exp(-rate / cost)).mean())
    words = "one of eight peers acts in public: further firms that act within 2.5 years"
    return [formula("P46", words, found, least=0.07, most=0.15, use="CAL")]


def _arena(weeks: int, plan: list[dict[str, Any]], **keys: Any) -> Scenario:
    kinds = ("ombud", "ngo", "federation", "union", "government")
    rows = [{"id": name, "type": name, "annual_budget": 150_000} for name in kinds]
    return build(
        {"start": "2014-09-01", "weeks": weeks, "organisation": rows, "plan": plan, "initiator": "ombud", **keys},
        "arena",
    )


def _voluntary() -> Scenario:
    """A survey, a campaign every year, information half of the time: all that an ombud can do without a law."""
    campaign = {"verb": "launch_campaign", "by": "ombud", "tone": 0.6, "budget": 40_000, "repeat_every": 52}
    survey = {"when": 20, "verb": "publish_survey", "by": "ombud", "n": 2014}
    inform = {"when": 4, "verb": "inform", "by": "ombud", "weeks": 26, "repeat_every": 52, "max_times": 5}
    return _arena(260, [survey, {"when": 22, "max_times": 5, **campaign}, inform])


def _adopted(ensemble: Ensemble) -> NDArray[np.float64]:
    return ensemble.outcomes["adopters"].to_numpy(float) / ensemble.scenario.firms.number


def _p47(worlds: Worlds) -> list[Check]:
    voluntary = _adopted(worlds.play(_voluntary()))
    quota = {"demand": "a quota", "stage": "force", "law_rate": 0.4}
    law = _adopted(worlds.play(_arena(52, [], policy=quota)))
    n = worlds.replicates
    return [
        judge("P47", "firms that act in five years without a law", mean(voluntary), most=0.25, worlds=n),
        judge("P47", "firms that act in a year of a law with sanctions", mean(law), least=0.25, most=0.45, worlds=n),
    ]


def _p48(worlds: Worlds) -> list[Check]:
    """Twenty firms that a campaign names, against the same firms when it names nobody, within a year."""
    firms = [{"id": f"firm{k:02}", "type": "firm"} for k in range(20)]
    rows = [{"id": "ombud", "type": "ombud"}, *firms]
    launch = {"when": 0, "verb": "launch_campaign", "by": "ombud", "tone": 0.9}
    shares = []
    for plan in ([], [launch], [{**launch, "targets": [row["id"] for row in firms]}]):
        case = {"start": "2014-09-01", "weeks": 52, "organisation": rows, "plan": plan, "firms": {"number": 20}}
        shares.append(_adopted(worlds.play(build(case, "named"))))
    n = worlds.replicates
    return [
        judge("P48", "firms named by a campaign that act within a year", mean(shares[2]), least=0.15, most=0.40,
              worlds=n),
        judge("P48", "more than without a campaign when it names nobody", mean(shares[1] - shares[0]), most=0.05,
              worlds=n),
    ]  # fmt: skip


PATTERNS = (
    Pattern("P40", "complements", _p40),
    Pattern("P46", "peers", _p46),
    Pattern("P47", "firms", _p47),
    Pattern("P48", "firms", _p48),
)
