"""The words of a language, and numbers as it writes them.

A language is a folder beside this file with TOML files of the same names as the English ones:

    pages       the dashboard, and how numbers and days are written
    measures    measures, units, audiences
    plans       actions: what they do, in a form and in a sentence
    conditions  what an action waits for
    messages    refusals, warnings and notes
    story       events of a world
    cases       shipped scenarios

What names something that the package knows is looked up under its key. What a language does not say is said in
English.
"""

from __future__ import annotations

import difflib
import math
import numbers
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.words import numbers as english

if TYPE_CHECKING:
    import datetime

ENGLISH = "en"
SHARES = ("share", "shares", "share of worlds")
_FOLDER = Path(__file__).parent
#: Codes of all languages there are, English first.
LANGUAGES = (ENGLISH, *sorted({one.parent.name for one in _FOLDER.glob("*/pages.toml")} - {ENGLISH}, reverse=True))


@cache
def language(code: str = ENGLISH) -> Language:
    """Return a language by its code, such as ``en``, ``nb`` or ``da``.

    Raises
    ------
    KeyError
        There is no such language; `LANGUAGES` names them.
    """
    if code not in LANGUAGES:
        raise KeyError(code)
    words = read_words(code)
    return Language(code, words if code == ENGLISH else _merged(language().words, words))


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Put the words of a language over those of another one."""
    both = {key: _merged(below[key], above[key]) for key in above if isinstance(below.get(key), dict)}
    return {**below, **above, **both}


def read_words(code: str) -> dict[str, Any]:
    """Return the words of a language as its files have them: their tables, those of the story under ``story``."""
    found: dict[str, Any] = {}
    for path in sorted((_FOLDER / code).glob("*.toml")):
        try:
            words = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"sim/words/{code}/{path.name}: not TOML: {error}") from None
        found |= {"story": words} if path.stem == "story" else words
    return found


class Said(str):
    """A sentence that knows its key and arguments: English as a text, and any language when asked.

    ``Said("found", found="2", expected=Said("number", low=0, high=1))`` is a `str` like any other;
    `Language.say` says it in another language. Put into a larger text, it is plain English.
    """

    key: str
    arguments: dict[str, Any]

    def __new__(cls, key: str, /, **arguments: Any) -> Said:  # noqa: D102
        told = language().fill(language().words["message"][key], **arguments)
        self = super().__new__(cls, told.replace("\N{MINUS SIGN}", "-"))  # as files and commands write numbers
        self.key, self.arguments = key, arguments
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        return (self.key,), self.arguments


def guessed(expected: str, word: object, known: list[str]) -> str:
    """Add the known word that looks most like a misspelt one to what was expected."""
    close = difflib.get_close_matches(str(word), known, n=1)
    return Said("guess", rest=expected, word=repr(close[0])) if close else expected


class _Local:
    """A number that is written with the signs of a language."""

    def __init__(self, value: Any, language: Language) -> None:
        self.value, self.language = value, language

    def __format__(self, spec: str) -> str:
        return self.language.local(format(self.value, spec))

    __str__ = __repr__ = lambda self: format(self, "")


@dataclass(frozen=True, eq=False)
class Language:
    """Words of one language.

    ``words("page.key", name=value)`` looks a text up and fills it in; a missing one is an error, which tests find.
    """

    code: str
    words: dict[str, Any]

    def __call__(self, key: str, **values: Any) -> str:
        """Return the text under a dotted key."""
        found = str(self._under(key))
        return found.format(**values) if values else found

    def table(self, key: str) -> dict[str, Any]:
        """Return all texts under a heading."""
        return dict(self._under(key))

    def _under(self, key: str) -> Any:
        found: Any = self.words
        for part in key.split("."):
            found = found[part]
        return found

    def maybe(self, heading: str, key: str, other: str) -> str:
        """Return a text that need not be there, such as the title of somebody's own scenario."""
        return str(self.words.get(heading, {}).get(key, other))

    # --- sentences with arguments

    def fill(self, template: str, **values: Any) -> str:
        """Fill a template in: numbers as the language writes them, sentences said in it, lists one after the other."""
        return str(template).format(**{name: self._said(value) for name, value in values.items()})

    def _said(self, value: Any) -> Any:
        if isinstance(value, numbers.Number) and not isinstance(value, bool):
            return _Local(value, self)
        if isinstance(value, (list, tuple)):
            return "; ".join(map(self.say, value))
        return self.say(value) if isinstance(value, str) else value

    def say(self, text: str) -> str:
        """Say in this language what has a key; any other text stays as it is."""
        if not isinstance(text, Said):
            return text
        return self.fill(self.words["message"][text.key], **text.arguments)

    # --- numbers and days

    @cached_property
    def _signs(self) -> dict[int, str]:
        signs = self.words["number"]
        return str.maketrans(
            {",": signs["thousands"], ".": signs["decimal"], "%": signs["percent"], "-": "\N{MINUS SIGN}"}
        )

    def local(self, written: str) -> str:
        """Turn a number written the English way into this language's."""
        return written.translate(self._signs)

    def number(self, value: float, digits: int | None = None, *, sign: bool = False) -> str:
        """Write a number with three significant digits unless told."""
        if not math.isfinite(value):
            return self("number.none")
        return self.local(english.number(value, digits, sign=sign))

    def amount(self, value: float, unit: str, digits: int | None = None, *, sign: bool = False) -> str:
        """Write a number with its unit; shares as percent."""
        if not math.isfinite(value):
            return self("number.none")
        if unit in SHARES:
            points = 100.0 * value
            most = None if digits is None else max(0, digits - 2)
            if most is None:
                most = 0 if abs(points) >= 10 or points == 0 else 1
            return f"{self.number(points, most, sign=sign)}\u00a0%"
        word = self.unit(unit)
        return self.number(value, digits, sign=sign) + (f"\u00a0{word}" if word else "")

    def unit(self, unit: str) -> str:
        """Word for a unit; empty for shares, counts and indices."""
        return self.maybe("unit", unit, "" if english.unit_text(unit) == "" else unit)

    def axis(self, unit: str) -> str:
        """Name of the axis of a unit."""
        return "%" if unit in SHARES else self.unit(unit)

    def day(self, date: datetime.date) -> str:
        """Write a day."""
        return self("number.day", day=date.day, month=self.words["months"][date.month - 1], year=date.year)

    def named(self, name: str) -> str:
        """Name in the middle of a sentence: common names have their article, those with capitals or numbers none."""
        common = name[:1].islower() and not any(map(str.isdigit, name))
        return self("condition.named", name=name) if common else name

    def worlds(self, share: float) -> str:
        """Say a share as worlds of 100; near certainty is not rounded to certainty."""
        return self("verdict.of_100", number=self.of_100(share))

    def of_100(self, share: float) -> str:
        """Say a share as a number of 100."""
        written = english.in_100(share)
        for key in ("more_than", "fewer_than"):
            written = written.replace(key.replace("_", " "), self(f"verdict.{key}"))
        return written
