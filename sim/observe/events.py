"""The event log as a table: kinds by name, organisations by id, numbers and causes by what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.log import EventKind

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.world import World
    from sim.start.prepared import Setting

__all__ = ["CAUSE_NAMES", "NUMBER_NAMES", "events_frame", "ordered_events"]

_REPLY = ("probability", "uniform", "ask", "meeting")
_TERMS = (
    "base",
    "trust",
    "fit",
    "value",
    "evidence",
    "champion",
    "direct",
    "heat",
    "grievance",
    "ask",
    "flank",
    "tone",
    "contract",
    "top",
    "receptivity",
)
_REPLIES = (
    EventKind.APPROACH_ACCEPTED,
    EventKind.APPROACH_REFUSED,
    EventKind.TERMS_ACCEPTED,
    EventKind.TERMS_REFUSED,
    EventKind.SIGN_ACCEPTED,
    EventKind.SIGN_REFUSED,
    EventKind.GO_PUBLIC_ACCEPTED,
    EventKind.GO_PUBLIC_REFUSED,
)
_ROUTES = ("base", "federation", "ombud", "press", "peer", "idea")

#: What the numbers of each kind of event are.
NUMBER_NAMES: dict[EventKind, tuple[str, ...]] = {
    EventKind.CHAMPION_CAME: ("appointed",),
    EventKind.SHOCK: ("size",),
    EventKind.PLAN_DECIDED: ("yes", "probability_of_yes"),
    EventKind.GRANT_AWARDED: ("eur",),
    EventKind.GRANT_RETURNED: ("eur",),
    EventKind.ENDED: ("breached",),
    EventKind.ACTION_DONE: ("verb", "eur", "hours", "reason"),
    EventKind.ACTION_REFUSED: ("verb", "eur", "hours", "reason"),
    **dict.fromkeys(_REPLIES, _REPLY),
    EventKind.PARTNERSHIP_FORMED: ("shadow", "contract"),
    EventKind.PARTNERSHIP_SIGNED: ("shadow", "contract"),
    EventKind.JOINT_WORK_SCALED: ("wanted", "done"),
    EventKind.DISAGREEMENT: ("number", "deferred_by_actor", "deferred_by_other", "negotiated", "unresolved"),
    EventKind.PROMISE_MADE: ("weight",),
    EventKind.PROMISE_KEPT: ("weight",),
    EventKind.PROMISE_BROKEN: ("weight",),
    EventKind.SURVEY_PUBLISHED: ("respondents", "gain"),
    EventKind.TRAINING_OPENED: ("seats", "rate"),
    EventKind.SEATS_FILLED: ("seats", "weeks"),
    EventKind.CAMPAIGN_STARTED: ("tone", "intensity", "budget", "weeks"),
    EventKind.CAMPAIGN_CHANGED: ("tone", "intensity", "budget"),
    EventKind.CAMPAIGN_ENDED: ("exposures", "visitors", "spent"),
    EventKind.VISITORS: ("exposures", "visitors", "page_views", "minutes", "new_share"),
    EventKind.STORM_STARTED: ("coverage", "mean_before"),
    EventKind.STORM_ENDED: ("coverage", "weeks"),
    EventKind.REBUTTAL: ("heat",),
    EventKind.IDEA_TOLD: ("share", "workshop"),
    EventKind.IDEA_LEAKED: ("share",),
    EventKind.IDEA_DECISION: (
        "p_public",
        "p_shadow",
        "p_alone",
        "p_quiet",
        "p_nothing",
        "choice",
        "uniform",
        "told",
    ),
    EventKind.PRESS_RELEASE: ("credited",),
    EventKind.CREDIT_GIVEN: ("success",),
    EventKind.CREDIT_CLAIMED: ("success",),
    EventKind.ADOPTED: ("route", "uptake", "depth"),
    EventKind.ADOPTED_COUNT: _ROUTES,
    EventKind.BREACH: ("severity", "gap"),
    EventKind.EXIT: ("logit", "hazard_sum", "threshold", "share_since_campaign", "label"),
    EventKind.REAPPROACH_FAILED: ("grievance",),
    EventKind.REAPPROACH_UNWILLING: ("grievance",),
    EventKind.RETURNED: ("by_itself", "weeks_away", "trust", "trust_of_other"),
    EventKind.POLICY_STAGE: ("stage", "members", "lobbied"),
    EventKind.CLIP: ("value",),
}

#: What the causes of each kind of event are.
CAUSE_NAMES: dict[EventKind, tuple[str, ...]] = {
    EventKind.CHAMPION_LEFT: ("hazard_sum",),
    **dict.fromkeys(_REPLIES, _TERMS),
    EventKind.DISAGREEMENT: ("trust_term", "gap_term"),
    EventKind.PLAN_DECIDED: ("base", "external", "ask", "champion", "in_plan"),
    EventKind.GRANT_AWARDED: ("trust", "result_term", "result"),
    EventKind.PROMISE_MADE: ("due",),
    EventKind.PROMISE_BROKEN: ("due",),
    EventKind.VISITORS: ("own", "paid", "messenger", "earned"),
    EventKind.STORM_STARTED: ("stimulus", "excitation", "background"),
    EventKind.IDEA_DECISION: (
        "u_public",
        "u_shadow",
        "u_alone",
        "u_quiet",
        "u_nothing",
        "value",
        "brand",
        "association",
        "heat_memory",
        "trust",
        "contract",
    ),
    EventKind.ADOPTED: _ROUTES,
    EventKind.ADOPTED_COUNT: _ROUTES,
    EventKind.BREACH: ("trust_before", "trust_after", "anchor_before", "anchor_after"),
    EventKind.EXIT: (
        "base",
        "heat",
        "grievance",
        "trust",
        "formal",
        "champion",
        "value",
        "top",
        "attention",
        "tone",
        "exposure",
        "own",
    ),
    EventKind.REAPPROACH_UNWILLING: ("grievance_failed", "heat_failed", "trust_failed"),
    EventKind.RETURNED: ("grievance", "heat", "trust"),
    EventKind.POLICY_STAGE: (
        "base",
        "pressure",
        "breadth",
        "hazard_sum",
        "threshold",
        "attention",
        "credibility",
        "evidence",
    ),
}


def ordered_events(world: World) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Rows of the log in the order in which they are told: by week, then by kind, then as they happened."""
    kept = min(int(world.arena[0].events), len(world.log) - 1)
    return np.lexsort((np.arange(kept), world.log.kind[:kept], world.log.week[:kept]))


def events_frame(setting: Setting, world: World, replicate: int) -> pd.DataFrame:
    """Return the log of a world as a table, one row an event.

    Columns: replicate, week, date, event, actor, other, object, action (label or number of the plan), numbers
    and causes (as dictionaries of names and values; names depend on the kind).
    """
    import pandas as pd

    rows = []
    for row in ordered_events(world):
        event = world.log[row]
        kind = EventKind(int(event.kind))
        number, cause = world.log_number[row], world.log_cause[row]
        action = int(event.action)
        label = ""
        if action >= 0:
            label = setting.scenario.plan[action].label or f"action {action + 1}"
        rows.append(
            {
                "replicate": replicate,
                "week": int(event.week),
                "date": setting.scenario.date(int(event.week)),
                "event": kind.name.lower(),
                "actor": setting.ids[event.actor] if event.actor >= 0 else "",
                "other": setting.ids[event.other] if event.other >= 0 else "",
                "object": int(event.object),
                "action": label,
                "numbers": {n: float(x) for n, x in zip(NUMBER_NAMES.get(kind, ()), number, strict=False)},
                "causes": {n: float(x) for n, x in zip(CAUSE_NAMES.get(kind, ()), cause, strict=False)},
            }
        )
    columns = ["replicate", "week", "date", "event", "actor", "other", "object", "action", "numbers", "causes"]
    return pd.DataFrame(rows, columns=columns)
