"""Conditions of actions: read without evaluating anything, and turned into a small postfix program.

The language is closed: the observables of `sim.scenarios.observables`, numbers, quoted words and days,
``< <= > >= == !=``, ``and``, ``or``, ``not`` and parentheses.

Grammar::

    condition  = conjunct { "or" conjunct }
    conjunct   = negation { "and" negation }
    negation   = "not" negation | comparison
    comparison = operand [ ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) operand ]
    operand    = number | quoted | observable | "(" condition ")"

Running a program needs one stack: "number" and "observe" push, "not" replaces the top, everything else takes
two values and pushes 1.0 or 0.0. The stack never holds more than `MAX_STACK` values.
"""

from __future__ import annotations

import datetime
import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from sim.errors import InputError
from sim.parameters import AUDIENCES
from sim.scenarios.observables import (
    DECISION_CODES,
    NEVER,
    OBSERVABLES,
    POLICY_CODES,
    STATE_CODES,
    Observable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "DECISION_CODES",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MAX_STACK",
    "NEVER",
    "OBSERVABLES",
    "POLICY_CODES",
    "STATE_CODES",
    "Condition",
    "Instruction",
    "parse_condition",
]

MAX_LENGTH = 2_000
MAX_DEPTH = 32
#: Each level of nesting can leave three values waiting: the left sides of an "or", an "and" and a comparison.
MAX_STACK = 3 * (MAX_DEPTH + 1) + 1

_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
_WEEKS_LOW, _WEEKS_HIGH = 2, 52
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<text>'[^']*')|(?P<symbol><=|>=|==|!=|[<>(),])"
)


@dataclass(frozen=True)
class Instruction:
    """One step of a condition's program.

    Attributes
    ----------
    op
        ``number``, ``observe``, a comparison, ``and``, ``or`` or ``not``.
    name
        Observable to push, for ``observe``.
    a, b
        Its arguments: organisation ids, or an audience as the second one; empty if it has none.
    number
        Constant to push, for ``number``; the count of weeks, for ``observe`` of a mean.
    """

    op: str
    name: str = ""
    a: str = ""
    b: str = ""
    number: float = 0.0


@dataclass(frozen=True)
class Condition:
    """A condition that was read and found sound.

    Attributes
    ----------
    text
        As written.
    program
        Postfix instructions; the one value left at the end is 1.0 (true) or 0.0.
    """

    text: str
    program: tuple[Instruction, ...]


def parse_condition(
    text: str,
    organisations: Iterable[str],
    *,
    initiator: str | None = None,
    omniscient: bool = False,
    where: str = "condition",
) -> Condition:
    """Read a condition.

    Parameters
    ----------
    text
        The condition, at most 2,000 characters.
    organisations
        Ids that may be named.
    initiator
        First organisation of the short form: ``exited(federation)`` is ``exited(initiator, federation)``.
    omniscient
        Allow hidden quantities such as trust.
    where
        Beginning of an error message: file, action and field.

    Returns
    -------
    Condition

    Raises
    ------
    InputError
        The text is not a condition of the closed language; the message gives the column.

    Examples
    --------
    >>> parse_condition("coverage < 10", []).program[-1].op
    '<'
    """
    try:
        parser = _Parser(_tokens(text), tuple(organisations), initiator, omniscient)
        return Condition(text, parser.condition())
    except _RefusedError as refused:
        prefix = f"{where}: " if where else ""
        raise InputError(f"{prefix}column {refused.column}: {refused}") from None


class _RefusedError(ValueError):
    """Something in the text is not part of the language."""

    def __init__(self, column: int, message: str) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int


@dataclass(frozen=True)
class _Value:
    """What an operand or a finished part of the condition stands for.

    ``kind`` is boolean, flag (0/1 observable), number, date, text (an observable) or quoted (unresolved).
    """

    kind: str
    column: int
    code: tuple[Instruction, ...] = ()
    shown: str = ""
    codes: Mapping[str, int] | None = None


def _tokens(text: str) -> list[_Token]:
    if len(text) > MAX_LENGTH:
        raise _RefusedError(MAX_LENGTH, f"found {len(text):,} characters, expected at most {MAX_LENGTH:,}")
    found: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            _refuse_character(text, at)
        if match.lastgroup != "space":
            found.append(_Token(str(match.lastgroup), match.group(), at + 1))
        at = match.end()
    found.append(_Token("end", "the end", len(text) + 1))
    return found


def _refuse_character(text: str, at: int) -> NoReturn:
    character = text[at]
    if character == "'":
        raise _RefusedError(at + 1, "found a quoted text that never ends, expected a closing '")
    if character == '"':
        raise _RefusedError(at + 1, "found a double quote, expected text in single quotes")
    if character == "=":
        raise _RefusedError(at + 1, "found =, expected == to compare")
    if character in "+-*/%^":
        raise _RefusedError(at + 1, f"found {character}, expected no arithmetic: conditions only compare")
    raise _RefusedError(at + 1, f"found {character!r}, expected a name, a number, quoted text or an operator")


def _close(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


@dataclass
class _Parser:
    tokens: list[_Token]
    organisations: tuple[str, ...]
    initiator: str | None
    omniscient: bool
    at: int = 0
    depth: int = field(default=0)

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def _next(self) -> _Token:
        token = self.token
        self.at += 1
        return token

    def _is(self, text: str) -> bool:
        return self.token.kind in ("name", "symbol") and self.token.text == text

    def condition(self) -> tuple[Instruction, ...]:
        value = self._or()
        if self.token.kind != "end":
            raise _RefusedError(
                self.token.column, f"found {self.token.text!r}, expected and, or, a comparison or the end"
            )
        return _truth(value).code

    def _or(self) -> _Value:
        value = self._and()
        while self._is("or"):
            value = self._join(value, self._next(), self._and())
        return value

    def _and(self) -> _Value:
        value = self._not()
        while self._is("and"):
            value = self._join(value, self._next(), self._not())
        return value

    def _join(self, left: _Value, operator: _Token, right: _Value) -> _Value:
        code = (*_truth(left).code, *_truth(right).code, Instruction(operator.text))
        return _Value("boolean", left.column, code)

    def _not(self) -> _Value:
        if not self._is("not"):
            return self._comparison()
        start = self._next()
        self._enter(start)
        inner = _truth(self._not())
        self.depth -= 1
        return _Value("boolean", start.column, (*inner.code, Instruction("not")))

    def _enter(self, token: _Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _RefusedError(token.column, f"nesting too deep, expected at most {MAX_DEPTH} levels")

    def _comparison(self) -> _Value:
        left = self._operand()
        if self.token.text not in _COMPARISONS:
            return left
        operator = self._next()
        value = _compare(left, operator, self._operand())
        if self.token.text in _COMPARISONS:
            raise _RefusedError(
                self.token.column, f"found a second {self.token.text}, expected 'and' between two comparisons"
            )
        return value

    def _operand(self) -> _Value:
        token = self._next()
        if token.kind == "number":
            return _Value("number", token.column, (Instruction("number", number=_real(token)),), token.text)
        if token.kind == "text":
            return _Value("quoted", token.column, shown=token.text[1:-1])
        if token.text == "(":
            self._enter(token)
            inner = self._or()
            self._close_bracket()
            self.depth -= 1
            return inner
        if token.kind == "name" and token.text not in ("and", "or", "not"):
            return self._observable(token)
        raise _RefusedError(token.column, f"found {token.text!r}, expected an observable, a number or quoted text")

    def _close_bracket(self) -> None:
        if not self._is(")"):
            raise _RefusedError(self.token.column, f"found {self.token.text!r}, expected )")
        self.at += 1

    def _observable(self, token: _Token) -> _Value:
        entry = OBSERVABLES.get(token.text)
        called = self._is("(")
        if entry is None:
            seen = [name for name, known in OBSERVABLES.items() if self.omniscient or not known.hidden]
            hint = _close(token.text, seen)
            if called:
                raise _RefusedError(
                    token.column,
                    f"calls a function, {token.text!r}: expected an observable{hint}",
                )
            raise _RefusedError(token.column, f"found {token.text!r}, expected an observable{hint}")
        if entry.hidden and not self.omniscient:
            raise _RefusedError(
                token.column,
                f"{token.text!r} is hidden from the actors, expected an observable (or omniscient = true)",
            )
        arguments = self._arguments(entry, token) if called else []
        a, b, number = self._bind(entry, token, arguments)
        code = (Instruction("observe", entry.name, a, b, number),)
        kind = "flag" if entry.is_flag else entry.kind
        return _Value(kind, token.column, code, entry.name, entry.codes)

    def _arguments(self, entry: Observable, token: _Token) -> list[_Token]:
        self.at += 1
        found: list[_Token] = []
        while True:
            if self.token.kind not in ("name", "number"):
                raise _RefusedError(
                    self.token.column,
                    f"found {self.token.text!r}, expected {entry.pattern} for {token.text!r}",
                )
            found.append(self._next())
            if not self._is(","):
                break
            self.at += 1
        self._close_bracket()
        return found

    def _bind(self, entry: Observable, token: _Token, found: list[_Token]) -> tuple[str, str, float]:
        """Check the arguments against the kinds that the observable takes."""
        kinds = entry.arguments
        pair = kinds == ("organisation", "organisation")
        if pair and len(found) == 1:
            if self.initiator is None:
                raise _RefusedError(token.column, f"short form without an initiator, expected {entry.pattern}")
            found = [_Token("name", self.initiator, token.column), *found]
        if len(found) != len(kinds):
            raise _RefusedError(
                token.column, f"found {len(found)} arguments for {entry.name!r}, expected {entry.pattern}"
            )
        words = ["", ""]
        number = 0.0
        for place, (kind, argument) in enumerate(zip(kinds, found, strict=True)):
            if kind == "weeks":
                number = self._weeks(argument)
            elif kind == "audience":
                words[place] = self._known(argument, "audience", AUDIENCES)
            else:
                words[place] = self._known(argument, "organisation", self.organisations)
        if pair and words[0] == words[1]:
            raise _RefusedError(
                token.column, f"found {words[0]!r} with itself, expected two organisations in {entry.pattern}"
            )
        return words[0], words[1], number

    def _known(self, argument: _Token, kind: str, known: tuple[str, ...]) -> str:
        if argument.text not in known:
            raise _RefusedError(
                argument.column,
                f"unknown {kind} {argument.text!r}, expected one of {', '.join(known) or 'none'}"
                + _close(argument.text, known),
            )
        return argument.text

    def _weeks(self, argument: _Token) -> float:
        number = _real(argument) if argument.kind == "number" else -1.0
        if not number.is_integer() or not _WEEKS_LOW <= number <= _WEEKS_HIGH:
            raise _RefusedError(
                argument.column,
                f"found {argument.text}, expected a whole number of weeks from {_WEEKS_LOW} to {_WEEKS_HIGH}",
            )
        return number


def _real(token: _Token) -> float:
    number = float(token.text)
    if number == float("inf"):
        raise _RefusedError(token.column, f"found {token.text}, expected a smaller number")
    return number


def _truth(value: _Value) -> _Value:
    if value.kind not in ("boolean", "flag"):
        shown = f"'{value.shown}'" if value.kind == "quoted" else value.shown
        raise _RefusedError(
            value.column,
            f"found {shown} alone, expected a comparison such as {shown} > 0"
            if value.kind == "number"
            else f"found {shown} alone, expected a comparison",
        )
    return value


def _compare(left: _Value, operator: _Token, right: _Value) -> _Value:
    for side in (left, right):
        if side.kind == "boolean":
            raise _RefusedError(
                operator.column,
                f"{operator.text} between conditions, expected a value on each side",
            )
    if left.kind == "quoted" and right.kind == "quoted":
        raise _RefusedError(left.column, "found two quoted texts, expected an observable on one side")
    left, right = _resolve(left, right), _resolve(right, left)
    kinds = {"number" if side.kind == "flag" else side.kind for side in (left, right)}
    if len(kinds) > 1 or (kinds == {"text"} and left.codes is not right.codes):
        raise _RefusedError(
            operator.column, f"compares {_described(left)} with {_described(right)}, expected the same kind"
        )
    if kinds == {"text"} and operator.text not in ("==", "!="):
        raise _RefusedError(operator.column, f"found {operator.text} between texts, expected == or !=")
    return _Value("boolean", left.column, (*left.code, *right.code, Instruction(operator.text)))


def _described(value: _Value) -> str:
    return f"{value.shown} ({'number' if value.kind == 'flag' else value.kind})"


def _resolve(value: _Value, other: _Value) -> _Value:
    """Give a quoted text its number, by the kind of the value on the other side."""
    if value.kind != "quoted":
        return value
    if other.kind == "date":
        try:
            number = datetime.date.fromisoformat(value.shown).toordinal()
        except ValueError:
            raise _RefusedError(value.column, f"found '{value.shown}', expected a day as '2015-02-09'") from None
        return _Value("date", value.column, (Instruction("number", number=float(number)),), value.shown)
    if other.codes is None:
        raise _RefusedError(
            value.column, f"text '{value.shown}' is compared to a number ({other.shown}), expected a number"
        )
    if value.shown not in other.codes:
        known = ", ".join(f"'{name}'" for name in other.codes)
        raise _RefusedError(
            value.column,
            f"found '{value.shown}' for {other.shown}, expected one of {known}" + _close(value.shown, other.codes),
        )
    code = (Instruction("number", number=float(other.codes[value.shown])),)
    return _Value("text", value.column, code, value.shown, other.codes)
