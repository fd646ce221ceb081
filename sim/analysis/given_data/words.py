"""What a response moves with, in a sentence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.words.numbers import capital, number, unit_text

if TYPE_CHECKING:
    from sim.analysis.given_data.numbers import Response

_NAMED = 3


def sentence(found: Response) -> str:
    """Say what a response moves with more than with chance, strongest first."""
    curves = found.curves
    labels = dict(zip(curves.names, found.labels, strict=True))
    if not curves.drivers:
        number_of = len(curves.names)
        return f"{capital(found.name)} moves with none of {number_of} sampled values clearly more than by chance."
    told = []
    for one in curves.drivers[:_NAMED]:
        size = number(float(f"{one.moves:.2g}"), sign=True)
        text = f"{labels[one.name]} ({size}{unit_text(found.unit)} from its low to its high end"
        if one.together:
            text += f"; known only together with {', '.join(labels[name] for name in one.together)}"
        if not math.isnan(one.turns_at):
            text += f"; the sign turns at about {number(float(f'{one.turns_at:.2g}'))}"
        told.append(f"{text})")
    more = len(curves.drivers) - len(told)
    rest = f", and {more} more" if more else ""
    return f"{capital(found.name)} moves most with {'; '.join(told)}{rest}."
