"""The story of one world: complete, in order, with reasons, and as the sources tell it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import sim
from sim.vocabulary.events import CAUSES, NUMBERS, EventKind, Reason
from sim.vocabulary.verbs import Verb
from sim.words.language import read_words


def _positions(text: str, words: list[str]) -> list[int]:
    return [text.index(word) for word in words]


def test_some_world_tells_the_case_of_the_talk() -> None:
    """Partners, a guide, a critical campaign, a storm, a break-up, knocking too early, and a return."""
    events = [
        "are partners now",
        "publishes a guide of good practice together",
        "starts a critical campaign",
        "The media coverage explodes",
        "employer federation walks out",
        "The storm sets",
        "Too early",
        "employer federation comes back",
    ]
    for seed in range(10):
        text = sim.story("campaign-while-partnering", seed=seed).text()
        if all(event in text for event in events):
            places = _positions(text, events)
            if places == sorted(places):
                return
    pytest.fail("no world of ten tells the case")


def test_a_flagship_uses_ideas_without_the_name_in_some_world() -> None:
    """Refusal of a public partnership, then within a week a press release with the ideas and not the name."""
    for seed in range(20):
        lines = sim.story("ideas-given-early", seed=seed, weeks=40).lines
        refusals = [line for line in lines if "does not want to be seen together" in line.text]
        if refusals:
            release = next(line for line in lines if "is not mentioned" in line.text)
            assert release.week == refusals[0].week + 1
            assert any("feels betrayed" in line.text and line.week == release.week for line in lines)
            return
    pytest.fail("no uncredited public use in 20 worlds")


def test_lines_are_in_the_order_of_time_and_dated_with_their_week() -> None:
    story = sim.story("public-partnership", seed=2)
    dates = [line.date for line in story.lines]
    assert dates == sorted(dates)
    for line in story.lines:
        if line.kind != "year":
            assert story.scenario.date(line.week) == line.date


def test_every_kind_of_event_has_names_for_its_numbers_that_fit() -> None:
    for kind in EventKind:
        assert len(kind.numbers) <= NUMBERS
        assert len(kind.causes) <= CAUSES


def test_every_verb_and_reason_has_words() -> None:
    words = read_words("en")["story"]
    assert {verb.name.lower() for verb in Verb} == set(words["verb"])
    assert {reason.name.lower() for reason in Reason if reason} == set(words["reason"])
    assert set(words["not_ready"]) <= set(words["verb"])


def test_the_file_of_sentences_has_no_dead_entries() -> None:
    path = Path(sim.__file__).parent / "words" / "en" / "story.toml"
    kinds = {kind.name.lower() for kind in EventKind}
    for name in tomllib.loads(path.read_text())["event"]:
        assert any(name.startswith(kind) for kind in kinds) or name in ("champion_appointed", "exit_why"), name


def test_a_longer_log_than_expected_is_kept_whole() -> None:
    from sim.stories import one_world as module

    room = module._FIRST_LOG
    module._FIRST_LOG = 10
    try:
        short = sim.story("campaign-while-partnering", seed=7, weeks=60)
    finally:
        module._FIRST_LOG = room
    assert short.text() == sim.story("campaign-while-partnering", seed=7, weeks=60).text()


def test_refused_actions_are_told_with_their_reason() -> None:
    case = sim.scenario("baseline").with_actions(
        [{"when": 3, "verb": "launch_campaign", "by": "ombud", "budget": 10_000_000.0}]
    )
    lines = [line.text for line in sim.story(case, weeks=10).lines]
    assert any("cannot launch a campaign: not enough money" in text for text in lines)
