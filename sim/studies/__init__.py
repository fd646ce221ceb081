"""Questions put to many worlds at once: comparisons, validation, calibration, and studies of many parameter sets."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.studies.exploration.workbench import ema_model

__all__ = ["ema_model"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name == "ema_model":
        return import_module("sim.studies.exploration.workbench").ema_model
    raise AttributeError(f"module 'sim.studies' has no attribute {name!r}")
