"""Report and figures: whole, safe, readable, and the same every time."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from made_up import ensemble, shifted

import sim
from sim.analysis.comparison.answer import compare_ensembles
from sim.analysis.comparison.figures import differences, distributions, futures, over_time
from sim.analysis.comparison.page import LIMITS, command_line, render, render_fragment
from sim.analysis.comparison.plans import align
from sim.drawing.export import as_svg
from sim.drawing.parts import possible_futures
from sim.scenarios import SHADOW_CAVEAT, VERBS, catalogue, scenario
from sim.stories.plans import in_words, short
from sim.stories.texts import texts as words_of

VOID = {"meta", "img", "br", "line", "rect", "link", "input", "hr"}


class Page(HTMLParser):
    """Collects tags and text, and fails on tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def _guide():
    """Place of the guide in its plan."""
    plan = scenario("campaign-while-partnering").plan
    return next(place for place, action in enumerate(plan) if action.label == "publish-guide")


@pytest.fixture(scope="module")
def comparison():
    refused = [("publish-guide", "publish_guide", "precondition", 0.34, _guide(), 0.0)]
    a = ensemble("campaign-while-partnering", refusals=refused, overrides={"stimulus": 8.0})
    return compare_ensembles([a, shifted(0.1)], parameters={"stimulus": 8.0})


@pytest.fixture(scope="module")
def report(comparison):
    return render(comparison)


def test_the_report_asks_nobody_for_anything(report):
    assert "http" not in report
    page = Page(report)
    for tag in ("script", "link", "iframe", "object", "form"):
        assert page.all(tag) == []
    assert "@import" not in report
    assert "url(" not in report
    assert all(image["src"].startswith("data:image/svg+xml;base64,") for image in page.all("img"))


def test_the_report_can_be_read_without_eyes(report):
    page = Page(report)
    assert page.all("html") == [{"lang": "en"}]
    images = page.all("img")
    assert len(images) >= 4
    assert all(len(image["alt"] or "") > 40 for image in images)
    assert all(bar["role"] == "img" and bar["aria-label"] for bar in page.all("svg"))
    assert any(meta.get("name") == "viewport" for meta in page.all("meta"))
    assert "maximum-scale" not in report


def test_the_answer_comes_first(report, comparison):
    text = Page(report).text
    assert text.index("The answer") < text.index(comparison.answer()[0]) < text.index("Over time")
    assert text.index(comparison.what_it_hangs_on()[0]) < text.index("Over time")


def test_the_report_says_what_was_done(report, comparison):
    text = Page(report).text
    assert (
        "sim compare campaign-while-partnering partner-in-calm-seas --replicates 40 --seed 0 --set stimulus=8" in text
    )
    assert command_line(comparison) in text
    for found in comparison.scenarios:
        assert found.digest()[:16] in text
    assert "refused in 34 of 100 worlds: the employer federation is no partner" in text
    assert "Media items that a campaign" in text  # the parameter that was changed
    for limit in LIMITS:
        assert limit in text
    for name in comparison.measures:
        assert name in text


def test_hidden_partnerships_carry_their_caveat(report):
    assert SHADOW_CAVEAT not in report
    hidden = render(compare_ensembles([ensemble(), ensemble("stay-in-the-shadows")]))
    assert SHADOW_CAVEAT in Page(hidden).text
    assert hidden.index(SHADOW_CAVEAT) < hidden.index("Over time")


def test_texts_of_a_scenario_cannot_become_code():
    case = scenario("baseline").replace(title="<script>alert(1)</script>", question='"><img src=x>')
    page = render(compare_ensembles([ensemble(case), ensemble(case)]))
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "<script" not in render_fragment(compare_ensembles([ensemble(case), ensemble(case)]))


def test_the_report_is_the_same_every_time(report, comparison):
    assert render(comparison) == report


def test_eight_scenarios_and_one_world_make_a_report_too():
    Page(render(compare_ensembles([shifted(0.01 * k) for k in range(8)])))
    Page(render(compare_ensembles([ensemble(replicates=1), shifted(0.1, replicates=1)])))


def test_measures_without_any_value_make_a_report_too():
    outcomes = {"goal_share": np.linspace(0, 1, 40), "cost_per_adopter": np.full(40, np.nan)}
    a, b = (ensemble("baseline", outcomes, durations=[]) for _ in range(2))
    found = compare_ensembles([a, b])
    Page(render(found))
    assert "cost_per_adopter" not in found.to_dict()["pairs"][0]["measures"]  # nothing to pair, nothing to say


def test_a_notebook_shows_the_verdicts(comparison):
    fragment = comparison._repr_html_()
    Page(fragment)
    assert "B better" in fragment


# ---------------------------------------------------------------------- figures


def texts(figure):
    from matplotlib.text import Text

    figure.canvas.draw()
    return [item for item in figure.findobj(Text) if item.get_visible() and item.get_text().strip()]


@pytest.mark.parametrize("draw", [futures, over_time, distributions, differences])
def test_figures_can_be_read_on_a_wall_and_traced_back(comparison, draw):
    found = texts(draw(comparison))
    assert min(item.get_fontsize() for item in found) >= 12.0
    foot = " ".join(item.get_text() for item in found)
    for word in ("campaign-while-partnering", "partner-in-calm-seas", "seed 0", "40 worlds", "partnership-dynamics"):
        assert word in foot


def test_one_ensemble_can_be_drawn_alone():
    labels = [item.get_text() for item in texts(ensemble().plot("coverage"))]
    assert "items/week" in labels
    assert "Media coverage" in labels


def test_plot_takes_outcomes_that_have_no_series(comparison):
    labels = [item.get_text() for item in texts(comparison.plot("exits"))]
    assert any("Break-ups" in label for label in labels)


def test_the_same_figure_has_the_same_bytes(comparison):
    first, second = (as_svg(differences(comparison)) for _ in range(2))
    assert first == second
    assert not re.search(rb"<dc:date>", first)


def test_possible_futures_are_equally_likely():
    values = np.arange(1000.0)
    found = possible_futures(values, 50)
    assert found.shape == (50,)
    assert found == pytest.approx(np.arange(50) * 20 + 9.5, abs=0.6)
    assert possible_futures(np.array([np.nan])).size == 0


# ---------------------------------------------------------------------- plans in words


def test_every_verb_has_words():
    assert all(short(model.model_construct(verb=verb), words_of("en")) != "" for verb, model in VERBS.items())
    for name in catalogue():
        found = scenario(name)
        for action in found.plan:
            text = in_words(action, found, words_of("en"))
            assert "{" not in text
            assert "None" not in text


def test_a_refused_action_without_a_label_is_told_in_the_report():
    plan = [{"verb": "go_shadow", "partnership": ["ombud", "federation"], "when": 3}]
    case = scenario("baseline").replace(plan=plan)
    pair = [sim.simulate(one, 5, parameter_sets=None) for one in (case, scenario("baseline"))]
    assert pair[0].refusals["share"].tolist() == [1.0]
    assert "refused in 100 of 100 worlds" in Page(render(compare_ensembles(pair))).text


def test_what_plans_are_called_moves_no_interval():
    """A page with edited plans, its exported report and the command line ask the same question."""
    pair = [sim.simulate(name, 20) for name in ("campaign-while-partnering", "partner-in-calm-seas")]
    renamed = [replace(one, scenario=one.scenario.replace(name=f"{one.scenario.name}-edited-a")) for one in pair]
    # As texts, because a number that is missing equals no other.
    assert repr(compare_ensembles(pair).results) == repr(compare_ensembles(renamed).results)


def test_plans_are_aligned_by_label():
    rows = align([ensemble("campaign-while-partnering"), ensemble("positive-framing")], words_of("en"))
    differing = [row for row in rows if not row.same]
    assert len(rows) == 5
    assert len(differing) == 1
    before, after = (cell.text for cell in differing[0].cells)
    assert "critical tone 0.9" in before
    assert "critical tone 0.1" in after
