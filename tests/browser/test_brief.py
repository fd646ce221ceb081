"""The brief on paper: one page (A4) in every language, for two plans and for eight."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sim.analysis.comparison.answer import Comparison, compare
from sim.words.language import LANGUAGES

EIGHT = (
    "keep-quiet-for-peace campaign-while-partnering ngo-as-critic union-as-critic survey-without-campaign "
    "positive-framing partner-in-calm-seas campaign-a-year-later"
)
PLANS = ("campaign-while-partnering partner-in-calm-seas", "public-partnership stay-in-the-shadows", EIGHT)


@pytest.fixture(scope="module", params=PLANS, ids=["two", "shadows", "eight"])
def comparison(request: pytest.FixtureRequest) -> Comparison:
    return compare(str(request.param).split(), 200)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_is_one_page(comparison: Comparison, language: str, chromium: Any, tmp_path: Any) -> None:
    path = comparison.brief(tmp_path / "brief.html", language)
    page = chromium.new_page()
    page.goto(path.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
