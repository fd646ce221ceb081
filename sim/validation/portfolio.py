"""Many partnerships drawn from one prior, and what those that succeed have in common; and seven good ones (P37, P52).

The sources tell of successes only. A made-up population of good and bad partnerships shows what such a selection
would look like if champions and access to decision makers matter as the model says.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.validation.checks import at_least, judge, over, ratio
from sim.validation.worlds import Pattern, with_organisations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.validation.checks import Check
    from sim.validation.worlds import Worlds

SCENARIO = "synthetic-portfolio"
SEVEN = "danish-portfolio"
WEEKS = 104
SUCCESSFUL = 0.5  # mean result of a partnership that counts as a success; an assumption (0.4 to 0.7)
PARTNERSHIPS = 40  # for each replicate asked for: 40,000 with 1,000, as 200 portfolios of 200


def _portfolio(worlds: Worlds) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Success, champion at the start and direct access, each (worlds, partnerships)."""
    from sim.scenarios import scenario

    case = scenario(SCENARIO)
    pairs = [row.members for row in case.partnership]
    names = [f"partnered_{a}_{b}" for a, b in pairs], [f"mean_result_{a}_{b}" for a, b in pairs]
    champions, direct = [f"champion_{b}" for _, b in pairs], [f"direct_{a}_{b}" for a, b in pairs]
    needed = math.ceil(PARTNERSHIPS * worlds.replicates / len(pairs))
    found = worlds.play(case, (*names[0], *names[1], *champions, *direct), needed).series
    lasting = np.stack([(found[name][:, : WEEKS + 1] == 1).all(axis=1) for name in names[0]], axis=1)
    good = np.stack([found[name][:, WEEKS] >= SUCCESSFUL for name in names[1]], axis=1)
    return (
        lasting & good,
        np.stack([found[name][:, 0] == 1 for name in champions], axis=1),
        np.stack([found[name][:, 0] == 1 for name in direct], axis=1),
    )


def _p37(worlds: Worlds) -> list[Check]:
    success, champion, direct = _portfolio(worlds)
    share = at_least("P37", "successful partnerships of a made-up portfolio: had a champion", champion[success], 0.65)
    columns = [
        (one & other).mean(axis=1) for one in (success, ~success) for other in (direct, ~direct)
    ]  # with and without access, among successes and among failures
    odds = over(lambda a, b, c, d: (a / c) / (b / d), *columns)
    words = "odds of success with direct access to somebody who can decide, over without"
    return [share, judge("P37", words, odds, least=1.0, strictly=True, worlds=success.size)]


def _p52(worlds: Worlds) -> list[Check]:
    """Seven good partnerships had a committed person each; the same ones without. Chosen successes bound no number."""
    case = worlds.of(SEVEN)
    nobody = {str(row["id"]): {"champion": 0.0} for row in case.scenario.document()["organisation"]}
    without = worlds.play(with_organisations(case.scenario, **nobody)).outcomes
    lines = (
        ("seven good partnerships: weeks together, with committed persons over without", "partnership_weeks"),
        ("seven good partnerships: joint result, with committed persons over without", "joint_result"),
    )
    return [
        judge("P52", words, ratio(case.outcomes[measure], without[measure]), least=1.0, strictly=True, use="VER",
              worlds=worlds.replicates)
        for words, measure in lines
    ]  # fmt: skip


PATTERNS = (Pattern("P37", "portfolio", _p37), Pattern("P52", "portfolio", _p52))
