"""Conditions of actions: read without evaluating anything, and turned into a small postfix program.

The language is closed: the observables of `sim.vocabulary.quantities`, numbers, quoted words and days,
``< <= > >= == !=``, ``and``, ``or``, ``not`` and parentheses.

Grammar::

    condition  = conjunct { "or" conjunct }
    conjunct   = negation { "and" negation }
    negation   = "not" negation | comparison
    comparison = operand [ ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) operand ]
    operand    = number | quoted | observable | "(" condition ")"
    observable = name [ "(" argument { "," argument } ")" ]
    argument   = name | number

Operands are read from left to right; Python's `ast` then groups them, in a text where a stand-in replaces each
operand. So Python never sees a name of ours (an organisation may be called "class"), and as the order of the parts
is checked before, all refusals are sentences of ours.

Running a program needs one stack: "number" and "observe" push, "not" replaces the top, everything else takes
two values and pushes 1.0 or 0.0. The stack never holds more than `MAX_STACK` values.
"""

from __future__ import annotations

import ast
import datetime
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NoReturn

from sim.errors import InputError
from sim.vocabulary.audiences import AUDIENCES
from sim.vocabulary.quantities import OBSERVABLES, Quantity
from sim.words.language import Said, guessed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.vocabulary.coded import Coded

MAX_LENGTH = 2_000
MAX_DEPTH = 32
#: Each level of nesting can leave three values waiting: the left sides of an "or", an "and" and a comparison.
MAX_STACK = 3 * (MAX_DEPTH + 1) + 1

_WEEKS_LOW, _WEEKS_HIGH = 2, 52
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<join>(?i:and|or)\b)
    | (?P<not>(?i:not)\b)
    | (?P<call>[^\W\d]\w*)\s*\(
    | (?P<name>[^\W\d]\w*)
    | (?P<text>'[^']*')
    | (?P<compare><=|>=|==|!=|<(?!>)|>)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<comma>,)
    | (?P<wrong>=[<>]|<>|&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)
#: Kinds of token that an operand begins with.
_OPERANDS = ("number", "text", "name", "call")
#: What Python is given for a token; the last closes the bracket that lets a condition have many lines.
_STAND_INS = {**dict.fromkeys(_OPERANDS, "operand"), "end": ")"}
#: Slips of the hand and of other languages: how they are called, and what was meant.
_WRONG_SHOWN = {"'": "a quoted text that never ends", '"': "a double quote"}
_WRONG_EXPECTED = {
    **dict.fromkeys("+-*/%^", "no arithmetic: conditions only compare"),
    **dict.fromkeys("‘’‚“”„«»´`", "straight single quotes, as in 'informal'"),
    **{"'": "a closing '", '"': "text in single quotes", "=": "== to compare"},
    **{"=>": ">=", "=<": "<=", "<>": "!=", "≥": ">=", "≤": "<=", "≠": "!="},
    **{"&&": "and", "&": "and", "||": "or", "|": "or", "!": "not"},
}


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
        reader = _Reader(tuple(organisations), initiator, omniscient)
        return Condition(text, reader.program(iter(_tokens(text))))
    except _RefusedError as refused:
        said = refused.args[0]
        raise InputError(Said("at", place=where, rest=said) if where else said) from None


class _RefusedError(ValueError):
    """Something in the text is not part of the language."""


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int

    def refuse(self, message: str) -> NoReturn:
        raise _RefusedError(Said("column", n=str(self.column), rest=message))


@dataclass(frozen=True)
class _Value:
    """What an operand or a finished part of the condition stands for.

    ``kind`` is boolean, number, date, text (an observable) or quoted (unresolved); what is true or false may stand
    alone.
    """

    kind: str
    token: _Token
    code: tuple[Instruction, ...] = ()
    words: type[Coded] | None = None
    may_stand_alone: bool = False

    @property
    def shown(self) -> str:
        return repr(self.token.text[1:-1]) if self.kind == "quoted" else self.token.text


def _tokens(text: str) -> list[_Token]:
    if len(text) > MAX_LENGTH:
        _Token("", "", MAX_LENGTH).refuse(f"found {len(text):,} characters, expected at most {MAX_LENGTH:,}")
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        token = _Token(kind, match[kind], match.start() + 1)
        if kind in ("join", "not") and tokens and tokens[-1].kind in ("call", "comma"):
            token = replace(token, kind="name")  # An organisation may be called "and".
        elif kind == "wrong" or (kind in ("join", "not") and not token.text.islower()):
            _refuse_wrong(token)
        if kind != "space":
            tokens.append(token)
    return [*tokens, _Token("end", "the end", len(text) + 1)]


def _refuse_wrong(token: _Token) -> NoReturn:
    if token.kind != "wrong":
        token.refuse(f"found {token.text!r}, expected {token.text.lower()}")
    if token.text not in _WRONG_EXPECTED:
        token.refuse(f"found {token.text!r}, expected a name, a number, quoted text or an operator")
    token.refuse(f"found {_WRONG_SHOWN.get(token.text, token.text)}, expected {_WRONG_EXPECTED[token.text]}")


def _next(tokens: Iterator[_Token], kinds: tuple[str, ...], expected: str) -> _Token:
    token = next(tokens)
    if token.kind not in kinds:
        shown = f"{token.text}(" if token.kind == "call" else token.text
        end = token.kind == "end"
        token.refuse(Said("end", expected=expected) if end else Said("found", found=repr(shown), expected=expected))
    return token


@dataclass
class _Reader:
    """Reads the operands and checks the order of the parts, then turns Python's tree of them into a program."""

    organisations: tuple[str, ...]
    initiator: str | None
    omniscient: bool
    #: The text, each operand as one part; brackets and "not" that have not ended; what the operands stand for.
    parts: list[_Token] = field(default_factory=list)
    nesting: list[_Token] = field(default_factory=list)
    operands: dict[_Token, _Value] = field(default_factory=dict)

    def program(self, tokens: Iterator[_Token]) -> tuple[Instruction, ...]:
        before = "join"
        while before != "end":
            token = _next(tokens, *self._expected(before))
            before = token.kind
            self.parts.append(token)
            if token.kind in _OPERANDS:
                self.operands[token] = self._operand(token, tokens)
            else:
                self._nest(token)
        # One part to a line: the line of a node is the number of its first part.
        lines = (_STAND_INS.get(part.kind, part.text) for part in self.parts)
        return _truth(self._value(ast.parse("(" + "\n".join(lines), mode="eval").body))

    def _expected(self, before: str) -> tuple[tuple[str, ...], str]:
        """Return the kinds of token that may follow, and how to say so."""
        if before not in (*_OPERANDS, "close"):
            more = ("open",) if before == "compare" else ("open", "not")
            return (*_OPERANDS, *more), Said("operand")
        if any(token.kind == "open" for token in self.nesting):
            return ("join", "compare", "close"), ")"
        return ("join", "compare", "end"), "and, or, a comparison or the end"

    def _nest(self, token: _Token) -> None:
        """Count the levels: a "not" ends at the next "and", "or" or ")"."""
        if token.kind in ("open", "not"):
            self.nesting.append(token)
            if len(self.nesting) > MAX_DEPTH:
                token.refuse(f"nesting too deep, expected at most {MAX_DEPTH} levels")
        if token.kind in ("join", "close"):
            while self.nesting and self.nesting[-1].kind == "not":
                self.nesting.pop()
        if token.kind == "close":
            self.nesting.pop()

    def _operand(self, token: _Token, following: Iterator[_Token]) -> _Value:
        if token.kind == "number":
            return _Value("number", token, (Instruction("number", number=_real(token)),))
        if token.kind == "text":
            return _Value("quoted", token)
        entry = self._entry(token)
        given: list[_Token] = []
        more = token.kind == "call"
        while more:
            given.append(_next(following, ("name", "number"), f"{entry.pattern} for {entry.condition!r}"))
            more = _next(following, ("comma", "close"), ")").kind == "comma"
        code = (self._observe(entry, token, given),)
        return _Value(entry.kind, token, code, entry.words, may_stand_alone=entry.flag)

    def _entry(self, token: _Token) -> Quantity:
        entry = OBSERVABLES.get(token.text)
        if entry is None:
            known = [name for name, quantity in OBSERVABLES.items() if self.omniscient or not quantity.hidden]
            expected = guessed(Said("observable"), token.text, known)
            if token.kind == "call":
                token.refuse(f"calls a function, {token.text!r}: expected {expected}")
            token.refuse(Said("found", found=repr(token.text), expected=expected))
        if entry.hidden and not self.omniscient:
            token.refuse(f"{token.text!r} is hidden from the actors, expected an observable (or omniscient = true)")
        return entry

    def _observe(self, entry: Quantity, token: _Token, given: list[_Token]) -> Instruction:
        """Check the arguments against the kinds that the observable takes."""
        pair = entry.arguments == ("organisation", "organisation")
        if pair and len(given) == 1:
            if self.initiator is None:
                token.refuse(f"short form without an initiator, expected {entry.pattern}")
            given = [replace(token, text=self.initiator), *given]
        if len(given) != len(entry.arguments):
            token.refuse(f"found {len(given)} arguments for {entry.condition!r}, expected {entry.pattern}")
        if entry.arguments == ("weeks",):
            return Instruction("observe", entry.condition, number=_weeks(given[0]))
        known = {"organisation": self.organisations, "audience": AUDIENCES}
        words = [_known(word, kind, known[kind]) for kind, word in zip(entry.arguments, given, strict=True)]
        if pair and words[0] == words[1]:
            token.refuse(f"found {words[0]!r} with itself, expected two organisations in {entry.pattern}")
        a, b = (*words, "", "")[:2]
        return Instruction("observe", entry.condition, a, b)

    def _value(self, node: ast.expr) -> _Value:
        token = self.parts[node.lineno - 1]
        match node:
            case ast.Name():
                return self.operands[token]
            case ast.Compare():
                return self._comparison(node)
            case ast.UnaryOp(op=ast.Not()):
                code = (*_truth(self._value(node.operand)), Instruction("not"))
            case ast.BoolOp():
                word = "and" if isinstance(node.op, ast.And) else "or"
                code, *others = [_truth(self._value(part)) for part in node.values]
                for other in others:
                    code = (*code, *other, Instruction(word))
            case _:
                token.refuse(f"found {token.text!r}, expected a condition")
        return _Value("boolean", token, code, may_stand_alone=True)

    def _comparison(self, node: ast.Compare) -> _Value:
        operator, *more = [self._operator(side) for side in node.comparators]
        if more:
            more[0].refuse(f"found a second {more[0].text}, expected 'and' between two comparisons")
        return _compare(self._value(node.left), operator, self._value(node.comparators[0]))

    def _operator(self, right: ast.expr) -> _Token:
        """Return the operator before a right side: `ast` does not say where operators stand."""
        place = right.lineno - 2
        while self.parts[place].kind == "open":
            place -= 1
        return self.parts[place]


def _known(argument: _Token, kind: str, known: tuple[str, ...]) -> str:
    if argument.text not in known:
        expected = guessed(Said("one_of", list=", ".join(known) or "none"), argument.text, list(known))
        argument.refuse(Said(f"unknown_{kind}", found=repr(argument.text), expected=expected))
    return argument.text


def _weeks(argument: _Token) -> float:
    number = float(argument.text) if argument.kind == "number" else 0.0
    if not number.is_integer() or not _WEEKS_LOW <= number <= _WEEKS_HIGH:
        argument.refuse(f"found {argument.text}, expected a whole number of weeks from {_WEEKS_LOW} to {_WEEKS_HIGH}")
    return number


def _real(token: _Token) -> float:
    number = float(token.text)
    if number == float("inf"):
        token.refuse(f"found {token.text}, expected a smaller number")
    return number


def _truth(value: _Value) -> tuple[Instruction, ...]:
    if not value.may_stand_alone:
        example = f"{value.shown} > 0"
        expected = Said("comparison", example=example) if value.kind == "number" else Said("compared")
        value.token.refuse(Said("alone", found=value.shown, expected=expected))
    return value.code


def _compare(left: _Value, operator: _Token, right: _Value) -> _Value:
    if "boolean" in (left.kind, right.kind):
        operator.refuse(f"{operator.text} between conditions, expected a value on each side")
    if left.kind == right.kind == "quoted":
        left.token.refuse("found two quoted texts, expected an observable on one side")
    left, right = _resolve(left, right), _resolve(right, left)
    if left.kind != right.kind or left.words is not right.words:
        both = f"{left.shown} ({left.kind}) with {right.shown} ({right.kind})"
        operator.refuse(f"compares {both}, expected the same kind")
    if left.kind == "text" and operator.text not in ("==", "!="):
        operator.refuse(f"found {operator.text} between texts, expected == or !=")
    code = (*left.code, *right.code, Instruction(operator.text))
    return _Value("boolean", left.token, code, may_stand_alone=True)


def _resolve(value: _Value, other: _Value) -> _Value:
    """Give a quoted text its number, by the kind of the value on the other side."""
    if value.kind != "quoted":
        return value
    word, refuse = value.token.text[1:-1], value.token.refuse
    if other.kind == "date":
        try:
            number = datetime.date.fromisoformat(word).toordinal()
        except ValueError:
            refuse(f"found {word!r}, expected a day as '2015-02-09'")
    elif other.words is None:
        refuse(f"text {word!r} is compared to a number ({other.shown}), expected a number")
    elif word not in other.words.words():
        names = other.words.words()
        expected = guessed(Said("one_of", list=", ".join(f"'{name}'" for name in names)), word, list(names))
        refuse(f"found {word!r} for {other.shown}, expected {expected}")
    else:
        number = other.words.of(word)
    return _Value(other.kind, value.token, (Instruction("number", number=float(number)),), other.words)
