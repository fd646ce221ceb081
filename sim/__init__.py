"""What happens when an equality ombud, NGOs, employer federations and firms win, lose and regain each other.

>>> import sim
>>> model = sim.PartnershipModel("campaign-while-partnering", seed=7)   # one world to look at
>>> answer = sim.compare(["campaign-while-partnering", "partner-in-calm-seas"])   # a thousand paired worlds
>>> answer.report("report.html")   # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.analysis.comparison.answer import Comparison, compare
    from sim.ema import ema_model
    from sim.ensemble import Ensemble, simulate
    from sim.errors import InputError
    from sim.model import PartnershipModel
    from sim.scenarios import Scenario, catalogue, scenario
    from sim.stories import Story, story
    from sim.studies.answer import Study
    from sim.studies.run import open_study, study
    from sim.validation import validate

__version__ = "0.1.0"
__all__ = [
    "Comparison",
    "Ensemble",
    "InputError",
    "PartnershipModel",
    "Scenario",
    "Story",
    "Study",
    "catalogue",
    "compare",
    "ema_model",
    "open_study",
    "scenario",
    "simulate",
    "story",
    "study",
    "validate",
]

_HOMES = {
    "Comparison": "sim.analysis.comparison.answer",
    "Ensemble": "sim.ensemble",
    "InputError": "sim.errors",
    "PartnershipModel": "sim.model",
    "Scenario": "sim.scenarios",
    "Story": "sim.stories",
    "Study": "sim.studies.answer",
    "catalogue": "sim.scenarios",
    "compare": "sim.analysis.comparison.answer",
    "ema_model": "sim.ema",
    "open_study": "sim.studies.run",
    "scenario": "sim.scenarios",
    "simulate": "sim.ensemble",
    "story": "sim.stories",
    "study": "sim.studies.run",
    "validate": "sim.validation",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: ``import sim`` stays quick."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
