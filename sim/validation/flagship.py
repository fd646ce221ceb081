"""The flagship firm: ideas told before it has committed, used without credit (P21, P22, P25)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.engine.world import RELATION
from sim.rules.trust import breach
from sim.validation.checks import at_least, at_most, formula, judge, mean, ratio, share
from sim.validation.worlds import Pattern
from sim.vocabulary.partnerships import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ensemble import Ensemble
    from sim.validation.checks import Check
    from sim.validation.worlds import Worlds

_CASE = "ideas-given-early"
_SERIES = ("decision_flagship", "state_ombud_flagship")
_PUBLIC, _ALONE, _QUIET, _NOTHING = 2, 4, 5, 6


def _met(ensemble: Ensemble) -> NDArray[np.bool_]:
    """Worlds in which the meeting took place."""
    return np.asarray((ensemble.series["state_ombud_flagship"] >= State.CONTACT).any(axis=1))


def _first_choice(ensemble: Ensemble) -> NDArray[np.int64]:
    """Code of the flagship's first decision in every world (0: none)."""
    code = ensemble.series["decision_flagship"].astype(int)
    decided = code >= _PUBLIC
    return np.where(decided.any(axis=1), code[np.arange(len(code)), decided.argmax(axis=1)], 0)


def _used(choice: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (choice >= _PUBLIC) & (choice < _NOTHING)


def _p21(worlds: Worlds) -> list[Check]:
    ensemble = worlds.of(_CASE, _SERIES)
    choice = _first_choice(ensemble)[_met(ensemble)]
    uncredited = share((choice == _ALONE) | (choice == _QUIET))
    words = "full list before commitment: used without credit"
    return [
        judge("P21", words, uncredited, least=0.40, most=0.85, worlds=len(choice)),
        at_most("P21", "full list before commitment: public partnership", choice == _PUBLIC, 0.35),
        at_least("P21", "full list before commitment: any use", _used(choice), 0.80),
    ]


def _p22(worlds: Worlds) -> list[Check]:
    full, teaser = worlds.of(_CASE, _SERIES), worlds.of("ideas-after-commitment", _SERIES)
    both = _met(full) & _met(teaser)
    early, late = _first_choice(full)[both], _first_choice(teaser)[both]
    public = ratio(late == _PUBLIC, early == _PUBLIC)
    lost = mean(_used(early).astype(float) - _used(late))
    n = int(both.sum())
    words = "only a teaser before commitment: public partnership, ratio to the full list"
    return [
        judge("P22", words, public, least=1.5, worlds=n),
        judge("P22", "only a teaser: loss of total use (share)", lost, most=0.15, worlds=n),
    ]


def _p25(worlds: Worlds) -> list[Check]:
    losses = []
    for expectation in (0.9, 0.3):
        dyad = np.zeros(1, RELATION).view(np.recarray)
        dyad[0].trust = dyad[0].anchor = 0.5
        dyad[0].expectation = expectation
        breach(dyad[0], worlds.p.severity_uncredited_use, 0.0, True, worlds.p)
        losses.append(0.5 - float(dyad[0].trust))
    words = "felt betrayal: trust lost with high over low expectation, same event"
    return [formula("P25", words, losses[0] / losses[1], least=2.0, use="VER")]


PATTERNS = (
    Pattern("P21", _CASE, _p21),
    Pattern("P22", _CASE, _p22),
    Pattern("P25", _CASE, _p25),
)
