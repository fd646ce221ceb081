"""Nothing changes by accident: the digests of tests/golden.json hold (``make golden`` after a meant change)."""

from __future__ import annotations

import json

import golden
import pytest

KNOWN = json.loads(golden.FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def simulated():
    return golden.simulated()


@pytest.mark.parametrize("part", ["scenarios", "measures"])
def test_simulated_numbers_are_those_of_the_file(simulated, part):
    """Every shipped scenario and every measure: the same numbers as when the file was last written."""
    assert simulated[part] == KNOWN[part]


def test_texts_are_those_of_the_file(tmp_path):
    """The words of a report, of a study and of a story in three languages."""
    assert golden.texts(tmp_path) == KNOWN["texts"]
