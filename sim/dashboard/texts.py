"""All words of the dashboard, one TOML file a language, and numbers as each language writes them."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.observe.measures import measure as describe
from sim.observe.measures import split
from sim.stories import sentences
from sim.vocabulary.audiences import AUDIENCES
from sim.words import numbers as wording

if TYPE_CHECKING:
    import datetime

    from sim.scenarios import Scenario
    from sim.statistics import Paired

#: Files of the sentences of stories (`sim.observe`), by language.
STORY_LANGUAGES = {"en": "english", "nb": "norwegian", "da": "danish"}

_FOLDER = Path(__file__).parent / "texts"
_SHARES = ("share", "shares", "share of worlds")


_HOLE = re.compile(r"(\{\w+\})")


@cache
def _shipped(name: str) -> tuple[str, str]:
    """Title and question of a scenario of the catalogue; empty if there is none of that name."""
    from sim.scenarios import catalogue
    from sim.scenarios import scenario as load

    if name not in catalogue():
        return "", ""
    found = load(name)
    return found.title, found.question


@cache
def texts(language: str) -> Texts:
    """Return the words of a language: ``en``, ``nb`` or ``da``."""
    return Texts(language, tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8")))


@dataclass(frozen=True, eq=False)
class Texts:
    """Words of one language.

    ``t("page.key", name=value)`` looks a text up and fills it in; a missing one is an error, which tests find.
    """

    language: str
    words: dict[str, Any]

    def __call__(self, key: str, **values: Any) -> str:
        """Return the text under a dotted key."""
        found: Any = self.words
        for part in key.split("."):
            found = found[part]
        return str(found).format(**values) if values else str(found)

    def table(self, key: str) -> dict[str, Any]:
        """Return all texts under a heading."""
        found: Any = self.words
        for part in key.split("."):
            found = found[part]
        return dict(found)

    def maybe(self, heading: str, key: str, other: str) -> str:
        """Return a text that need not be there, such as the title of somebody's own scenario."""
        return str(self.words.get(heading, {}).get(key, other))

    # --- numbers

    def local(self, written: str) -> str:
        """Turn a number written the English way into this language's."""
        signs = self.words["number"]
        swapped = {",": signs["thousands"], ".": signs["decimal"], "-": "\u2212"}
        return "".join(swapped.get(sign, sign) for sign in written)

    def number(self, value: float, digits: int | None = None, *, sign: bool = False) -> str:
        """Write a number with three significant digits unless told."""
        if not math.isfinite(value):
            return self("number.none")
        return self.local(wording.number(value, digits, sign=sign))

    def amount(self, value: float, unit: str, digits: int | None = None, *, sign: bool = False) -> str:
        """Write a number with its unit; shares as percent."""
        if not math.isfinite(value):
            return self("number.none")
        if unit in _SHARES:
            points = 100.0 * value
            most = None if digits is None else max(0, digits - 2)
            if most is None:
                most = 0 if abs(points) >= 10 or points == 0 else 1
            return f"{self.number(points, most, sign=sign)}\u00a0%"
        word = self.unit(unit)
        return self.number(value, digits, sign=sign) + (f"\u00a0{word}" if word else "")

    def unit(self, unit: str) -> str:
        """Word for a unit; empty for shares, counts and indices."""
        return self.maybe("unit", unit, "" if wording.unit_text(unit) == "" else unit)

    def axis(self, unit: str) -> str:
        """Name of the axis of a unit."""
        return "%" if unit in _SHARES else self.unit(unit)

    def day(self, date: datetime.date) -> str:
        """Write a day."""
        return self("player.day", day=date.day, month=self.words["months"][date.month - 1], year=date.year)

    # --- names

    def organisation(self, scenario: Scenario, identifier: str) -> str:
        """Name of an organisation, as the scenario has it or in this language."""
        row = next((one for one in scenario.organisation if one.id == identifier), None)
        plain = (row.name if row and row.name else identifier).replace("_", " ")
        return str(sentences(STORY_LANGUAGES[self.language])["organisation"].get(plain, plain))

    def measure(self, identifier: str, scenario: Scenario) -> str:
        """Label of a measure, with the names of its organisations."""
        row, arguments = split(identifier, scenario.organisation_ids)
        template = self.words["measure"].get("" if row is None else row.key)
        if template is None:
            return wording.capital(describe(identifier).label)
        names = [
            self.maybe("audience", one, one) if one in AUDIENCES else self.organisation(scenario, one)
            for one in arguments
        ]
        i, j = (*names, "", "")[:2]
        return wording.capital(str(template).format(i=i, j=j, a=j))

    def scenario(self, scenario: Scenario) -> str:
        """Title of a scenario; one that a file of a user gives stays as it is."""
        shipped = scenario.title == _shipped(scenario.name)[0]
        written = scenario.title or scenario.name
        return self.maybe("scenario", scenario.name, written) if shipped else written

    def question(self, scenario: Scenario) -> str:
        """Question that a scenario asks; one that a file of a user gives stays as it is."""
        shipped = scenario.question == _shipped(scenario.name)[1]
        return self.maybe("question", scenario.name, scenario.question) if shipped else scenario.question

    def assumption(self, written: str) -> str:
        """Assumption of a scenario; those of a user's file stay as they are."""
        return self.maybe("assumption", written, written)

    def warning(self, written: str) -> str:
        """Say a warning of `sim.scenarios.warnings` in this language, where it is known there."""
        return self._said_again("warning", written)

    def refusal(self, written: str) -> str:
        """Say in this language why something was refused, as far as its parts are known there."""
        return self._said_again("refusal", written)

    def _said_again(self, heading: str, written: str) -> str:
        """Find the pattern of an English sentence, and fill its holes into that of this language.

        What fills a hole named ``rest`` is a sentence of the same table again.
        """
        for english, other in self.words.get(heading, {}).values():
            parts = (f"(?P<{part[1:-1]}>.+?)" if part[:1] == "{" else re.escape(part) for part in _HOLE.split(english))
            found = re.fullmatch("".join(parts), written)
            if found:
                filled = {
                    key: self._said_again(heading, value) if key == "rest" else self.local_words(value)
                    for key, value in found.groupdict().items()
                }
                return str(other).format(**filled)
        return written

    def local_words(self, written: str) -> str:
        """Write what fills a hole: a number as this language does, anything else as it is."""
        return self.local(written) if re.fullmatch(r"-?\d[\d.,]*", written) else written

    # --- the verdict

    def worlds(self, share: float) -> str:
        """Say a share as worlds of 100; near certainty is not rounded to certainty."""
        return self("verdict.of_100", number=self._of_100(share))

    def _of_100(self, share: float) -> str:
        written = wording.of_100(share).removesuffix(" of 100 worlds")
        for key in ("more_than", "fewer_than"):
            written = written.replace(key.replace("_", " "), self(f"verdict.{key}"))
        return written

    def verdict(self, identifier: str, paired: Paired, better: str) -> tuple[str, str]:
        """Answer in one short sentence for the wall, and the evidence for it in a second one.

        ``better`` is "A", "B" or "" (not settled, or a measure without a direction).
        """
        about = describe(identifier)
        if paired.pairs_used == 0:
            return self("verdict.nothing"), ""
        if paired.verdict == "identical":
            return self("verdict.identical"), ""
        word = self("verdict.better" if about.direction else "verdict.higher")
        for_a, _, for_b = paired.ahead(about.direction)
        settled = paired.verdict != "undecided"
        leads = better or ("B" if for_b >= for_a else "A")
        other = "A" if leads == "B" else "B"
        worlds = {"A": for_a, "B": for_b}
        short = self(
            f"verdict.{'settled' if settled else 'undecided'}",
            leads=leads,
            word=word,
            worlds=self.worlds(worlds[leads]),
            other=other,
            fewer=self._of_100(worlds[other]),
        )
        digits = wording.decimals((paired.high - paired.low) / 2.0, paired.difference)
        shares = about.unit in _SHARES  # a difference of shares counts in percentage points; the unit stands once
        scale, unit = (100.0, self("verdict.points")) if shares else (1.0, self.unit(about.unit))
        digits = max(0, digits - 2) if shares else digits
        difference = self.number(scale * paired.difference, digits, sign=True) + (f"\u00a0{unit}" if unit else "")
        low, high = (self.number(scale * value, digits) for value in (paired.low, paired.high))
        parts = [self("verdict.difference", difference=difference, low=low, high=high)]
        if paired.ties >= 0.01:
            parts.append(self("verdict.ties", worlds=self.worlds(paired.ties)))
        if paired.used < 1.0:
            parts.append(self("verdict.used", worlds=self.worlds(paired.used)))
        if not settled and (paired.low > 0.0 or paired.high < 0.0):
            parts.append(self("verdict.not_ahead"))
        elif not settled:
            needed = paired.worlds_needed
            if math.isinf(needed):
                parts.append(self("verdict.never"))
            elif math.isfinite(needed):
                parts.append(self("verdict.needed", worlds=self.number(needed, 0)))
        return short, " ".join(parts)
