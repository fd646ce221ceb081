"""Golden digests: what every shipped scenario gives in a few worlds, and the words of one report, study and story.

``make golden`` (or ``python tests/golden.py``) writes tests/golden.json anew after a meant change. Numbers count to
ten significant digits, so that another machine gives the same digests; a text counts without its pictures,
versions and digests.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.observe.measures import series_ids, split
from sim.parameters.sets import NONE
from sim.scenarios import catalogue, scenario
from sim.words.language import LANGUAGES

FILE = Path(__file__).with_name("golden.json")
WORLDS, SEED = 3, 20
PARTNERSHIP = ("campaign-while-partnering", "partner-in-calm-seas")
STUDY = {
    "title": "Golden",
    "scenarios": PARTNERSHIP[0],
    "outcomes": ["adopters", "returns_federation"],
    "replicates": 10,
    "set": {"firms.number": 20},
    "lever": [{"name": "tone", "set": ["plan.launch-campaign.tone"], "low": 0.0, "high": 1.0, "levels": 3}],
}
_BITS = 34  # of a number's mantissa: a little more than ten decimal digits


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _rounded(numbers: np.ndarray[Any, Any]) -> bytes:
    """Bytes of numbers as far as they count: a rounded mantissa and an exponent each."""
    mantissa, exponent = np.frexp(np.asarray(numbers, np.float64))
    whole = np.where(np.isfinite(mantissa), np.round(mantissa * 2**_BITS), 2**60)
    return whole.astype(np.int64).tobytes() + exponent.astype(np.int64).tobytes()


def simulated() -> dict[str, dict[str, str]]:
    """Digests of all outcomes and weekly series: one a scenario, and one a family of measures over all scenarios.

    A changed rule shows in many families, a changed measure in its own alone.
    """
    scenarios: dict[str, str] = {}
    families: dict[str, list[str]] = defaultdict(list)
    for name in catalogue():
        case = scenario(name)
        ids = tuple(sorted(case.organisation_ids))
        worlds = sim.simulate(case, WORLDS, seed=SEED, series=series_ids(case), parameter_sets=None)
        found = {f"outcome {key}": worlds.outcomes[key].to_numpy() for key in worlds.outcomes}
        found |= {f"series {key}": values for key, values in worlds.series.items()}
        digests = {key: _digest(_rounded(numbers)) for key, numbers in found.items()}
        scenarios[name] = _digest(json.dumps(sorted(digests.items())).encode())
        for key, digest in sorted(digests.items()):
            row, _ = split(key.partition(" ")[2], ids)
            families[row.key].append(f"{name} {key} {digest}")
    return {
        "scenarios": scenarios,
        "measures": {family: _digest("\n".join(rows).encode()) for family, rows in sorted(families.items())},
    }


def _plain(page: str) -> str:
    """Text of a page without pictures, styles, and what names a version."""
    for part in (r"<(svg|style|script)\b.*?</\1>", r"<img\b[^>]*>"):
        page = re.sub(part, "", page, flags=re.DOTALL)
    page = re.sub(r"<[^>]+>", "\n", page)
    page = re.sub(r"[0-9a-f]{12,}|\bpython \d.*|partnership-dynamics \d[\w.]*", "#", page)
    return re.sub(r"\s+", " ", page)


def texts(folder: Path) -> dict[str, str]:
    """Digests of the words of a report, of a study's findings, and of a story in each language."""
    sim.compare(list(PARTNERSHIP), replicates=40, parameter_sets=NONE).report(folder / "report.html")
    found = {
        "report": _plain((folder / "report.html").read_text(encoding="utf-8")),
        "study": "\n".join(sim.study({**STUDY, "parameter_sets": NONE}).sentences()),
    }
    for language in LANGUAGES:
        told = sim.story("parent-project", seed=3, language=language, parameter_sets=NONE)
        found[f"story in {language}"] = told.text()
    return {name: _digest(text.encode()) for name, text in found.items()}


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        golden = {**simulated(), "texts": texts(Path(made))}
    FILE.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{FILE.name}: {len(golden['scenarios'])} scenarios, {len(golden['measures'])} measures\n")
