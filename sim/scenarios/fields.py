"""The kinds of values a scenario file may hold, each with the sentence that says what was expected.

Numbers are checked by hand rather than by pydantic's bounds: a refusal has to name the whole range, and a
TOML ``true`` must not pass as 1.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.vocabulary.coded import Coded
from sim.vocabulary.partnerships import ContractItem, StructureItem
from sim.words.language import Said

Mark = TypeVar("Mark")

LAST_WEEK = 5200
LARGEST_WEEKLY = 10_000_000_000
LONGEST_TEXT = 10_000
LONGEST_WORD = 60
_WORD = re.compile(r"[^\W\d]\w*")
_LABEL = re.compile(r"[\w][\w.\-]*")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
EMPLOYERS = "employers"  # all of them, as a target
_RESERVED = frozenset({"and", "or", "not"})


class Frozen(BaseModel):
    """A row of a scenario file: unknown keys are refused and nothing changes after loading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, protected_namespaces=(), hide_input_in_errors=True
    )


def problem(expected: str, *place: str | int, **found: Any) -> PydanticCustomError:
    """Build the error for a value that was refused.

    Parameters
    ----------
    expected
        What would have been accepted, as it ends a sentence ("a number from 0 to 1").
    place
        Keys that lead from the validated row to the refused value.
    found
        ``found=value`` if the refused value is not the validated input itself.
    """
    return PydanticCustomError("expected", "{expected}", {"expected": expected, "place": place, **found})


def _span(kind: str, low: float | None, high: float | None) -> Said:
    if low is not None and high is not None:
        return Said(kind, low=low, high=high)
    return Said(f"any_{kind}") if low is None else Said(f"{kind}_from", low=low)


def real(low: float | None = None, high: float | None = None) -> BeforeValidator:
    """Accept a finite number in [low, high]."""
    expected = _span("number", low, high)

    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise problem(expected)
        try:
            number = float(value)
        except OverflowError:
            raise problem(expected) from None
        if not math.isfinite(number) or (low is not None and number < low) or (high is not None and number > high):
            raise problem(expected)
        return number

    return BeforeValidator(check)


def integer(low: int | None = None, high: int | None = None) -> BeforeValidator:
    """Accept a whole number in [low, high]."""
    expected = _span("whole", low, high)

    def check(value: object) -> int:
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not whole or (low is not None and value < low) or (high is not None and value > high):  # type: ignore[operator]
            raise problem(expected)
        return value  # type: ignore[return-value]

    return BeforeValidator(check)


def _flag(value: object) -> bool:
    if isinstance(value, bool) or (isinstance(value, int) and value in (0, 1)):
        return bool(value)
    raise problem(Said("truth"))


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise problem(Said("text_of", n=LONGEST_TEXT))
    return value


def _word(value: object) -> str:
    fits = isinstance(value, str) and len(value) <= LONGEST_WORD and _WORD.fullmatch(value) is not None
    if not fits or value in _RESERVED:
        raise problem(Said("word", n=LONGEST_WORD))
    return str(value)


def _label(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_WORD or _LABEL.fullmatch(value) is None:
        raise problem(Said("name", n=LONGEST_WORD))
    return value


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (_word(value),)
    if not isinstance(value, Sequence):
        raise problem(Said("words"))
    words = tuple(_word(item) for item in value)
    if len(set(words)) != len(words):
        raise problem(Said("only_once"))
    return words


def _members(value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise problem(Said("two"))
    members = tuple(_word(item) for item in value)
    if len(members) < 2 or len(set(members)) != len(members):
        raise problem(Said("two_different"))
    return members


def _day(value: object) -> datetime.date:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    if isinstance(value, str) and _ISO_DAY.fullmatch(value.strip()):
        try:
            return datetime.date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise problem(Said("date_as"))


def _when(value: object) -> datetime.date | int | str:
    if isinstance(value, str) and value.strip() and not _ISO_DAY.fullmatch(value.strip()):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LAST_WEEK:
        return value
    try:
        return _day(value)
    except PydanticCustomError:
        raise problem(Said("when", low=0, high=LAST_WEEK)) from None


def _due(value: object) -> datetime.date | int:
    moment = _when(value)
    if isinstance(moment, str):
        raise problem(Said("day", low=0, high=LAST_WEEK))
    return moment


def _all_in(values: Sequence[Any], names: tuple[str, ...]) -> bool:
    return all(isinstance(value, str) and value in names for value in values)


class OneOf:
    """Accept a word of a closed list.

    Parameters
    ----------
    closed
        The list; a code for compiled rules stands behind each of its words.
    without
        Words that a file may not use.
    """

    def __init__(self, closed: type[Coded], *without: Coded) -> None:
        self.closed = closed
        self.words = tuple(member.word for member in closed if member not in without)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check before pydantic does, with a sentence of our own."""
        return core_schema.no_info_before_validator_function(self._check, handler(source))

    def code(self, word: str) -> int:
        """Return the code of a word."""
        return int(self.closed.of(word))

    def _check(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise problem(Said("one_of", list=", ".join(self.words)))
        return value


class SomeOf:
    """Accept one word of a closed list or a list of them without repeats; kept in the order written."""

    def __init__(self, closed: type[Coded], *, least: int = 0) -> None:
        self.closed = closed
        self.words = closed.words()
        self.least = least

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check before pydantic does, with a sentence of our own."""
        return core_schema.no_info_before_validator_function(self._check, handler(source))

    def code(self, words: Sequence[str]) -> int:
        """Return the words as bits."""
        return sum(1 << self.closed.of(word) for word in words)

    def _check(self, value: object) -> tuple[str, ...]:
        expected = Said("one_or_more", list=", ".join(self.words))
        listed = (value,) if isinstance(value, str) else value
        if not isinstance(listed, Sequence) or not _all_in(listed, self.words):
            raise problem(expected)
        if len(listed) < self.least or len(set(listed)) != len(listed):
            raise problem(Said("each_once", rest=expected))
        return tuple(listed)


class ItemsOf(SomeOf):
    """Accept how many of the first words of a closed list, or a list of them; kept in the order of the list."""

    def _check(self, value: object) -> tuple[str, ...]:
        expected = Said("terms", n=len(self.words), list=", ".join(self.words))
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= len(self.words):
            return self.words[:value]
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise problem(expected)
        if not _all_in(value, self.words) or len(set(value)) != len(value):
            raise problem(expected)
        return tuple(word for word in self.words if word in value)


@dataclass(frozen=True)
class Refers:
    """An argument that names other rows of the scenario: organisations, ideas or labels of campaigns."""

    kind: Literal["organisation", "idea", "campaign"]


@dataclass(frozen=True)
class Aimed:
    """An argument that names whom something is about: organisations, or employers in general."""


@dataclass(frozen=True)
class Kept:
    """Where a compiled plan keeps an argument if not under its own name, and how it becomes a number.

    ``number`` gets the action and the rows and codes of its scenario (`sim.plan.translate.Translation`).
    """

    column: str = ""
    number: Callable[[Any, Any], float] | None = None


def mark(field: FieldInfo, kind: type[Mark]) -> Mark | None:
    """Return what a field says of itself: the first mark of a kind in its annotation."""
    return _first([*field.metadata, field.annotation], kind)


def _first(parts: Iterable[Any], kind: type[Mark]) -> Mark | None:
    for part in parts:
        inner = part if isinstance(part, kind) else _first((*get_args(part), *getattr(part, "__metadata__", ())), kind)
        if inner is not None:
            return inner
    return None


def _weekly(value: object) -> tuple[float, ...]:
    listed = (value,) if isinstance(value, (int, float)) else value
    if isinstance(listed, str) or not isinstance(listed, Sequence) or not 1 <= len(listed) <= LAST_WEEK:
        raise problem(Said("weekly"))
    for number in listed:
        good = isinstance(number, (int, float)) and not isinstance(number, bool)
        if not good or not 0 <= number <= LARGEST_WEEKLY:  # NaN lies nowhere
            raise problem(Said("weekly_of", rest=Said("number", low=0, high=LARGEST_WEEKLY)), found=number)
    return tuple(float(number) for number in listed)


Share = Annotated[float, real(0.0, 1.0)]
Signed = Annotated[float, real(-1.0, 1.0)]
Euro = Annotated[float, real(0.0, 1e9)]
Hours = Annotated[float, real(0.0, 1e5)]
Rate = Annotated[float, real(0.0, 10.0)]  # a year
Count = Annotated[int, integer(1, 10_000_000)]
Duration = Annotated[int, integer(1, LAST_WEEK)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Text = Annotated[str, BeforeValidator(_text)]
Word = Annotated[str, BeforeValidator(_word)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Label = Annotated[str, BeforeValidator(_label)]
Who = Annotated[str, BeforeValidator(_word), Refers("organisation")]
Whose = Annotated[tuple[str, ...], BeforeValidator(_words), Refers("organisation")]
Targets = Annotated[tuple[str, ...], BeforeValidator(_words), Aimed()]
Members = Annotated[tuple[str, ...], BeforeValidator(_members), Refers("organisation")]
Day = Annotated[datetime.date, BeforeValidator(_day)]
When = Annotated[datetime.date | int | str, BeforeValidator(_when)]
Due = Annotated[datetime.date | int, BeforeValidator(_due)]
Contract = Annotated[tuple[str, ...], ItemsOf(ContractItem)]
Structure = Annotated[tuple[str, ...], ItemsOf(StructureItem)]
Weekly = Annotated[tuple[float, ...], BeforeValidator(_weekly)]
