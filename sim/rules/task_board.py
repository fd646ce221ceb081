"""The task board: who does what, where (submodel S12).

A board has 24 cells: four interventions, in three places, on two levels. Organisations that stand in a cell spend
hours there every week, and what comes out depends on how well their skills fit what the cell needs.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.parameters import WEEKS_PER_YEAR
from sim.rules.alliances import is_active
from sim.rules.elements import partnership_quality
from sim.rules.resources import hours_left, spend_hours
from sim.vocabulary.topics import Intervention, Level, Place

CELLS = len(Intervention) * len(Place) * len(Level)

# What outreach needs: shares over content, channel, legitimacy, evidence, policy, money access.
_OUTREACH = np.array(
    [
        [0.4, 0.4, 0.0, 0.0, 0.0, 0.2],  # prevention
        [0.4, 0.6, 0.0, 0.0, 0.0, 0.0],  # safe passage
        [0.0, 0.0, 0.3, 0.4, 0.3, 0.0],  # monitoring
        [0.0, 0.4, 0.3, 0.0, 0.0, 0.3],  # assistance
    ]
)
# On the level of policy: half of that, the other half is skill in policy.
_POLICY = 0.5 * _OUTREACH + np.array([0.0, 0.0, 0.0, 0.0, 0.5, 0.0])
#: Needs by level (policy, outreach) and intervention: row level x 4 + intervention.
TASK_RECIPES = np.vstack([_POLICY, _OUTREACH])


@rule
def _works(cell, i):
    return (cell.workers >> i) & 1 == 1


@rule
def _structure(w, cell):
    """Structure score Z of a cell: the largest among active partnerships between two who work there."""
    best = 0.0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if is_active(partnership) and _works(cell, partnership.a) and _works(cell, partnership.b):
            best = max(best, partnership.structure)
    return best


@rule
def cell_result(w, c):
    """R = Q x product over inputs x of (sum over workers of skill[x] h / h_ref) ^ (eps share[x]); 0 without workers."""
    p = w.parameter[0]
    cell = w.task[c]
    if cell.workers == 0:
        return 0.0
    champion = 0
    result = 1.0
    for x in range(TASK_RECIPES.shape[1]):
        share = TASK_RECIPES[cell.recipe, x]
        if share > 0.0:
            skill = 0.0
            for i in range(w.organisation.shape[0]):
                if _works(cell, i):
                    skill += w.skill[i, x] * w.organisation[i].board_ratio * cell.hours / p.task_hours
            result *= math.pow(skill, p.returns_to_scale * share)
    for i in range(w.organisation.shape[0]):
        if _works(cell, i):
            champion = max(champion, w.organisation[i].champion)
    return partnership_quality(champion, _structure(w, cell), p) * result


@rule
def work_on_tasks(w):
    """Everybody on the board spends its hours, after joint work; who has too few scales all its cells alike."""
    if w.task.shape[0] == 0:
        return
    for i in range(w.organisation.shape[0]):
        asked = 0.0
        for c in range(w.task.shape[0]):
            if _works(w.task[c], i):
                asked += w.task[c].hours
        left = hours_left(w, i)
        w.organisation[i].board_ratio = 1.0 if asked <= left else left / asked
        spend_hours(w, i, asked)  # never more than are left
    for c in range(w.task.shape[0]):
        w.task[c].result = cell_result(w, c)
        w.tallies[0].board_years += w.task[c].result / WEEKS_PER_YEAR
        for i in range(w.organisation.shape[0]):
            if _works(w.task[c], i):
                hours = w.task[c].hours * w.organisation[i].board_ratio / w.parameter[0].task_hours
                w.organisation[i].board_contacts += hours * w.task[c].result


@rule
def board_coverage(w):
    """Share of the cells with a result of at least 0.5 this week; missing without a board."""
    if w.task.shape[0] == 0:
        return math.nan
    covered = 0
    for c in range(w.task.shape[0]):
        if w.task[c].result >= w.parameter[0].task_covered:
            covered += 1
    return covered / w.task.shape[0]


@rule
def board_result(w):
    """Mean result of the cells this week; missing without a board."""
    if w.task.shape[0] == 0:
        return math.nan
    total = 0.0
    for c in range(w.task.shape[0]):
        total += w.task[c].result
    return total / w.task.shape[0]
