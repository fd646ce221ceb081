"""Conditions of actions in words, from the same program that decides in every world whether they hold."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING

from sim.scenarios.conditions import parse_condition
from sim.vocabulary.quantities import OBSERVABLES

if TYPE_CHECKING:
    from sim.scenarios import Scenario
    from sim.scenarios.conditions import Instruction
    from sim.stories.texts import Texts
    from sim.vocabulary.quantities import Quantity

#: Keys of the texts that compare a quantity, and those that place the week against a day.
_NUMBERS = {">=": "at_least", ">": "more", "<=": "at_most", "<": "less", "==": "equal", "!=": "other"}
_DAYS = {">=": "from", ">": "after", "<=": "until", "<": "before", "==": "on", "!=": "not_on"}
_MIRRORED = {">=": "<=", ">": "<", "<=": ">=", "<": ">", "==": "==", "!=": "!="}
_SHARE = "0 to 1"
_TESTS = {">=": ge, ">": gt, "<=": le, "<": lt, "==": eq, "!=": ne}
#: Weeks of calm, and of distance, that ready conditions wait for.
_CALM, _REST = 8, 26
_NO_PARTNERS = ("government", "messenger")
#: Numbers of the calendar have no thousands.
_CALENDAR = ("week", "year", "month")


@dataclass(frozen=True)
class _Said:
    """A part of a condition in words.

    ``kind`` is "number" (a constant), "quantity" (an observable), "flag" or "whole" (true or false); ``opposite`` is
    how the contrary is said, where there are words for it; ``joined`` is "and" or "or" for what those two joined;
    ``names`` are the organisations of a state, whose words depend on what it is compared with.
    """

    kind: str
    text: str = ""
    number: float = 0.0
    about: Quantity | None = None
    opposite: str = ""
    joined: str = ""
    names: tuple[str, str] = ("", "")


def condition_said(text: str, scenario: Scenario, words: Texts) -> str:
    """Say a condition in words.

    Parameters
    ----------
    text
        A sound condition of the scenario.
    scenario
        Whose organisations it names.
    words
        Language.

    Examples
    --------
    >>> import sim
    >>> from sim.stories.texts import texts
    >>> condition_said("not storm and coverage < 10", sim.scenario("baseline"), texts("en"))
    'there is no media storm and media coverage is less than 10 items a week'
    """
    condition = parse_condition(
        text, scenario.organisation_ids, initiator=scenario.default_initiator, omniscient=scenario.omniscient
    )
    stack: list[_Said] = []
    for step in condition.program:
        if step.op == "number":
            stack.append(_Said("number", number=step.number))
        elif step.op == "observe":
            stack.append(_observed(step, scenario, words))
        elif step.op == "not":
            stack.append(_denied(stack.pop(), words))
        else:
            right, left = stack.pop(), stack.pop()
            if step.op in ("and", "or"):
                stack.append(_joined(left, right, step.op, words))
            else:
                stack.append(_compared(left, right, step.op, words))
    return stack.pop().text


def ready_conditions(scenario: Scenario) -> list[str]:
    """Return conditions to choose from: of the media, and of the first organisation's partners."""
    found = ["storm", "not storm", f"weeks_since_storm >= {_CALM}", "critical_campaign_running"]
    if scenario.default_initiator is None:
        return found
    for row in scenario.organisation:
        courted = row.flagship if row.type == "firm" else row.type not in _NO_PARTNERS
        if row.id == scenario.default_initiator or not courted:
            continue
        found += [f"partnered({row.id})", f"not partnered({row.id})", f"exited({row.id})", f"returned({row.id})"]
        found.append(f"state({row.id}) == 'cooling' and weeks_since_exit({row.id}) >= {_REST}")
        if row.type == "firm":
            found += [f"contract({row.id}) > 0", f"uncredited_public({row.id})"]
    return found


def _observed(step: Instruction, scenario: Scenario, words: Texts) -> _Said:
    about = OBSERVABLES[step.name]
    names = []
    for kind, given in zip(about.arguments, (step.a, step.b), strict=False):
        if kind == "organisation":
            names.append(words.named(words.organisation(scenario, given)))
        elif kind == "audience":
            names.append(words.maybe("audience", given, given))
    a, b = (*names, "", "")[:2]
    filled = {"a": a, "b": b, "n": words.number(step.number, 0)}
    if about.flag:
        yes, no = (words(f"condition.{answer}.{step.name}", **filled) for answer in ("yes", "no"))
        return _Said("flag", yes, about=about, opposite=no)
    if about.kind == "number":
        return _Said("quantity", words(f"condition.quantity.{step.name}", **filled), about=about)
    return _Said("quantity", about=about, names=(a, b))


def _denied(said: _Said, words: Texts) -> _Said:
    if said.opposite:
        return replace(said, text=said.opposite, opposite=said.text)
    return _Said("whole", words("condition.not", what=f"({said.text})" if said.joined else said.text))


def _joined(left: _Said, right: _Said, how: str, words: Texts) -> _Said:
    parts = [f"({one.text})" if one.joined not in ("", how) else one.text for one in (left, right)]
    return _Said("whole", words(f"condition.{how}", left=parts[0], right=parts[1]), joined=how)


def _compared(left: _Said, right: _Said, operator: str, words: Texts) -> _Said:
    if left.kind == "number" and right.kind != "number":
        left, right, operator = right, left, _MIRRORED[operator]
    about = left.about
    if about is None or right.kind != "number":
        return _compare_text(left.text, operator, right.text or words.number(right.number), words)
    if about.kind == "date":
        day = words.day(datetime.date.fromordinal(round(right.number)))
        return _Said("whole", words(f"condition.day.{_DAYS[operator]}", day=day))
    if about.words is not None:
        word = about.words(round(right.number)).word
        a, b = left.names
        found = _Said("whole", words(f"condition.{about.condition}.{word}", a=a, b=b))
        return found if operator == "==" else _denied(found, words)
    if left.kind == "flag":
        return _flag(left, right.number, operator, words)
    return _compare_text(left.text, operator, _amount(right.number, about, words), words)


def _compare_text(what: str, operator: str, value: str, words: Texts) -> _Said:
    return _Said("whole", words(f"condition.{_NUMBERS[operator]}", what=what, value=value))


def _amount(number: float, about: Quantity, words: Texts) -> str:
    if about.condition in _CALENDAR:
        return f"{number:g}"
    if about.unit == _SHARE:
        return words.amount(number, "share")
    return words.amount(number, about.unit, 0 if number == round(number) else None)


def _flag(left: _Said, number: float, operator: str, words: Texts) -> _Said:
    """Say a yes or no that is compared with 1 or 0 as what it comes to."""
    holds = [_TESTS[operator](value, number) for value in (0.0, 1.0)]
    if holds[0] == holds[1]:
        return _Said("whole", words("condition.always" if holds[0] else "condition.never"))
    return left if holds[1] else _denied(left, words)
