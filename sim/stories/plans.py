"""Plans in words: what each action of a scenario file does, and when."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from sim.stories.conditions import condition_said
from sim.vocabulary.events import Reason
from sim.words.numbers import capital

if TYPE_CHECKING:
    from sim.scenarios import Scenario
    from sim.scenarios.actions import Action
    from sim.stories.texts import Texts


def short(action: Action, words: Texts) -> str:
    """Say an action in one or two words."""
    return words.maybe("short", action.verb, action.verb.replace("_", " "))


def when_said(action: Action, scenario: Scenario, words: Texts) -> str:
    """Say when an action is due: its day, or the condition it waits for."""
    if isinstance(action.when, str):
        said = words("plan.when", condition=condition_said(action.when, scenario, words))
    elif isinstance(action.when, datetime.date):
        said = words.day(action.when)
    else:
        said = words("plan.on_week", day=words.day(scenario.date(action.when)), week=action.when)
    if action.repeat_every is not None:
        said = words("plan.repeat", when=said, weeks=action.repeat_every, times=action.max_times)
    return said


def not_ready(action: Action, reason: str, scenario: Scenario, words: Texts) -> str:
    """Say why an action was refused: the condition of its verb that failed, or the reason."""
    known = words.words["story"]["not_ready"] if reason == Reason.PRECONDITION.word else {}
    other = getattr(action, "to", None) or getattr(action, "with_", None)
    partner = _part(other, scenario, words) if other else words("plan.partner")
    return str(known.get(action.verb, words(f"reason.{reason}"))).format(b=partner)


def in_words(action: Action, scenario: Scenario, words: Texts) -> str:
    """Say what an action does."""
    given = {name.rstrip("_"): getattr(action, name) for name in type(action).model_fields}
    parts = {name: _part(value, scenario, words) for name, value in given.items()}

    def if_given(name: str, key: str, **more: str) -> str:
        return words(f"plan.{key}", **more) if given.get(name) else ""

    parts |= {
        "together": if_given("with", "with", who=parts.get("with", "")),
        "cosenders": if_given("cosenders", "with", who=parts.get("cosenders", "")),
        "messenger": if_given("messenger", "messenger", who=parts.get("messenger", "")),
        "on": if_given("on", "about", what=str(given.get("on"))),
        "side": if_given("side", "side", what=parts.get("side", "")),
        "targets": if_given("targets", "targets", who=parts.get("targets", "")),
        "text": if_given("show_text", "text"),
        "offer": if_given("how", "offer", what=parts.get("how", "")),
    }
    if "purpose" in given:
        parts["purpose"] = words(f"plan.{given['purpose']}")
    if action.verb == "share_idea":
        share = words.amount(float(action.share_told), "share")  # type: ignore[attr-defined]
        parts["how"] = f"{parts['how']}, {share}" if given["how"] else share
    text = words.maybe("sentence", action.verb, action.verb.replace("_", " ")).format_map(parts)
    return capital(words("plan.hidden", text=text) if given.get("visibility") == "shadow" else text)


def _part(value: Any, scenario: Scenario, words: Texts) -> str:
    """Say one argument of an action."""
    if isinstance(value, str):
        if value in scenario.organisation_ids:
            return words.named(words.organisation(scenario, value))
        return words.maybe("choice", value, value.replace("_", " "))
    if isinstance(value, tuple):
        names = [_part(one, scenario, words) for one in value]
        return words("plan.and", first=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else "".join(names)
    if isinstance(value, bool):
        return words(f"choice.{str(value).lower()}")
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return words.number(float(value), 0)
    if isinstance(value, float):
        return words.local(f"{value:g}")
    return words.day(value) if isinstance(value, datetime.date) else str(value)
