"""The answer in words: in three languages, short, without ids or signs; a plan that did not happen; the brief."""

from __future__ import annotations

import re

import numpy as np
import pytest
from made_up import ensemble, noise, shifted

import sim
from sim.analysis.comparison.answer import compare, compare_ensembles
from sim.analysis.comparison.brief import MOST_DRIVERS, MOST_REFUSALS, MOST_ROWS, brief_of, render_brief
from sim.analysis.comparison.words import LONGEST, Told
from sim.observe.measures import headline_ids, outcome_ids
from sim.scenarios import SHADOW_CAVEAT, scenario
from sim.scenarios.lessons import lessons
from sim.statistics import Verdict
from sim.stories.texts import texts
from sim.vocabulary.quantities import QUANTITIES
from sim.words.amounts import amount_in_words, degree, duration, two_digits
from sim.words.language import LANGUAGES

PAIRS = [group[:4] for row in lessons() for group in row.compare]


@pytest.fixture(scope="module")
def answers():
    return [compare(list(group), 60) for group in PAIRS[::3]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_are_short_and_plain(answers, language):
    for found in answers:
        told = Told(found, language)
        for sentence in told.answer():
            assert len(sentence.split()) <= LONGEST, sentence
            assert "_" not in sentence
            assert "{" not in sentence
            assert not re.search(r"[%+\N{MINUS SIGN}=<>]", sentence), sentence
            # Two digits count at most; the number of worlds and names of plans may have more.
            for number in re.findall(r"\d[\d.,\u00a0 ]*\d", re.sub(r"[“«»].*?[”»«]", "", sentence)):
                digits = re.sub(r"\D", "", number).lstrip("0").rstrip("0")
                assert len(digits) <= 2, sentence
        assert told.horizon() in " ".join(told.answer())


def test_the_trade_off_opens_with_the_goal_and_names_what_else_matters():
    found = compare(["campaign-while-partnering", "partner-in-calm-seas"])
    goal, gain, *_ = found.answer()
    assert goal == "Over 5 years, about the same share of firms takes up the measures."
    assert re.match(r"“Partner in calm seas” has partners away for about (a year|\d+ months) less in all", gain)
    nb = found.answer("nb")
    assert nb[0] == "I løpet av 5 år: Omtrent den samme andelen av bedriftene tar tiltakene i bruk."


def test_what_did_not_happen_is_said_before_all_and_gets_no_verdict():
    """A campaign that is refused in every world cannot make a plan better (its reason, not "precondition")."""
    case = scenario("campaign-while-partnering")
    worse = case.with_actions(
        [
            {
                "label": "big",
                "verb": "launch_campaign",
                "by": "ombud",
                "when": 100,
                "tone": 0.1,
                "budget": 9e6,
                "weeks": 8,
            }
        ]
    )
    found = compare([case, worse], 30)
    first, second = found.answer()
    assert "did not happen: “campaign” was refused in 100 of 100 worlds: no money left." in first
    assert "no verdict" in second
    assert {row.verdict for row in found.results[0, 1].values()} == {Verdict.NONE}
    rows = [{**row, "essential": False} if row.get("label") == "big" else row for row in worse.document()["plan"]]
    kept = compare([case, worse.replace(plan=rows)], 30)  # the plan says that it is the same without it
    assert kept.happened(1)


def test_a_decline_is_an_outcome_and_keeps_the_verdict():
    """That a federation which never says yes did not say yes is what came of the plan."""
    case = scenario("campaign-while-partnering")
    plan = [
        {"verb": "approach", "by": "ombud", "to": "federation", "when": 2, "ask": 1.0, "tone": "critical"},
        {"label": "guide", "verb": "publish_guide", "by": "ombud", "with": "federation", "when": 10},
    ]
    cold = {"a": "ombud", "b": "federation", "trust_ab": 0.0, "trust_ba": 0.0, "value_ba": 0.0, "grievance_ba": 1.0}
    others = [row for row in case.document()["dyad"] if {row["a"], row["b"]} != {"ombud", "federation"}]
    case = case.replace(plan=plan, dyad=[*others, cold], parameters={"accept_base": -1.5})
    found = compare([case.replace(plan=[]), case], 30)
    (undone,) = found.undone[1]
    assert (undone.reason, undone.outcome) == ("precondition", True)
    assert found.happened(1)
    assert "came to nothing" in found.answer()[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_has_words_for_more_and_less(language):
    words = texts(language)
    for key, phrases in words.words["differs"].items():
        assert len(phrases) == 2, key
    known = {row.key for row in QUANTITIES if row.measured == "outcome"}
    assert set(words.words["differs"]) - {"amount", "degree"} <= known
    assert set(words.words["alike"]) <= known
    case = scenario("stop-femicides")
    names = outcome_ids(case)
    a = ensemble(case, {name: np.arange(40.0) for name in names})
    b = ensemble(case, {name: np.arange(40.0) + 1e7 for name in names})
    told = Told(compare_ensembles([a, b], headline=names), language)
    for name, paired in told.compared.results[0, 1].items():
        assert "{" not in told.phrase(name, paired), name
        assert told.verdict(name, 1).short


@pytest.mark.parametrize(
    "weeks, said",
    [(1, "a week"), (5, "5 weeks"), (26, "half a year"), (52, "a year"), (61, "14 months"), (104, "2 years"),
     (130, "2.5 years"), (1000, "19 years")],
)  # fmt: skip
def test_weeks_are_said_as_people_do(weeks, said):
    assert duration(weeks, texts("en")) == said


def test_amounts_are_said_with_two_digits():
    words = texts("en")
    assert [two_digits(value, words) for value in (0.1234, 5.0, 61.4, 12_345.0)] == ["0.12", "5", "61", "12,000"]
    assert amount_in_words(0.7, "count", words) == "7 in 10 worlds"
    assert amount_in_words(0.051, "share", texts("nb")) == "5,1 prosentpoeng"
    assert amount_in_words(0.3, "0 to 1", words) == ""
    assert [degree(size, 0.1, words) for size in (0.11, 0.3, 1.0)] == ["a little", "clearly", "much"]


def test_the_answer_says_so_far_until_all_worlds_are_there():
    found = compare_ensembles([ensemble(), shifted(0.1)])
    assert Told(found, so_far=True).answer()[0] == "So far, after 40 worlds:"
    assert Told(found, so_far=True).verdict("goal_share", 1).short.startswith("So far: B is better")


def test_a_verdict_that_turns_says_with_what():
    worlds = 600
    sets = sim.simulate("baseline", 1, series=()).parameter_sets
    a = sim.simulate("baseline", worlds, series=("goal_share",))
    place = sets.names.index("federation_rate")
    value = sets.values[a.set_rows, place]
    rank = np.argsort(np.argsort(value)) / worlds
    outcomes = {"goal_share": 0.4 + 0.2 * (rank - 0.35) + 0.02 * noise(worlds, 3)}
    b = ensemble("positive-framing", outcomes, replicates=worlds)
    first = ensemble("baseline", {"goal_share": np.full(worlds, 0.4)}, replicates=worlds)
    for one in (first, b):
        object.__setattr__(one, "parameter_sets", sets)
        object.__setattr__(one, "set_rows", a.set_rows)
    found = compare_ensembles([first, b])
    assert found.results[0, 1]["goal_share"].verdict is Verdict.HIGHER
    assert 0.1 < found.turns("goal_share", 1) < 0.5
    assert "turns with “Adoption through the federation”" in found.sentence("goal_share")
    assert "the other plan is ahead" in found.answer()[1]


def test_the_headline_of_a_scenario_is_what_gets_a_verdict():
    found = compare(["stop-femicides", "ombud-applies"], 20)
    assert set(found.headline) <= set(headline_ids(scenario("stop-femicides")))
    assert found.goal == "policy_stage"


# ---------------------------------------------------------------------- the brief


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_keeps_to_its_page(answers, language):
    for found in answers:
        brief = brief_of(found, language)
        assert len(brief.figures) <= MOST_ROWS
        assert len(brief.hangs) <= MOST_DRIVERS
        assert len(brief.refusals) <= MOST_REFUSALS
        assert all(len(row) == len(brief.head) for row in brief.figures)
        page = render_brief(found, language)
        assert f'lang="{language}"' in page
        assert "http" not in page


def test_a_brief_carries_the_caveat_of_shadows():
    found = compare_ensembles([ensemble(), ensemble("stay-in-the-shadows")])
    assert "transparency" in brief_of(found).caveat
    assert SHADOW_CAVEAT in " ".join(found.caveats())
    assert brief_of(compare_ensembles([ensemble(), shifted(0.1)])).caveat == ""


def test_a_brief_can_be_a_word_document(tmp_path):
    import docx

    found = compare_ensembles([ensemble(), shifted(0.1)])
    path = found.brief(tmp_path / "brief.docx", "nb")
    text = "\n".join(paragraph.text for paragraph in docx.Document(path).paragraphs)
    assert found.answer("nb")[0] in text
    assert len(docx.Document(path).inline_shapes) == 1
