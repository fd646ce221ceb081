"""The shipped studies: sound, run, told in three sentences, and their keys explained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.analysis.registered import ANALYSES
from sim.engine.compiled import sources_digest
from sim.studies.file import DesignTable, Lever, StudyFile, Uncertainty
from sim.studies.prepared import prepare_study

ROOT = Path(__file__).parents[2]
EXPERIMENTS = ROOT / "experiments"
NAMES = sorted(path.stem for path in EXPERIMENTS.glob("*.toml"))
README = (EXPERIMENTS / "README.md").read_text(encoding="utf-8")


def _told(name: str) -> tuple[str, str]:
    """Return the block of a study in the README, and the text that follows it."""
    found = re.search(
        rf"<!-- study: {name} -->\n(.*?)<!-- end study -->\n(.*?)(?=\n## |\n<!-- study|\Z)", README, re.DOTALL
    )
    assert found is not None, f"experiments/README.md says nothing of {name}"
    return found[1], found[2]


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_study_was_run_and_is_told(name):
    """Figure, command and digest stand in the README, with a finding of three sentences."""
    prepared = prepare_study(EXPERIMENTS / f"{name}.toml")
    block, finding = _told(name)
    assert f"`sim study experiments/{name}.toml`" in block
    assert (EXPERIMENTS / "figures" / f"{name}.png").stat().st_size > 10_000
    digest, rules = re.search(r"digest `(\w{12})` · rules `(\w{12})`", block).groups()
    if rules == sources_digest(rules_only=True)[:12]:  # else it was made by another version, as the block says
        assert prepared.digest[:12] == digest, "the study file has changed since: python -m docs.experiments"
    sentences = [text for text in re.split(r"(?<=[.?!])\s+(?=[A-Z])", finding.strip()) if text]
    assert len(sentences) == 3, sentences


def test_every_key_of_a_study_file_is_explained():
    page = (ROOT / "docs" / "studies.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-z_]+", page))
    asked = [one.table for one in ANALYSES if one.table is not None]
    for table in (StudyFile, DesignTable, Uncertainty, Lever, *asked):
        missing = set(table.model_fields) - words
        assert not missing, f"docs/studies.md does not explain {sorted(missing)} of {table.__name__}"
