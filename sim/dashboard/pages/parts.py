"""What several pages show: texts, the verdict, the chart, the player, choices."""

from __future__ import annotations

import html
from functools import cache
from typing import TYPE_CHECKING, Any

import solara

from sim.analysis.comparison.words import Told, unlike
from sim.dashboard import charts
from sim.dashboard.engine import MORE_WORLDS, measures_of, outcome
from sim.dashboard.session import Session, session_context
from sim.dashboard.sliders import sliders_of
from sim.dashboard.trajectory import trajectory
from sim.dashboard.widgets.components import Buttons, Chart, Choice, Sliders
from sim.dashboard.widgets.player import PlayerWidget, player_words, player_world
from sim.drawing.style import LOOKS, MUTED
from sim.errors import InputError
from sim.observe.measures import headline_ids
from sim.observe.measures import measure as describe
from sim.provenance import package_version
from sim.scenarios import catalogue, scenario
from sim.scenarios.lessons import lessons
from sim.words.numbers import capital

if TYPE_CHECKING:
    from sim.dashboard.engine import Answer
    from sim.dashboard.state import Plan
    from sim.stories.texts import Texts

#: Key of the text that says which way an outcome is good.
_AIMS = {-1: "less_is_better", 0: "neither_is_better", 1: "more_is_better"}


def current() -> Session:
    """Return the session of this page."""
    found: Session = solara.use_context(session_context)
    return found


def text(content: str, tag: str = "p", classes: str = "", **attributes: str) -> None:
    """Show plain text."""
    solara.HTML(tag=tag, unsafe_innerHTML=html.escape(content), classes=classes.split(), attributes=attributes)


def block(markup: str, classes: str = "", tag: str = "div", **attributes: str) -> None:
    """Show markup of our own making; whatever users wrote was escaped before."""
    solara.HTML(tag=tag, unsafe_innerHTML=markup, classes=classes.split(), attributes=attributes)


def plan_title(plan: Plan, words: Texts) -> str:
    """Title of a plan, with a mark if it was changed."""
    title = words.scenario(plan.scenario)
    if not plan.edited:
        return title
    return f"{title} ({words('compare.edited' if plan.base else 'compare.own')})"


@cache
def shipped_groups(words: Texts) -> list[dict[str, Any]]:
    """Return the shipped scenarios by where they are used, as groups of choices."""
    kinds: dict[str, str] = {}
    for row in lessons():
        for name in (name for pair in row.compare for name in pair):
            kinds.setdefault(name, row.kind)
    return [
        {
            "label": words(f"start.of_{kind}"),
            "rows": [
                {"id": name, "label": words.scenario(scenario(name))}
                for name in catalogue()
                if kinds.get(name, "case") == kind
            ],
        }
        for kind in ("lesson", "question", "case")
    ]


def plans_line(session: Session) -> None:
    """Say which plan is A and which is B, with the look of their lines."""
    view, words = session.view, session.words
    rows = []
    for letter, plan in (("a", view.a), ("b", view.b)):
        title = html.escape(plan_title(plan, words))
        rows.append(f'<span class="pd-letter pd-{letter}"><i></i><b>{letter.upper()}</b> {title}</span>')
    block("".join(rows), "pd-plans")


def measure_choice(session: Session) -> None:
    """Let the user choose the outcome."""
    view, words = session.view, session.words
    known = measures_of((view.a.scenario, view.b.scenario))
    names = {name: words.measure(name, view.a.scenario) for name in known}
    first = [name for name in known if name in headline_ids(view.a.scenario)]
    rest = sorted((name for name in known if name not in first), key=lambda name: names[name])
    groups = [
        {"label": words("explore.measures_first"), "rows": [{"id": name, "label": names[name]} for name in first]},
        {"label": words("explore.measures_more"), "rows": [{"id": name, "label": names[name]} for name in rest]},
    ]
    Choice(
        name="measure",
        label=words("explore.outcome"),
        value=outcome(view),
        groups=groups,
        event_chosen=lambda name: session.show(measure=str(name)) if name in known else None,
    )


@solara.component
def Verdict(answer: Answer, session: Session) -> None:
    """Answer in one sentence, its evidence, and what has to be known before believing it."""
    words = session.words
    comparison, name = answer.comparison, answer.measure
    aim = words(f"verdict.{_AIMS[describe(name).direction]}")
    with solara.Div(attributes={"aria-live": "polite"}):
        for note in unlike(comparison):
            text(capital(words.say(note)), classes="pd-caveat", role="note")
        text(f"{words.measure(name, comparison.scenarios[0])} ({aim})", classes="pd-asked")
        judged = told(answer, session).verdict(name, 1)
        text(judged.short, classes="pd-verdict")
        if judged.evidence:
            text(" ".join(judged.evidence), classes="pd-evidence")
        worlds = words("app.worlds", worlds=words.number(comparison.replicates), seed=comparison.seed)
        if answer.worlds < MORE_WORLDS:
            worlds += " \u00b7 " + words("app.refining", worlds=words.number(answer.worlds))
        changed = words("verdict.parameters", number=len(session.view.parameters)) if session.view.parameters else ""
        text(" \u00b7 ".join(filter(None, (worlds, changed, words("chart.bands")))), classes="pd-small")


def told(answer: Answer, session: Session) -> Told:
    """Return who says an answer: "so far", until all worlds are there."""
    return Told(answer.comparison, session.words.code, so_far=answer.worlds < MORE_WORLDS)


def trade_off(answer: Answer, session: Session) -> None:
    """Say what the choice between the plans comes to."""
    with solara.Div(classes=["pd-trade-off"], attributes={"aria-live": "polite"}):
        for sentence in told(answer, session).answer():
            text(sentence)


def fan(answer: Answer, session: Session, height: str = "100%") -> None:
    """Draw the bands and dots of an answer."""
    large = session.view.projector
    words, comparison = session.words, answer.comparison
    option = charts.fan_option(comparison, answer.measure, words, large=large)
    title = words.measure(answer.measure, comparison.scenarios[0])
    facts = made_by(session, "report.facts", worlds=words.number(comparison.replicates))
    Chart(name="futures", option=option, height=height, caption=(title, *facts, words("chart.bands")))


def made_by(session: Session, facts: str, **numbers: str) -> tuple[str, str]:
    """Say which plans, worlds, seed, version and parameters made a picture."""
    view, words = session.view, session.words
    plans = " \u00b7 ".join(f"{name}: {plan_title(plan, words)}" for name, plan in (("A", view.a), ("B", view.b)))
    told = words(facts, seed=view.seed, version=package_version(), **numbers)
    changed = [f"{name} = {words.local(f'{value:g}')}" for name, value in view.parameters]
    return plans, "; ".join([told, *changed])


def caveat(session: Session) -> None:
    """Say what working out of sight costs, where a plan does."""
    if session.view.a.scenario.shadow_strategy or session.view.b.scenario.shadow_strategy:
        text(session.words("app.shadow"), classes="pd-caveat", role="note")


@solara.component
def PlanSliders(session: Session, which: str, revision: int) -> None:
    """Sliders of plan a or b; "both" shows those of plan a, which move plan b along."""
    words, plan = session.words, getattr(session.view, "b" if which == "b" else "a")
    scenario = plan.scenario
    rows = []
    for slider, value in sliders_of(scenario):
        form = "percent" if slider.unit == "share" else "date" if slider.unit == "week" else "number"
        rows.append(
            {
                "id": slider.id,
                "label": words(f"slider.{slider.id}"),
                "hint": words(f"slider_hint.{slider.id}"),
                "value": value,
                "low": slider.low,
                "high": min(slider.high, scenario.weeks - 1) if slider.unit == "week" else slider.high,
                "step": slider.step,
                "format": form,
                "start": scenario.start.isoformat(),
                "unit": words.unit(slider.unit) if form == "number" else "",
            }
        )
    if not rows:
        text(words("explore.no_sliders"), classes="pd-muted")
        return
    colour = {"a": LOOKS[0].colour, "b": LOOKS[1].colour}.get(which, MUTED)
    Sliders(which=which, rows=rows, revision=revision, locale=words.code, colour=colour, event_moved=session.move)


def world_controls(session: Session) -> None:
    """Choose whose world is played, and another world."""
    view, words = session.view, session.words
    letters = [{"id": one, "label": one.upper(), "on": view.shown == one} for one in ("a", "b")]
    with solara.Div(classes=["pd-buttons"]):
        text(words("explore.plan_shown"), tag="span", classes="pd-muted")
        Buttons(
            rows=letters,
            label=words("explore.plan_shown"),
            event_pressed=lambda one: session.show(shown="b" if one == "b" else "a"),
        )
        Buttons(
            rows=[{"id": "next", "label": words("explore.another")}],
            label=words("explore.another"),
            event_pressed=lambda _: session.show(world=(view.world + 1) % 1000),
        )


@solara.component
def Player(session: Session, start: int = -1, world: int | None = None) -> None:
    """Play one world of the plan that is shown: the one of the view, or another one."""
    view, words = session.view, session.words
    plan, number = getattr(view, view.shown), view.world if world is None else world
    key = (plan, view.seed, number, view.parameters, view.language)

    def run() -> tuple[dict[str, Any], bytes, dict[str, Any], str]:
        try:
            one = trajectory(plan.scenario, view.seed, number, dict(view.parameters), view.language)
        except InputError as error:
            return {}, b"", {}, words.say(error.said)
        return *player_world(one, words), player_words(one, words), f"{hash(key)}"

    played, content, labels, revision = solara.use_memo(run, [key])
    if not played:
        text(revision, classes="pd-error")
        return
    PlayerWidget.element(
        world=played,
        data=content,
        words=labels,
        large=view.projector,
        start=start,
        revision=f"{revision}{view.projector}",
    )
