"""Where a result comes from: everything needed to get the same bytes again, and no clock."""

from __future__ import annotations

import platform
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

from sim.engine.compiled import sources_digest
from sim.parameters.sets import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.parameters.sets import ParameterSets
    from sim.scenarios import Scenario

PACKAGE = "partnership-dynamics"
_LIBRARIES = ("mesa", "numpy", "numba", "pandas", "pyarrow", "scipy", "SALib", "matplotlib")


@cache
def package_version() -> str:
    """Version of this package, "unknown" if it runs without being installed."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return "unknown"


def library_versions() -> dict[str, str]:
    """Versions of Python and of the libraries that numbers pass through."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "missing"
    return found


def manifest(
    scenarios: Iterable[Scenario], *, seed: int, replicates: int, parameters: Mapping[str, float], **more: Any
) -> dict[str, Any]:
    """Describe a run so that it can be repeated; the same run gives the same description."""
    return {
        "package": PACKAGE,
        "version": package_version(),
        "sources": sources_digest(),
        "seed": seed,
        "replicates": replicates,
        "parameters": dict(parameters),
        "scenarios": [
            {"name": row.name, "title": row.title, "digest": row.digest(), "weeks": row.weeks} for row in scenarios
        ],
        **more,
        "libraries": library_versions(),
    }


def sets_in_words(sets: ParameterSets | None) -> str:
    """Say which parameter values worlds have."""
    if sets is None:
        return "the defaults in all worlds"
    where = "that come with the package" if sets.source == SHIPPED else f"of {sets.source}"
    return (
        f"each world has its own, one of {len(sets):,} plausible sets {where} (digest {sets.digest[:16]}), the same "
        "under every plan; what was given a value keeps it, the rest stays as drawn"
    )


def simulated(letters: Iterable[str], scenarios: Iterable[Scenario], seed: int, worlds: int) -> tuple[str, str]:
    """Say what was simulated, for the foot of a figure: the scenarios, and the facts that all have in common."""
    names = "  ·  ".join(f"{letter} {one.name}".strip() for letter, one in zip(letters, scenarios, strict=True))
    return names, f"seed {seed}  ·  {worlds:,} world{'' if worlds == 1 else 's'}  ·  {PACKAGE} {package_version()}"
