"""Plans in words: what each action of a scenario file does, when, and how two plans differ."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.ensemble import Ensemble
    from sim.scenarios import Action, Scenario

#: A few words for each verb, for the margin of a figure.
_SHORT = {
    "approach": "ask",
    "offer_terms": "terms",
    "sign": "sign",
    "share_idea": "ideas",
    "hold_workshop": "workshop",
    "publish_survey": "survey",
    "publish_guide": "guide",
    "run_training": "training",
    "inform": "information",
    "launch_campaign": "campaign",
    "adjust_campaign": "change campaign",
    "stop_campaign": "stop campaign",
    "recruit_messenger": "messenger",
    "go_public": "go public",
    "go_shadow": "go hidden",
    "credit": "credit",
    "claim_credit": "claim credit",
    "defer": "give way",
    "insist": "insist",
    "promise": "promise",
    "deliver": "deliver",
    "apologise": "apologise",
    "pause": "pause",
    "reapproach": "ask again",
    "exit": "leave",
    "lobby": "lobby",
    "set_strategy": "new rule",
    "appoint_champion": "champion",
    "set_focal_point": "contact person",
    "celebrate": "celebrate",
    "explain_role": "explain role",
    "warn": "warn",
    "suspend": "suspend",
    "shock": "shock",
}

#: Sentences by verb; braces hold arguments of the action, organisations under their names.
_WORDS = {
    "approach": "{by} asks {to} {purpose_words}{offer_words} ({tone} tone, asks for {ask})",
    "offer_terms": "{by} offers {to} terms (choice of: {menu})",
    "sign": "{members} sign an agreement",
    "share_idea": "{by} tells {to} its ideas ({how_words})",
    "hold_workshop": "{by} holds a workshop with {with_}",
    "publish_survey": "{by} publishes a survey of {n} people{side_words}",
    "publish_guide": "{by} publishes a guide of good practice{together}",
    "run_training": "{by} opens {seats} training seats{together}",
    "inform": "{by} spreads information for {weeks} weeks",
    "launch_campaign": "{by} starts a campaign{side_words}{cosenders_words}{targets_words}: {weeks} weeks, "
    "critical tone {tone}, intensity {intensity}, {budget} EUR{messenger_words}",
    "adjust_campaign": "{by} changes its campaign",
    "stop_campaign": "{by} stops its campaign",
    "recruit_messenger": "{by} wins {who} as messenger",
    "go_public": "{partnership} make their partnership public",
    "go_shadow": "{partnership} take their partnership out of sight",
    "credit": "{by} names {about} in public",
    "claim_credit": "{by} claims in public that {about} uses its ideas",
    "defer": "{by} gives way to {with_}",
    "insist": "{by} insists against {with_}",
    "promise": "{by} promises {to}: {what}, due {due}",
    "deliver": "{by} keeps its promise to {to}: {what}",
    "apologise": "{by} apologises to {to}",
    "pause": "{by} gives {to} {weeks} weeks of rest",
    "reapproach": "{by} asks {to} to come back",
    "exit": "{by} leaves the partnership of {partnership}",
    "lobby": "{by} talks to politicians{side_words}{on_words}",
    "set_strategy": "{by} changes a standing rule: {key} = {value}",
    "appoint_champion": "{org} appoints a champion",
    "set_focal_point": "{org} names a contact person for {partnership}",
    "celebrate": "{partnership} celebrate what they reached",
    "explain_role": "{by} explains its role to {to}",
    "warn": "{by} warns {to} of a campaign{text_words}",
    "suspend": "{by} asks to rest the partnership of {partnership} for {weeks} weeks",
    "shock": "from outside: {what_words}",
}

_REASONS = {
    "unknown": "not part of this world",
    "precondition": "not possible at that moment",
    "eligibility": "not eligible",
    "hours": "no hours left",
    "money": "no money left",
    "approval": "not approved inside",
    "paused": "partner was given rest",
    "repeated": "too soon after the last time",
    "no_channel": "no such channel",
    "no_offence": "nothing to be sorry for",
    "not_sincere": "own critical campaign runs",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One action of one plan; ``refused`` says in how many worlds it was refused, and why."""

    when: str
    text: str
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanRow:
    """The same action in all plans (``same``), or what each plan has in its place (None: nothing)."""

    cells: tuple[Cell | None, ...]
    same: bool


def short(action: Action) -> str:
    """Say an action in one or two words."""
    return _SHORT.get(action.verb, action.verb.replace("_", " "))


def when_text(action: Action, scenario: Scenario) -> str:
    """Say when an action is due: its day, or the condition it waits for."""
    if isinstance(action.when, str):
        text = f"when {action.when}"
    elif isinstance(action.when, datetime.date):
        text = action.when.isoformat()
    else:
        text = f"{scenario.date(action.when).isoformat()} (week {action.when})"
    if action.repeat_every is not None:
        text += f", then every {action.repeat_every} weeks, at most {action.max_times} times"
    return text


def in_words(action: Action, scenario: Scenario) -> str:
    """Say what an action does."""
    values: dict[str, Any] = {name: getattr(action, name) for name in type(action).model_fields}
    words = {name: _word(value, scenario) for name, value in values.items()}
    words["purpose_words"] = "for a meeting" if values.get("purpose") == "meeting" else "to become a partner"
    if hasattr(action, "share_told"):
        words["how_words"] = ", ".join(filter(None, [values["how"], f"{action.share_told:.0%}"]))
    words["offer_words"] = f", offering a {values['how']} of ideas" if values.get("how") else ""
    words["together"] = f" with {words['with_']}" if values.get("with_") else ""
    words["cosenders_words"] = f" with {words['cosenders']}" if values.get("cosenders") else ""
    words["side_words"] = f" {values['side']} the measures" if values.get("side") else ""
    words["targets_words"] = f" that criticises {words['targets']}" if values.get("targets") else ""
    words["text_words"] = " and shows it the text" if values.get("show_text") else ""
    words["messenger_words"] = f", messenger {words['messenger']}" if values.get("messenger") else ""
    words["on_words"] = f" about {values['on']}" if values.get("on") else ""
    words["what_words"] = str(values.get("what", "")).replace("_", " ") + words["targets_words"]
    template = _WORDS.get(action.verb, action.verb.replace("_", " "))
    text = template.format_map(words)
    if values.get("visibility") == "shadow":
        text += ", out of sight of the public"
    return text[:1].upper() + text[1:]


def _word(value: Any, scenario: Scenario) -> str:
    if isinstance(value, str):
        return _organisation(value, scenario)
    if isinstance(value, tuple):
        return " and ".join(_organisation(str(item), scenario) for item in value)
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) >= 1000 else f"{value:g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def _organisation(name: str, scenario: Scenario) -> str:
    """Name an organisation as its file does; any other word stays as it is."""
    for row in scenario.organisation:
        if row.id == name:
            return f"the {row.name}" if row.name and row.name[:1].islower() else row.name or name
    return name


def align(ensembles: Sequence[Ensemble]) -> list[PlanRow]:
    """Put the plans of several scenarios side by side, in the order of time; what waits for conditions last.

    Actions belong together if they have the same label, or (without one) the same verb and the same parties.
    """
    rows: dict[tuple[Any, ...], dict[int, tuple[float, Cell]]] = {}
    for position, ensemble in enumerate(ensembles):
        scenario = ensemble.scenario
        seen: dict[tuple[Any, ...], int] = {}
        for action in scenario.plan:
            identity = _identity(action)
            seen[identity] = seen.get(identity, 0) + 1
            week = action.week(scenario.start)
            refused = _refused(action, ensemble)
            cell = Cell(when_text(action, scenario), in_words(action, scenario), refused)
            place = math.inf if week is None else float(week)
            rows.setdefault((*identity, seen[identity]), {})[position] = (place, cell)
    ordered = sorted(rows.values(), key=lambda row: min(place for place, _ in row.values()))
    found = []
    for row in ordered:
        cells = tuple(row[position][1] if position in row else None for position in range(len(ensembles)))
        texts = {None if cell is None else (cell.when, cell.text) for cell in cells}
        found.append(PlanRow(cells, len(texts) == 1))
    return found


def _identity(action: Action) -> tuple[Any, ...]:
    if action.label is not None:
        return ("label", action.label)
    return (action.verb, action.actor, getattr(action, "to", None), getattr(action, "about", None))


def _refused(action: Action, ensemble: Ensemble) -> tuple[str, ...]:
    """Say in how many worlds an action was refused, by reason."""
    table = ensemble.refusals
    if not len(table):
        return ()
    number = next(i for i, row in enumerate(ensemble.scenario.plan, start=1) if row is action)
    names = {action.label} if action.label is not None else {f"plan {number}", f"{number}"}
    found = []
    for row in table.to_dict("records"):
        if row["label"] in names and row["verb"] == action.verb and row["share"] > 0.0:
            reason = _REASONS.get(str(row["reason"]), str(row["reason"]))
            found.append(f"refused in {max(1, round(100 * float(row['share'])))} of 100 worlds: {reason}")
    return tuple(found)
