"""Whether a plan happened: essential actions that came due and were refused, and whose doing that was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.comparison.plans import differing
from sim.ensemble import simulate
from sim.errors import InputError
from sim.vocabulary.events import Reason

if TYPE_CHECKING:
    from sim.ensemble import Ensemble
    from sim.scenarios import Scenario
    from sim.scenarios.actions import Action

#: Share of the worlds in which an essential action was never carried out, from which on the plan did not happen.
NEVER = 0.5
#: Worlds in which a refused action is tried by itself.
TRIED = 50
#: Reasons that only what somebody did before can give.
_OWN_DOING = tuple(reason.word for reason in (Reason.PAUSED, Reason.REPEATED, Reason.NOT_SINCERE))
_ASKING = ("approach", "reapproach", "offer_terms", "sign")


@dataclass(frozen=True, slots=True)
class Undone:
    """An essential action that was never carried out in many worlds.

    Attributes
    ----------
    plan
        Position of the scenario.
    action
        Place in its plan.
    reason
        Why it was refused last, most often.
    share
        Share of the worlds in which it came due and was never carried out.
    outcome
        Whether that came of the plan: the other side had declined, or other actions of the plan stood in the way.
    """

    plan: int
    action: int
    reason: str
    share: float
    outcome: bool


def undone(ensemble: Ensemble, position: int, others: list[Scenario]) -> tuple[Undone, ...]:
    """Find the essential actions of a plan that did not happen.

    Parameters
    ----------
    ensemble
        Worlds of the plan.
    position
        Its position among the scenarios.
    others
        What it is compared with; an action of which the plan does not say whether it is essential is, if it is not in
        all of these. None: every action is.
    """
    rows = ensemble.refusals
    often = rows[rows["never"] >= NEVER]
    if often.empty:
        return ()
    plan = ensemble.scenario.plan
    different = set().union(*(differing(ensemble.scenario, other)[0] for other in others)) if others else set()
    found = []
    for row in often.to_dict("records"):
        place = int(row["action"])
        given = plan[place].essential
        if given or (given is None and (not others or place in different)):
            outcome = row["reason"] in _OWN_DOING or _declined(ensemble, place) or _alone(ensemble, place)
            found.append(Undone(position, place, str(row["reason"]), float(row["never"]), outcome))
    return tuple(found)


def _parties(action: Action) -> set[str]:
    others = [getattr(action, key, None) or () for key in ("to", "with_")]
    named = [(one,) if isinstance(one, str) else tuple(one) for one in others]
    return {name for group in named for name in group}.union({action.actor} if action.actor else ())


def _declined(ensemble: Ensemble, place: int) -> bool:
    """Tell whether the plan had asked the other side before, and could."""
    plan = ensemble.scenario.plan
    if ensemble.refusals.set_index("action")["reason"][place] != Reason.PRECONDITION.word:
        return False
    mine = _parties(plan[place])
    refused = ensemble.refusals.set_index("action")["never"]
    return any(
        other.verb in _ASKING and _parties(other) <= mine and number != place and refused.get(number, 0.0) < NEVER
        for number, other in enumerate(plan)
    )


def _alone(ensemble: Ensemble, place: int) -> bool:
    """Tell whether the action is carried out without the rest of the plan: then the plan itself hindered it."""
    scenario = ensemble.scenario
    if isinstance(scenario.plan[place].when, str):
        return False  # what it waits for may come of the rest
    try:
        only = scenario.replace(plan=[scenario.document()["plan"][place]])
    except InputError:
        return False  # it refers to the rest
    worlds = min(TRIED, ensemble.replicates)
    tried = simulate(
        only, worlds, ensemble.seed, parameters=ensemble.overrides, series=(), beyond_range=True,
        parameter_sets=ensemble.parameter_sets,
    )  # fmt: skip
    return not (tried.refusals["never"] >= NEVER).any()
