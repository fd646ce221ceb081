"""Compare, for the desk: plan A, what differs, plan B, and the plans action by action."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import solara

from sim.dashboard import charts, editing
from sim.dashboard.files import LARGEST_UPLOAD
from sim.dashboard.pages.assumptions import Assumptions
from sim.dashboard.pages.exports import Exports
from sim.dashboard.pages.parts import (
    PlanSliders,
    Verdict,
    block,
    caveat,
    current,
    fan,
    measure_choice,
    plan_title,
    plans_line,
    shipped_groups,
    text,
    trade_off,
)
from sim.dashboard.state import Plan, imported
from sim.dashboard.widgets.components import Buttons, Chart, Choice, PlanEditor, Saving
from sim.errors import InputError
from sim.scenarios import catalogue, warnings
from sim.stories.conditions import condition_said, ready_conditions
from sim.stories.plans import in_words, when_said
from sim.words.numbers import capital

if TYPE_CHECKING:
    from sim.dashboard.engine import Answer
    from sim.dashboard.session import Session


@solara.component
def Compare() -> None:
    """The page for the desk."""
    session = current()
    view, _words = session.view, session.words
    answer = session.answer()
    solara.use_effect(session.refine, [view.question, view.measure])
    with solara.Div(classes=["pd-compare"]):
        _PlanCard(session, "a")
        with solara.Div(classes=["pd-card", "pd-centre"]):
            measure_choice(session)
            plans_line(session)
            if answer is not None:
                trade_off(answer, session)
                Verdict(answer, session)
                fan(answer, session, "380px" if not view.projector else "470px")
                caveat(session)
                _Shares(answer, session)
            Exports()
        _PlanCard(session, "b")
    Assumptions(session)
    _PlanTable(session, answer)


@solara.component
def _PlanCard(session: Session, which: str) -> None:
    """One plan: its scenario, its sliders, its files."""
    words, plan = session.words, getattr(session.view, which)
    refused, set_refused = solara.use_state("")
    own = [] if plan.base else [{"id": "", "label": words("compare.imported", title=words.scenario(plan.scenario))}]

    def choose(name: object) -> None:
        if name in catalogue():
            session.attempt(lambda: {which: Plan(str(name))})

    def opened(message: dict[str, Any]) -> None:
        content = str(message.get("text", ""))
        size = len(content.encode())
        if size > LARGEST_UPLOAD:
            set_refused(words("compare.too_large", size=words.number(size, 0), most=words.number(LARGEST_UPLOAD, 0)))
            return
        try:
            found = imported(content)
        except InputError as error:
            set_refused(words.say(error.said))
            return
        set_refused("")
        session.show(**{which: found})

    other = "b" if which == "a" else "a"
    buttons = [{"id": "copy", "label": words(f"compare.copy_{which}")}]
    if plan.edited and plan.base:
        buttons.append({"id": "shipped", "label": words("compare.undo_all")})

    def press(name: object) -> None:
        session.show(**{which: getattr(session.view, other) if name == "copy" else Plan(plan.base)})

    with solara.Div(classes=["pd-card", "pd-side-card", f"pd-{which}"]):
        text(words(f"compare.plan_{which}"), tag="h2")
        Choice(
            name=f"plan-{which}",
            label=words("compare.choose"),
            value=plan.base,
            groups=[*([{"label": "", "rows": own}] if own else []), *shipped_groups(words)],
            event_chosen=choose,
        )
        if plan.scenario.question:
            text(words.question(plan.scenario), classes="pd-small")
        PlanSliders(session, which, session.history.value.moves)
        Buttons(rows=buttons, label=words(f"compare.plan_{which}"), kind="presets", event_pressed=press)
        Saving(
            rows=[],
            label=words("compare.import"),
            file={},
            opens=words("compare.import"),
            most=LARGEST_UPLOAD,
            too_large=words.words["compare"]["too_large"],
            message=refused,
            event_wanted=lambda _: None,
            event_opened=opened,
        )


@solara.component
def _Shares(answer: Answer, session: Session) -> None:
    """In how many worlds which plan is ahead, and by how much, world by world."""
    words = session.words
    parts = charts.share_bar(answer.comparison, answer.measure, words)
    if not parts:
        return
    text(words("compare.share"), tag="h3")
    spans = "".join(
        f'<span style="flex:{part["share"]:.4f};background:{part["colour"]}" title="{html.escape(part["text"])}">'
        f"{html.escape(part['label'])}{' ' + format(100 * part['share'], '.0f') if part['share'] > 0.06 else ''}</span>"
        for part in parts
    )
    spoken = "; ".join(f"{part['label']}: {part['text']}" for part in parts)
    block(spans, "pd-bar-100", role="img", **{"aria-label": spoken})
    text(words("compare.difference"), tag="h3")
    option = charts.difference_option(answer.comparison, answer.measure, words, large=session.view.projector)
    Chart(name="difference", option=option, height="210px")


@solara.component
def _PlanTable(session: Session, answer: Answer | None) -> None:
    """The plan as a table of actions that can be changed."""
    view, words = session.view, session.words
    which, set_which = solara.use_state("b")
    error, set_error = solara.use_state(None)
    accepted, set_accepted = solara.use_state(0)
    plan = getattr(view, which)
    case = plan.scenario
    ensemble = None
    if answer is not None:
        position = "ab".index(which)
        found = answer.comparison.ensembles[position]
        ensemble = found if found.scenario.digest() == case.digest() else None
    refused = editing.refusals_by_place(ensemble) if ensemble is not None else {}
    rows = []
    for place, (action, row) in enumerate(zip(case.plan, editing.rows_of(case), strict=True)):
        reason, share = refused.get(place, ("", 0.0))
        told = (
            words("compare.refused_in", worlds=words.worlds(share), reason=words(f"reason.{reason}")) if reason else ""
        )
        rows.append(
            {
                "when": when_said(action, case, words),
                "text": in_words(action, case, words),
                "label": action.label or "",
                "refused": told,
                "fields": editing.row_fields(row),
            }
        )

    def act(message: dict[str, Any]) -> None:
        if message.get("act") == "open":
            set_error(None)
            return
        try:
            changed = editing.act(getattr(session.view, which), message)
        except editing.Refusal as refusal:
            set_error({"field": refusal.field, "text": words.say(refusal.text)})
            return
        set_error(None)
        set_accepted(accepted + 1)
        session.show(**{which: changed})

    with solara.Div(classes=["pd-card", "pd-below"]):
        with solara.Div(classes=["pd-row"]):
            text(f"{words('compare.table')}: {plan_title(plan, words)}", tag="h2")
            Buttons(
                rows=[{"id": one, "label": words(f"compare.plan_{one}"), "on": which == one} for one in ("a", "b")],
                label=words("compare.which"),
                event_pressed=lambda one: set_which("a" if one == "a" else "b"),
            )
        PlanEditor(
            which=which,
            words=words.table("compare"),
            rows=rows,
            verbs=editing.verbs_of(case, words),
            ready=[{"id": one, "label": capital(condition_said(one, case, words))} for one in ready_conditions(case)],
            fresh={"when": case.date(26).isoformat(), "by": case.default_initiator or ""},
            refusals=any(row["refused"] for row in rows),
            error=error,
            accepted=accepted,
            event_act=act,
        )
        notes = warnings(case)
        if notes:
            text(words("compare.warnings"), tag="h3")
            block("".join(f"<li>{html.escape(words.say(note))}</li>" for note in notes), "pd-list", tag="ul")
