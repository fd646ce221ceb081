"""Conditions of actions in words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.dashboard.state import LANGUAGES
from sim.scenarios import catalogue, parse_condition
from sim.stories.conditions import condition_said, ready_conditions
from sim.stories.texts import texts
from sim.vocabulary.audiences import AUDIENCES
from sim.vocabulary.quantities import OBSERVABLES

_SHIPPED = "campaign-while-partnering"


def _said(text: str, language: str = "en") -> str:
    return condition_said(text, sim.scenario(_SHIPPED), texts(language))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not storm", "there is no media storm"),
        ("storm == 0", "there is no media storm"),
        ("storm < 1", "there is no media storm"),
        ("not (not storm)", "there is a media storm"),
        ("12 <= coverage_mean(8)", "mean media coverage of 8 weeks is at least 12 items a week"),
        ("date >= '2015-02-09' and year == 2015", "it is 9 Feb 2015 or later and the year is 2015"),
        ("exited(federation)", "the employer federation has left the equality ombud before"),
        ("exited(ngo, federation)", "the employer federation has left the shelter movement before"),
        (
            "state(federation) != 'formal'",
            "it is not so that the equality ombud and the employer federation are partners with an agreement",
        ),
        ("not (storm or in_window)", "it is not so that (there is a media storm or an awareness window is open)"),
        (
            "storm and (in_window or coverage > 2.5)",
            "there is a media storm and (an awareness window is open or media coverage is more than 2.50 items a week)",
        ),
        ("told(federation) < 0.25", "the share of its ideas that the equality ombud has told the employer federation"
         " is less than 25 %"),
        ("storm == 2", "never"),
        ("storm >= 0", "any week"),
    ],
)  # fmt: skip
def test_conditions_are_said(text: str, said: str) -> None:
    assert _said(text).replace("\u00a0", " ") == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_observable_and_every_word_of_its_list_can_be_said(language: str) -> None:
    case = sim.scenario(_SHIPPED).replace(omniscient=True)
    for name, about in OBSERVABLES.items():
        kinds = {"organisation": ["ombud", "federation"], "audience": [AUDIENCES[0]], "weeks": ["8"]}
        given_names: list[str] = []
        for place, kind in enumerate(about.arguments):
            given_names.append(kinds[kind][min(place, len(kinds[kind]) - 1)])
        call = f"{name}({', '.join(given_names)})" if given_names else name
        if about.flag:
            tries = [call, f"not {call}"]
        elif about.words is not None:
            tries = [f"{call} == '{word}'" for word in about.words.words()]
        elif about.kind == "date":
            tries = [f"{call} {sign} '2015-02-09'" for sign in (">=", ">", "<=", "<", "==", "!=")]
        else:
            tries = [f"{call} {sign} 1" for sign in (">=", ">", "<=", "<", "==", "!=")]
        said = [condition_said(one, case, texts(language)) for one in tries]
        assert len(set(said)) == len(said)
        assert not any("{" in one or "_" in one or "()" in one for one in said), said


def test_ready_conditions_are_sound_in_every_shipped_scenario() -> None:
    for name in catalogue():
        case = sim.scenario(name)
        for one in ready_conditions(case):
            parse_condition(one, case.organisation_ids, initiator=case.default_initiator)
            assert condition_said(one, case, texts("nb"))


_ATOMS = ("storm", "in_window", "coverage > 3", "exited(federation)", "state(federation) == 'cooling'", "week >= 12")
_CONDITIONS = st.recursive(
    st.sampled_from(_ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("and", "or")), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
        ),
        inner.map(lambda one: f"not ({one})"),
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(_CONDITIONS)
def test_brackets_say_what_belongs_together(text: str) -> None:
    """The words, with each atom put back, are the condition again."""
    said = _said(text)
    for atom in _ATOMS:
        said = said.replace(_said(f"not ({atom})"), f"not ({atom})") if not atom.startswith("state") else said
        said = said.replace(_said(atom), atom)
    said = said.replace("it is not so that ", "not ")
    words = {atom: f"v{place}" for place, atom in enumerate(_ATOMS)}
    for atom, letter in words.items():
        text, said = text.replace(atom, letter), said.replace(atom, letter)
    for values in range(2 ** len(_ATOMS)):
        world = {f"v{place}": bool(values >> place & 1) for place in range(len(_ATOMS))}
        assert _truth(text, world) == _truth(said, world), (text, said)


def _truth(text: str, world: dict[str, bool]) -> bool:
    """Read `and`, `or`, `not` and brackets over letters: the parser of conditions with flags in their place."""
    names = {"v0": "storm", "v1": "in_window", "v2": "campaign_running(ombud)", "v3": "exited(federation)",
             "v4": "returned(federation)", "v5": "partnered(federation)"}  # fmt: skip
    for letter, flag in names.items():
        text = text.replace(letter, flag)
    stack: list[bool] = []
    flags = {flag.partition("(")[0]: world[letter] for letter, flag in names.items()}
    for step in parse_condition(text, ("ombud", "federation"), initiator="ombud").program:
        if step.op == "observe":
            stack.append(flags[step.name])
        elif step.op == "not":
            stack.append(not stack.pop())
        else:
            right, left = stack.pop(), stack.pop()
            stack.append((left and right) if step.op == "and" else (left or right))
    return stack.pop()
