"""A study that was run: its numbers, said and drawn."""

from __future__ import annotations

from typing import Any

from sim.errors import InputError
from sim.studies.findings import figures, findings
from sim.studies.results import Results


class Study(Results):
    """A study that was run, or as much of it as there is."""

    def sentences(self) -> list[str]:
        """Say what was found, one sentence a finding."""
        return findings(self)

    def figure(self) -> Any:
        """Draw what was found: the most telling figure (a matplotlib figure)."""
        if self.hopeless:
            raise InputError(f"{self.store.location.address}: every point failed, expected results to draw")
        return next(iter(figures(self).values()))
