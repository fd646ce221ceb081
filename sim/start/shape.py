"""How large the arrays of a world are, and how they lie in one block of bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.world import (
    ACTION_STATE,
    ALLIANCE,
    AUDIENCE,
    AUDIENCE_COUNT,
    CAMPAIGN,
    CLOCK,
    DECISION,
    DEMAND,
    EFFECT,
    FIRM,
    IDEA,
    LOG,
    MEDIA,
    ORGANISATION,
    PARTNERSHIP,
    PROMISE,
    RELATION,
    REQUEST,
    SPELL,
    TALLIES,
    TASK,
    TRAINING,
    VOICE,
)
from sim.parameters import PARAMETERS_DTYPE
from sim.plan.translate import campaign_rows
from sim.rules.peers import own_ties
from sim.rules.resources import OuterAccount
from sim.rules.task_board import CELLS
from sim.vocabulary.events import CAUSES, NUMBERS
from sim.vocabulary.kinds import KINDS
from sim.vocabulary.partnerships import Element
from sim.vocabulary.topics import Voice

if TYPE_CHECKING:
    from sim.scenarios import Scenario


#: They stand as bits in one 32-bit word.
MOST_ORGANISATIONS = 31


def state_shapes(scenario: Scenario, rows: list[Any]) -> dict[str, tuple[Any, Any]]:
    """Shapes and types of the state arrays, from the size of the scenario."""
    n = len(rows)
    pairs = len(scenario.pairs)
    ideas = max(1, len(ideas_of(scenario)))
    federations = sum(KINDS[row.kind].carries_to_members for row in rows)
    weeks = scenario.weeks
    promises = sum(min(a.max_times, weeks) for a in scenario.plan if a.verb == "promise")
    trainings = sum(min(a.max_times, weeks) for a in scenario.plan if a.verb == "run_training")
    shapes: dict[str, tuple[Any, Any]] = {
        "parameter": (1, PARAMETERS_DTYPE),
        "clock": (1, CLOCK),
        "media": (1, MEDIA),
        "voice": (len(Voice), VOICE),
        "demand": (1, DEMAND),
        "tallies": (1, TALLIES),
        "audience": (AUDIENCE_COUNT, AUDIENCE),
        "taught": ((n, AUDIENCE_COUNT), np.float64),
        "lesson": ((n, AUDIENCE_COUNT), np.float64),
        "organisation": (n, ORGANISATION),
        "credibility": ((n, AUDIENCE_COUNT), np.float64),
        "credibility_anchor": ((n, AUDIENCE_COUNT), np.float64),
        "credibility_start": ((n, AUDIENCE_COUNT), np.float64),
        "credibility_change": ((n, AUDIENCE_COUNT), np.float64),
        "lent": ((n, AUDIENCE_COUNT), np.float64),
        "lent_weight": ((n, AUDIENCE_COUNT), np.float64),
        "lent_rest": ((n, AUDIENCE_COUNT), np.float64),
        "relation": (n * n, RELATION),
        "partnership": (pairs, PARTNERSHIP),
        "leaving": ((pairs, 4), np.float64),
        "leaving_limit": ((pairs, 4), np.float64),
        "leaving_since": ((pairs, 2), np.float64),
        "alliance": (len(alliances_of(scenario)), ALLIANCE),
        "element_eur": ((pairs, len(Element)), np.float64),
        "campaign": (campaign_rows(scenario), CAMPAIGN),
        "named": ((campaign_rows(scenario), n + 1), np.uint8),
        "criticism": ((2 * n + 1, n + 1 + federations), np.float64),
        "criticism_memory": ((2 * n + 1, n + 1 + federations), np.float64),
        "own": ((n, n), np.float64),
        "held": ((n, n), np.float64),
        "flank": ((n, n), np.float64),
        "idea": (ideas if ideas_of(scenario) else 0, IDEA),
        "decision": ((ideas if ideas_of(scenario) else 0, n), DECISION),
        "promise": (promises, PROMISE),
        "training": (trainings, TRAINING),
        "request": (len(scenario.plan) + pairs + 1 + MOST_ORGANISATIONS * _asking_several(scenario), REQUEST),
        "effect": (4 * (len(scenario.plan) + n * ideas) + 16, EFFECT),
        "task": (CELLS if scenario.task else 0, TASK),
        "spell": (2 * pairs + pairs * (weeks // 14 + 1) + 1, SPELL),
        "account": (n + len(OuterAccount), np.int64),
        "coverage_history": (weeks, np.float64),
        "action_state": (len(scenario.plan), ACTION_STATE),
        "warned_week": ((len(scenario.plan), n), np.int64),
        "text_shown": ((len(scenario.plan), n), np.uint8),
        "project_budget": (scenario.date(weeks - 1).year - scenario.start.year + 2, np.float64),
        "hit": (n + 1 + federations, np.float64),
        "complaining": (n, np.float64),
        "worst": (n, np.float64),
        "blame": (n, np.float64),
        "partner_mark": (n, np.float64),
    }
    return shapes


def in_one_block(
    shapes: dict[str, tuple[Any, Any]],
) -> dict[str, Any]:
    """Lay arrays out in one block of bytes, the state, so that one copy saves or restores a world."""
    places = {}
    size = 0
    for name, (shape, kind) in shapes.items():
        dtype = np.dtype(kind)
        count = int(np.prod(shape))
        places[name] = (size, count, shape, dtype)
        size += -(-count * dtype.itemsize // 16) * 16
    block = np.zeros(size, np.uint8)
    arrays = {"state": block, "real": block.view(np.float64), "whole": block.view(np.int64)}
    for name, (offset, count, shape, dtype) in places.items():
        view = block[offset : offset + count * dtype.itemsize].view(dtype).reshape(shape)
        arrays[name] = view.view(np.recarray) if dtype.names else view
    return arrays


def ring_ties(scenario: Scenario) -> int:
    """Ties that each firm owns on the ring; 0 where firms have no ring."""
    return own_ties(scenario.firms.number) if scenario.firms.network == "ring" else 0


def firm_arrays(scenario: Scenario, rows: list[Any]) -> dict[str, Any]:
    """Arrays of the firms and of their network."""
    firms = scenario.firms.number
    own = ring_ties(scenario)
    sources = 1 + sum(row.type != "firm" for row in rows)
    federations = max(1, sum(KINDS[row.kind].carries_to_members for row in rows))
    return {
        "firm": np.zeros(firms, FIRM).view(np.recarray),
        "remaining": np.zeros(firms),
        "sensitivity": np.zeros(firms),
        "pressed": np.zeros(firms),
        "member": np.full((firms, federations), -1, np.int16),
        "member_rest": np.full((firms, federations), np.nan),
        "visibility": np.zeros(firms),
        "peer_weight": np.zeros(firms),
        "keeping": np.zeros(firms),
        "adopter": np.zeros(firms, np.int32),
        "lineage": np.zeros((firms, sources), np.float32),
        "peer_start": np.zeros(firms + 1, np.int32),
        "peer": np.zeros(2 * firms * own, np.int32),
        "ring": np.zeros(firms * own, np.int32),
        "adopting": np.zeros(firms, np.int32),
    }


def log_arrays(events: int) -> dict[str, Any]:
    """Arrays of the event log, with a last row for what is not kept."""
    return {
        "log": np.zeros(events + 1, LOG).view(np.recarray),
        "log_number": np.zeros((events + 1, NUMBERS)),
        "log_cause": np.zeros((events + 1, CAUSES)),
    }


def ideas_of(scenario: Scenario) -> dict[str, tuple[str, float]]:
    """Idea bundles: those of the file, and one for every ombud that has none."""
    ideas = {idea.id: (idea.owner, idea.quality) for idea in scenario.idea}
    for row in scenario.organisation:
        if KINDS[row.type].addresses_firms and not any(idea.owner == row.id for idea in scenario.idea):
            ideas[f"{row.id}_ideas"] = (row.id, 1.0)
    return dict(sorted(ideas.items()))


def alliances_of(scenario: Scenario) -> list[Any]:
    """Partnerships of three and more members, in the order of the file."""
    return [row for row in scenario.partnership if len(row.members) > 2]


def _asking_several(scenario: Scenario) -> int:
    """Actions that may put a request to each member of a partnership."""
    return sum(a.verb in ("sign", "go_public") for a in scenario.plan) if alliances_of(scenario) else 0
