"""What a session looks at: two plans, a seed, an outcome and how it is shown; all of it fits into a link."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
import zlib
from dataclasses import asdict, dataclass, field, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.scenarios import catalogue
from sim.scenarios import scenario as load
from sim.scenarios.schema import Scenario, build
from sim.words.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Characters; what proxies and browsers carry without a special setting.
LONGEST_LINK = 7_000
#: Bytes that a link may unpack to: a small link must not become a large document.
_LARGEST_STATE = 400_000
MOST_UNDO = 100
LARGEST_SEED = 2**32 - 1
LARGEST_WORLD = 9_999
#: Parameters that a session may change: more belong into a file.
MOST_PARAMETERS = 12


@dataclass(frozen=True)
class Plan:
    """A scenario as it is edited here: the name of a shipped one, and the top-level keys that differ.

    Attributes
    ----------
    base
        Name in the catalogue; empty for a scenario that was imported whole.
    changes
        JSON of the keys that replace those of the base (all keys, where there is no base).
    """

    base: str
    changes: str = ""

    @property
    def scenario(self) -> Scenario:
        """The scenario, checked.

        Raises
        ------
        InputError
            It is not sound.
        """
        return scenario_of(self)

    @property
    def edited(self) -> bool:
        """Whether it differs from the shipped scenario."""
        return bool(self.changes)

    def with_changes(self, changes: Mapping[str, Any]) -> Plan:
        """Return the plan with other top-level keys.

        Raises
        ------
        InputError
            The changed scenario is not sound.
        """
        found = Plan(self.base, _json({**_loads(self.changes), **changes}))
        back = self.base and scenario_of(found).digest() == scenario_of(Plan(self.base)).digest()
        return Plan(self.base) if back else found


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, default=_plain, separators=(",", ":"), ensure_ascii=False) if document else ""


def _plain(value: object) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def _loads(text: str) -> dict[str, Any]:
    found = json.loads(text) if text else {}
    if not isinstance(found, dict):
        raise InputError("link: found no table, expected the changes of a plan")
    return found


@lru_cache(maxsize=256)
def scenario_of(plan: Plan) -> Scenario:
    """Build the scenario of a plan."""
    changes = _loads(plan.changes)
    if not plan.base:
        return build(changes, str(changes.get("name", "imported")))
    if plan.base not in catalogue():
        raise InputError(f"scenario: found {plan.base!r}, expected a name that `sim scenarios` lists")
    shipped = load(plan.base)
    return shipped.replace(**changes) if changes else shipped


def imported(text: str) -> Plan:
    """Return the plan of a scenario file's text.

    Only TOML is read, and a parent can only be a shipped scenario: an upload must not name files of the server.

    Raises
    ------
    InputError
        The text is no sound scenario.
    """
    import tomllib

    try:
        document = tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise InputError(f"file: not TOML: {' '.join(str(error).split())[:200]}, expected key = value") from None
    parent = document.get("extends")
    if parent is not None and parent not in catalogue():
        raise InputError(f"file: extends: found {str(parent)[:60]!r}, expected the name of a shipped scenario")
    found = load(text if "\n" in text else text + "\n")
    return Plan("", _json({**found.document(), "name": found.name}))


def plan_of(source: str) -> Plan:
    """Return the plan of a scenario by its name or the path of its file.

    Raises
    ------
    InputError
        There is none, or it is not sound.
    """
    if source in catalogue():
        return Plan(source)
    found = load(source)
    return Plan("", _json({**found.document(), "name": found.name}))


_A, _B = Plan("campaign-while-partnering"), Plan("partner-in-calm-seas")


@dataclass(frozen=True)
class View:
    """Everything a session shows.

    Attributes
    ----------
    a, b
        The two plans.
    seed, world
        Seed of the paired worlds, and number of the one that the player shows.
    shown
        Whose world the player shows, "a" or "b".
    measure
        Outcome that the charts show.
    parameters
        Parameter values that differ from the registry, in both plans.
    language, projector
        How it is shown.
    lesson, step, bet
        Where a guided lesson stands, and what was predicted there.
    """

    a: Plan = _A
    b: Plan = _B
    seed: int = 0
    world: int = 0
    shown: str = "a"
    measure: str = "weeks_away"
    parameters: tuple[tuple[str, float], ...] = ()
    language: str = "en"
    projector: bool = False
    lesson: str = ""
    step: int = 0
    bet: str = ""

    @property
    def question(self) -> tuple[Any, ...]:
        """The part that changes results: what undo goes back to."""
        return self.a, self.b, self.seed, self.parameters


def read_seed(written: str) -> int:
    """Read a seed as it was typed.

    Raises
    ------
    InputError
        It is no whole number from 0 to `LARGEST_SEED`.
    """
    typed = written.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) < 20 and int(typed) <= LARGEST_SEED):
        raise InputError(f"seed: found {typed[:40]!r}, expected a whole number from 0 to {LARGEST_SEED:,}")
    return int(typed)


def with_parameter(parameters: tuple[tuple[str, float], ...], name: str, written: str) -> tuple[tuple[str, float], ...]:
    """Give one parameter the value that was typed, in all worlds; nothing takes it back, and worlds draw it again.

    Raises
    ------
    InputError
        The registry does not take it, or too many are changed.
    """
    from sim.parameters import parameter_record, parse_override

    where = "parameters"
    others = {one: value for one, value in parameters if one != name}
    if written.strip():
        _, value = parse_override(f"{name}={written.strip()[:40]}", where=where)
        others[name] = value
    if len(others) > MOST_PARAMETERS:
        raise InputError(f"{where}: found {len(others)} changes, expected at most {MOST_PARAMETERS}")
    parameter_record(others, where=where)
    return tuple(sorted(others.items()))


def encode(view: View) -> str:
    """Pack a view into the text of a link; only what differs from the start is in it."""
    start = asdict(View())
    differs = {name: value for name, value in asdict(view).items() if value != start[name]}
    if not differs:
        return ""
    text = json.dumps(differs, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def decode(text: str) -> View:
    """Unpack a link.

    Raises
    ------
    InputError
        It is not a link of this dashboard, or its plans are not sound here.
    """
    if not text:
        return View()
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        unpacker = zlib.decompressobj()
        plain = unpacker.decompress(packed, _LARGEST_STATE)
        if unpacker.unconsumed_tail:
            raise InputError(f"link: found more than {_LARGEST_STATE:,} bytes, expected a link of this dashboard")
        found = json.loads(plain.decode())
        known = {row.name for row in fields(View)}
        if not isinstance(found, dict) or not set(found) <= known:
            raise ValueError
        for letter in ("a", "b"):
            if letter in found:
                found[letter] = Plan(str(found[letter]["base"]), str(found[letter]["changes"]))
        if "parameters" in found:
            found["parameters"] = tuple((str(name), float(value)) for name, value in found["parameters"])
        view = View(**found)
    except InputError:
        raise
    except (binascii.Error, zlib.error, ValueError, KeyError, TypeError, UnicodeError, RecursionError):
        raise InputError("link: cannot be read, expected one that this dashboard made") from None
    _check(view)
    return view


def _check(view: View) -> None:
    whole = (("seed", view.seed, LARGEST_SEED), ("world", view.world, LARGEST_WORLD), ("step", view.step, 99))
    for name, number, most in whole:
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= most:
            raise InputError(f"link: {name}: found {number!r}, expected a whole number from 0 to {most:,}")
    words = (("language", LANGUAGES), ("shown", ("a", "b")), ("projector", (True, False)))
    for name, known in words:
        if getattr(view, name) not in known:
            raise InputError(f"link: {name}: found {getattr(view, name)!r}, expected one of {known}")
    for name in ("measure", "lesson", "bet"):
        if not isinstance(getattr(view, name), str):
            raise InputError(f"link: {name}: expected text")
    if view.parameters:
        from sim.parameters import parameter_record

        parameter_record(dict(view.parameters), where="link")
    for plan in (view.a, view.b):
        scenario_of(plan)


@dataclass(frozen=True)
class History:
    """A view with what was before and after it.

    Attributes
    ----------
    present, past, future
        Views.
    moves
        Slider moves that were answered: a slider sends its next one when this has changed.
    """

    present: View = field(default_factory=View)
    past: tuple[View, ...] = ()
    future: tuple[View, ...] = ()
    moves: int = 0

    def change(self, view: View) -> History:
        """Go on to another view; only what changes results can be undone."""
        if view == self.present:
            return self
        if view.question == self.present.question:
            return replace(self, present=view)
        return replace(self, present=view, past=(*self.past, self.present)[-MOST_UNDO:], future=())

    def undo(self) -> History:
        """Go back to the results before the last change; language and the like stay."""
        if not self.past:
            return self
        before = self._like(self.past[-1])
        return replace(self, present=before, past=self.past[:-1], future=(self.present, *self.future))

    def redo(self) -> History:
        """Take back the last undo."""
        if not self.future:
            return self
        after = self._like(self.future[0])
        return replace(self, present=after, past=(*self.past, self.present), future=self.future[1:])

    def _like(self, view: View) -> View:
        now = self.present
        return replace(view, language=now.language, projector=now.projector, lesson=now.lesson, step=now.step)
