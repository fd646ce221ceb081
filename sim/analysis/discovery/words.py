"""When a thing happens, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.words.numbers import capital, of_100

if TYPE_CHECKING:
    from sim.analysis.discovery.numbers import Discovery


def sentence(found: Discovery) -> str:
    """Say in one sentence when it happens, and how sure that is."""
    counts = f" (a point counts if it happens in at least {of_100(found.share)})" if found.in_shares else ""
    if found.left_out:
        every = found.points + found.left_out
        counts += f"; {found.left_out:,} of {every:,} points {'has' if found.left_out == 1 else 'have'} no answer "
        counts += f"and {'is' if found.left_out == 1 else 'are'} left out"
    if not found.found:
        return f"{capital(found.text)}: nothing found, {found.reason}{counts}."
    when = " and ".join(limit.words for limit in found.limits)
    dense = of_100(found.density, "such points")
    cover = of_100(found.coverage, "points").removesuffix(" points")
    return (
        f"{capital(found.text)} when {when}: {dense} show it (density), and they cover {cover} of all that do "
        f"(coverage); it happens at {of_100(found.base_rate, 'points')} overall{counts}."
    )
