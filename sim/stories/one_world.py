"""The story of one world: its dated events as sentences that say why.

Events of single weeks that only matter in sum (visitors, disagreements, adoptions of ordinary firms) are told
once a year.
"""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.observe.events import events_frame, ordered_events
from sim.observe.measures import measure
from sim.parameters.sets import SHIPPED, sets_of
from sim.schedule import advance
from sim.start.draw import begin
from sim.start.prepared import new_world, prepare
from sim.vocabulary.events import EndCause, EventKind, ExitCause, Reason
from sim.vocabulary.topics import Side, Stage, Voice
from sim.vocabulary.uptake import Choice, Route
from sim.vocabulary.verbs import Shock, Verb
from sim.words.language import ENGLISH, LANGUAGES, Language
from sim.words.language import language as words_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from sim.engine.world import World
    from sim.parameters.sets import ParameterSets
    from sim.scenarios import Scenario
    from sim.start.prepared import Setting

_FIRST_LOG = 4_000
_YEARLY = frozenset({EventKind.VISITORS, EventKind.DISAGREEMENT, EventKind.ADOPTED_COUNT, EventKind.JOINT_WORK_SCALED,
                     EventKind.GAVE_UP})  # fmt: skip
_IMPORTANT = frozenset(
    {EventKind.EXIT, EventKind.RETURNED, EventKind.ENDED, EventKind.PRESS_RELEASE, EventKind.STORM_STARTED,
     EventKind.PARTNERSHIP_FORMED, EventKind.PARTNERSHIP_SIGNED, EventKind.BREACH, EventKind.CAMPAIGN_STARTED,
     EventKind.IDEA_DECISION, EventKind.POLICY_STAGE}
)  # fmt: skip
#: Terms that may speak for leaving: in anger, and for letting it lapse.
_ANGER, _LAPSE = ("pressure", "grievance", "trust"), ("value", "top", "newness")
_MINOR = frozenset({EventKind.WINDOW_OPENED, EventKind.REAPPROACH_UNWILLING, EventKind.NEW_DIRECTOR})


@dataclass(frozen=True)
class StoryLine:
    """One sentence: the Monday and index of its week, its importance from 1 to 3, the kind of event and who acted.

    ``actor`` and ``other`` are rows of organisations, -1 where there is none.
    """

    date: datetime.date
    week: int
    text: str
    importance: int
    kind: str
    actor: int = -1
    other: int = -1


@dataclass(frozen=True)
class Story:
    """What happened in one world.

    Attributes
    ----------
    scenario, seed, replicate
        Which world it is.
    lines
        Sentences in the order of time.
    events
        The whole log as a table, with numbers and causes.
    """

    scenario: Scenario
    seed: int
    replicate: int
    lines: tuple[StoryLine, ...]
    events: pd.DataFrame

    def text(self) -> str:
        """Return the story as plain text, one dated sentence a line."""
        return "\n".join(f"{line.date:%Y-%m-%d}  {line.text}" for line in self.lines)

    def __repr__(self) -> str:
        return f"<Story of {self.scenario.name}, seed {self.seed}: {len(self.lines)} lines>"

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(f"<tr><td>{line.date}</td><td>{escape(line.text)}</td></tr>" for line in self.lines)
        return f"<table>{rows}</table>"


def story(
    scenario: Scenario | str | Path,
    seed: int = 0,
    replicate: int = 0,
    weeks: int | None = None,
    parameters: Mapping[str, float] | None = None,
    language: str = ENGLISH,
    parameter_sets: ParameterSets | str | Path | None = SHIPPED,
) -> Story:
    """Run one world and tell its story.

    Parameters
    ----------
    scenario
        A scenario, or the name or file of one.
    seed, replicate
        Which world: the same as in ensembles and in the Mesa model.
    weeks
        Horizon, if not that of the scenario.
    parameters
        Values that differ from the registry.
    language
        Code of a language: a folder of `sim.words`.
    parameter_sets
        Plausible sets of which the world draws one: "shipped", a file, or "none".
    """
    from sim.scenarios import Scenario as ScenarioClass
    from sim.scenarios import scenario as load

    case = scenario if isinstance(scenario, ScenarioClass) else load(scenario)
    if weeks is not None:
        case = case.replace(weeks=weeks)
    setting = prepare(case, parameters, sets=sets_of(parameter_sets))
    world = _run(setting, seed, replicate)
    return Story(
        case, seed, replicate, tuple(tell_world(setting, world, language)), events_frame(case, world, replicate)
    )


def _run(setting: Setting, seed: int, replicate: int) -> World:
    """Run one world with a log that is long enough for all its events."""
    own = setting.ring_ties
    room = _FIRST_LOG
    while True:
        world = new_world(setting, events=room)
        begin(world, setting.start.state, seed, replicate, own)
        for week in range(setting.scenario.weeks):
            advance(world, week)
        if world.tallies[0].events <= room:
            return world
        room = int(world.tallies[0].events)


def tell_world(setting: Setting, world: World, language: str = ENGLISH) -> list[StoryLine]:
    """Put the log of a world into sentences."""
    return _Teller(setting, world, _language(language)).tell()


def _language(code: str) -> Language:
    if code not in LANGUAGES:
        raise InputError(f"language: found {code!r}, expected one of {', '.join(LANGUAGES)}")
    return words_of(code)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


class _Teller:
    """Turns one log into lines, week by week, with a summary at the end of each year."""

    def __init__(self, setting: Setting, world: World, language: Language) -> None:
        self.setting = setting
        self.world = world
        self.language, self.words = language, language.words["story"]
        self.rebutted: set[tuple[int, int]] = set()
        self.demanded = False
        goal = setting.scenario.goal.measures
        self.firms_count = not goal or any(measure(name).unit in ("firms", "firm-years") for name in goal)
        self.yearly: dict[str, Any] = {}
        self._forget_year()

    def _forget_year(self) -> None:
        self.yearly = {
            "routes": np.zeros(len(Route)),
            "left": 0.0,
            "number": 0.0,
            "deferred": 0.0,
            "funnel": np.zeros(4),
            "short": Counter(),
        }

    def name(self, row: int) -> str:
        """Name of an organisation inside a sentence."""
        if row < 0:
            return str(self.words["grammar"]["somebody"])
        organisation = self.setting.scenario.find(self.setting.ids[row])
        plain = organisation.name or organisation.id.replace("_", " ")
        if plain in self.words["organisation"]:
            return str(self.words["organisation"][plain])
        return self.language.named(plain)

    def fill(self, template: str, **values: Any) -> str:
        """Fill numbers in as the language writes them; texts stay as they are."""
        return self.language.fill(template, **values)

    def tell(self) -> list[StoryLine]:
        lines: list[StoryLine] = []
        year = self.setting.scenario.start.year
        last = 0
        for row in ordered_events(self.world):
            event = self.world.log[row]
            date = self.setting.scenario.date(int(event.week))
            if date.year != year:
                lines.extend(self._close_year(year, last))
                year = date.year
            last = int(event.week)
            kind = EventKind(int(event.kind))
            if kind in _YEARLY:
                self._add_to_year(kind, event, self.world.log_number[row])
                continue
            if kind == EventKind.ADOPTED:  # named firms count with the others
                self.yearly["routes"][int(self.world.log_number[row, 0])] += 1
            text = self._sentence(kind, event, row)
            if text:
                importance = 3 if kind in _IMPORTANT else 1 if kind in _MINOR else 2
                parties = (int(event.actor), int(event.other))
                lines.append(StoryLine(date, last, text, importance, kind.word, *parties))
        lines.extend(self._close_year(year, self.setting.scenario.weeks - 1))
        return lines

    # --- the sum of a year

    def _add_to_year(self, kind: EventKind, event: Any, number: Any) -> None:
        if kind == EventKind.VISITORS:
            self.yearly["funnel"] += number[:4]
        elif kind == EventKind.DISAGREEMENT:
            self.yearly["number"] += number[0]
            self.yearly["deferred"] += number[1] + number[2]
        elif kind == EventKind.GAVE_UP:
            self.yearly["left"] += number[0]
        elif kind == EventKind.ADOPTED_COUNT:
            self.yearly["routes"] += number[: len(Route)]
        else:
            self.yearly["short"][int(event.actor)] += 1

    def _close_year(self, year: int, week: int) -> list[StoryLine]:
        words = self.words["summary"]
        parts = []
        routes = self.yearly["routes"]
        if routes.sum() > 0 and self.firms_count:
            told = ", ".join(f"{int(n)} {name}" for n, name in zip(routes, words["routes"], strict=True) if n > 0)
            key = "adoption_one" if routes.sum() == 1 else "adoptions"
            parts.append(self.fill(words[key], count=int(routes.sum()), routes=told))
        if self.yearly["left"] > 0 and self.firms_count:
            key = "gave_up_one" if self.yearly["left"] == 1 else "gave_up"
            parts.append(self.fill(words[key], count=int(self.yearly["left"])))
        if self.yearly["number"] > 0:
            key = "disagreement_one" if self.yearly["number"] == 1 else "disagreements"
            deferred = int(self.yearly["deferred"])
            parts.append(self.fill(words[key], count=int(self.yearly["number"]), deferred=deferred))
        if self.yearly["funnel"][0] > 0:
            exposures, visitors, _, minutes = self.yearly["funnel"]
            parts.append(self.fill(words["visitors"], exposures=exposures, visitors=visitors, minutes=minutes))
        for row, count in sorted(self.yearly["short"].items()):
            parts.append(self.fill(words["scaled"], name=self.name(row), count=count))
        self._forget_year()
        if not parts:
            return []
        last_day = min(datetime.date(year, 12, 31), self.setting.scenario.date(self.setting.scenario.weeks - 1))
        whole = last_day.month == 12 and last_day.day >= 25
        day = str(words["day"]).format(day=last_day.day, month=words["months"][last_day.month - 1])
        text = words["year" if whole else "year_part"].format(year=year, day=day, text="; ".join(parts))
        return [StoryLine(last_day, week, text, 1, "year")]

    # --- single events

    def _sentence(self, kind: EventKind, event: Any, row: int) -> str:
        names = kind.numbers
        number = dict(zip(names, self.world.log_number[row].tolist(), strict=False))
        cause = dict(zip(kind.causes, self.world.log_cause[row].tolist(), strict=False))
        a, b = self.name(int(event.actor)), self.name(int(event.other))
        context: dict[str, Any] = {"A": _upper(a), "a": a, "B": _upper(b), "b": b}
        weeks = number.get("weeks", number.get("weeks_away"))
        if weeks is not None:
            context["span"] = self._span(weeks)
        key = self._key(kind, event, number, cause, context)
        if not key:
            return ""
        template = self.words["done"].get(key[5:]) if key.startswith("done_") else self.words["event"].get(key)
        return "" if template is None else _upper(self.fill(str(template), **{**number, **context}))

    def _span(self, weeks: float) -> str:
        return self.fill(self.words["summary"]["week" if weeks == 1 else "weeks"], count=weeks)

    def _listed(self, names: list[str]) -> str:
        return f" {self.words['grammar']['and']} ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))

    def _key(
        self, kind: EventKind, event: Any, number: dict[str, float], cause: dict[str, float], context: dict[str, Any]
    ) -> str:
        """Name of the template of an event; puts what the template needs into `context`. Empty: not told."""
        key = kind.word
        if kind == EventKind.ACTION_DONE:
            verb = Verb(int(number["verb"])).word
            return f"done_{verb}" if verb in self.words["done"] else ""  # other verbs have events of their own
        if kind == EventKind.ACTION_REFUSED:
            verb = Verb(int(number["verb"])).word
            context["verb"] = self.words["verb"][verb].format(b=context["b"])
            refused = Reason(int(number["reason"]))
            known = self.words["not_ready"] if refused == Reason.PRECONDITION else {}
            context["reason"] = known.get(verb, self.words["reason"][refused.word]).format(b=context["b"])
        elif "meeting" in number:  # a reply
            context["chance"] = number["probability"]
            if kind == EventKind.SUSPENSION_ACCEPTED:
                context["span"] = self._span(self.setting.scenario.plan[int(event.action)].weeks)
            context["purpose"] = self.words["purpose"]["meeting" if number["meeting"] else "partnership"]
            context["why"] = self._weighed(cause)
        elif kind == EventKind.CHAMPION_CAME and number["appointed"]:
            return "champion_appointed"
        elif kind == EventKind.PLAN_DECIDED:
            context["chance"] = number["probability_of_yes"]
            return f"{key}_{'yes' if number['yes'] else 'no'}"
        elif kind == EventKind.SHOCK:
            return self._shock(Shock(int(event.object)), number)
        elif kind == EventKind.TRAINING_OPENED:
            action = self.setting.scenario.plan[int(self.world.training[int(event.object)].action)]
            names = [self.name(self.setting.ids.index(name)) for name in action.channel if name != action.by]
            words = self.words["campaign"]["channels"]
            context["channels"] = words.format(names=self._listed(names)) if names else ""
        elif kind == EventKind.GRANT_AWARDED and number["first"]:
            return f"{key}_first"
        elif kind == EventKind.CREDIT_GIVEN and self.world.organisation[int(event.actor)].firm < 0:
            return f"{key}_by_owner"
        elif kind == EventKind.PARTNERSHIP_FORMED:
            return f"{key}_{'shadow' if number['shadow'] else 'public'}"
        elif kind == EventKind.GUIDE_PUBLISHED and event.other >= 0:
            return "guide_published_with"
        elif kind == EventKind.CAMPAIGN_STARTED:
            context.update(self._about(event, number))
            tone = "critical" if number["tone"] >= 0.5 else "mixed" if number["tone"] > 0.2 else "positive"
            return f"{key}_{tone}"
        elif kind == EventKind.STORM_STARTED:
            context["before"] = number["mean_before"]
            voice = Voice(int(number["voice"]))
            words = self.words["voice"]
            context["loud"] = "" if voice == Voice.ORDINARY else words["loud"].format(voice=words[voice.word])
        elif kind == EventKind.REBUTTAL:
            once = (int(event.actor), int(event.object))
            if once in self.rebutted:
                return ""
            self.rebutted.add(once)
        elif kind == EventKind.IDEA_TOLD and number["workshop"]:
            return "idea_told_workshop"
        elif kind == EventKind.IDEA_DECISION:
            return self._decision(number, context)
        elif kind == EventKind.PRESS_RELEASE:
            context["b_own"] = self.words["grammar"]["own"].format(b=context["b"])
            return f"{key}_{'credited' if number['credited'] else 'alone'}"
        elif kind == EventKind.CREDIT_CLAIMED:
            return f"{key}_{'believed' if number['success'] else 'doubted'}"
        elif kind == EventKind.ADOPTED:
            if number["route"] == Route.IDEA:
                return ""  # told by the decision or the press release
            context["how"] = self.words["summary"]["routes"][int(number["route"])]
        elif kind == EventKind.BREACH:
            context.update(
                before=cause["trust_before"],
                after=cause["trust_after"],
                anchor_before=cause["anchor_before"],
                anchor_after=cause["anchor_after"],
            )
            return f"{key}_{'integrity' if event.object == 1 else 'role'}"
        elif kind == EventKind.EXIT:
            reason = ExitCause(int(number["cause"]))
            context["why"] = self._exit_terms(cause, _LAPSE if reason == ExitCause.LAPSE else _ANGER)
            context["since"] = number["share_since_campaign"]
            members = self.words["event"]["exit_members"] if number["complaint"] > 0.0 else ""
            carries = event.actor >= 0 and self.world.organisation[int(event.actor)].carries_to_members == 1
            context["members"] = self.fill(members, complaint=number["complaint"]) if carries else ""
            if reason.word.startswith("conflict") and context["why"] == self.words["event"]["exit_base"]:
                return f"{key}_conflict_calm"  # nothing weighed enough to be the reason
            return f"{key}_{reason.word}"
        elif kind == EventKind.ENDED:
            return f"{key}_{EndCause(int(number['why'])).word}"
        elif kind == EventKind.RENEWED:
            context["chance"] = number["probability"]
        elif kind == EventKind.WARNED:
            how = "left" if number["left"] else "leaked" if number["leaked"] else "shown" if number["shown"] else "calm"
            return f"{key}_{how}"
        elif kind == EventKind.REAPPROACH_UNWILLING:
            context["burden"] = number["grievance"] + number["held"]
        elif kind == EventKind.RETURNED:
            context["other_trust"] = number["trust_of_other"]
            return f"{key}_{'itself' if number['by_itself'] else 'asked'}"
        elif kind == EventKind.GRANT_REFUSED and event.other < 0:
            return f"{key}_nobody"
        elif kind == EventKind.GRANT_REFUSED and number["success"] > 0.0:
            return f"{key}_short"
        elif kind == EventKind.INFORMATION_ENDED:
            return "" if number["planned"] else f"{key}_early"
        elif kind == EventKind.POLICY_STAGE:
            return self._policy(number, cause, context)
        return key

    def _shock(self, what: Shock, number: dict[str, float]) -> str:
        """Name of the template of something from outside; a new director is told as such."""
        if what == Shock.DIRECTOR_CHANGES:
            return ""
        if what == Shock.ELIGIBILITY:
            return f"shock_{what.word}_{'yes' if number['size'] else 'no'}"
        return f"shock_{what.word}"

    def _about(self, event: Any, number: dict[str, float]) -> dict[str, str]:
        """On which side a campaign is, where it is not that of the measures, and whom it names."""
        words = self.words["campaign"]
        named = [words["employers"] if i == len(self.setting.ids) else self.name(int(i))
                 for i in self.world.named[int(event.object)].nonzero()[0]]  # fmt: skip
        cosenders = int(self.world.campaign[int(event.object)].cosenders)
        others = [self.name(i) for i in range(len(self.setting.ids)) if cosenders >> i & 1]
        speaker = int(event.other)
        return {
            "about": words["about"].format(names=self._listed(named)) if named else "",
            "together": words["together"].format(names=self._listed(others)) if others else "",
            "speaks": words["speaks"].format(name=self.name(speaker)) if speaker not in (-1, int(event.actor)) else "",
            "against": words["against"] if number["side"] == Side.AGAINST else "",
        }

    def _weighed(self, cause: dict[str, float], most: int = 2) -> str:
        """Name the terms that spoke most for and most against."""
        terms = {name: weight for name, weight in cause.items() if name in self.words["term"] and name != "base"}
        for_it = [name for name in sorted(terms, key=lambda n: -terms[n]) if terms[name] > 0.05][:most]
        against = [name for name in sorted(terms, key=lambda n: terms[n]) if terms[name] < -0.05][:most]
        grammar = self.words["grammar"]
        parts = []
        for key, names in (("for", for_it), ("against", against)):
            if names:
                known = self.words["term"]
                weights = [self.fill("{name} {weight:+.1f}", name=known[n], weight=terms[n]) for n in names]
                parts.append(f"{grammar[key]}: " + ", ".join(weights))
        return "; ".join(parts) or str(grammar["nothing"])

    def _exit_terms(self, cause: dict[str, float], about: tuple[str, ...]) -> str:
        """Name what weighed in an ending of this kind: nothing below half a logit is worth a word."""
        pushes = {name: cause[name] for name in about if cause[name] > 0.5}
        if not pushes:
            return str(self.words["event"]["exit_base"])
        named = sorted(pushes, key=lambda name: -pushes[name])[:2]
        both = [self.fill("{name} ({weight:+.1f})", name=self.words["term"][n], weight=pushes[n]) for n in named]
        told = f" {self.words['grammar']['and']} ".join(both)
        return str(self.words["event"]["exit_why"]).format(terms=told)

    def _policy(self, number: dict[str, float], cause: dict[str, float], context: dict[str, Any]) -> str:
        """Tell a new stage of the demand, with what weighed in the hazard of the week."""
        words = self.words["policy"]
        demand = self.setting.scenario.policy.demand
        context["demand"] = words["demand"].format(demand=demand) if demand and not self.demanded else ""
        self.demanded = True  # named once
        stage = Stage(int(number["stage"])).word
        if stage == "force":
            return "policy_stage_force"
        alone = not number["members"]
        count = int(number["members"])
        context["behind"] = "" if alone else words["behind_one" if count == 1 else "behind"].format(count=count)
        context["why"] = self.fill(words["why"], **cause)
        return f"policy_stage_{stage}" + ("_alone" if alone and stage == "agenda" else "")

    def _decision(self, number: dict[str, float], context: dict[str, Any]) -> str:
        choice = Choice(int(number["choice"])).word
        odds = {name: number[f"p_{name}"] for name in Choice.words()}
        context["odds"] = odds[choice]
        others = sorted(
            (name for name in Choice.words() if name != choice and odds[name] > 0.01), key=lambda n: -odds[n]
        )
        told = [self.fill("{name} {odds:.0%}", name=self.words["choice"][n], odds=odds[n]) for n in others]
        context["others"] = ", ".join(told) or self.words["grammar"]["no_other"]
        return f"idea_decision_{choice}"
