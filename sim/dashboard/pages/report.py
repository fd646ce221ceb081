"""Report: what was compared, under which assumptions, with what result, to keep and to send."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import solara

from sim.analysis.comparison.page import command_line
from sim.analysis.comparison.words import Told
from sim.dashboard import editing
from sim.dashboard.engine import FIRST_WORLDS, MORE_WORLDS, whole
from sim.dashboard.files import saved_comparison
from sim.dashboard.pages.exports import Exports
from sim.dashboard.pages.parts import Verdict, block, caveat, current, fan, plan_title, plans_line, text, trade_off
from sim.observe.measures import measure as describe
from sim.parameters import REGISTRY
from sim.provenance import package_version
from sim.words.numbers import capital, decimals

if TYPE_CHECKING:
    from sim.statistics import Summary
    from sim.stories.texts import Texts


@solara.component
def Report() -> None:
    """The page to print."""
    session = current()
    view, words = session.view, session.words
    answer = session.answer()
    solara.use_effect(session.refine, [view.question, view.measure])
    # What is shown comes from as many worlds as the verdict: the rest are simulated by the thread that brings it.
    worlds = MORE_WORLDS if session.settled else FIRST_WORLDS
    comparison = solara.use_memo(lambda: whole(view, worlds), [view.question, worlds])

    again = solara.use_memo(lambda: command_line(saved_comparison(view, worlds)), [view.question, worlds])
    with solara.Div(classes=["pd-narrow"]):
        text(words("report.lead"), tag="h1")
        Exports()
        with solara.Div(classes=["pd-two", "pd-below"]):
            with solara.Div(classes=["pd-stack"]):
                with solara.Div(classes=["pd-card"]):
                    text(words("report.summary"), tag="h2")
                    plans_line(session)
                    if answer is not None:
                        trade_off(answer, session)
                        Verdict(answer, session)
                        fan(answer, session, "380px")
                    caveat(session)
                    text(words("report.version", version=package_version()), classes="pd-small")
                with solara.Div(classes=["pd-card"]):
                    text(words("report.assumptions"), tag="h2")
                    for letter, plan in (("A", view.a), ("B", view.b)):
                        text(f"{letter}: {plan_title(plan, words)}", tag="h3")
                        items = "".join(
                            f"<li>{html.escape(words.assumption(one))}</li>" for one in plan.scenario.assumptions
                        )
                        block(items, "pd-list", tag="ul")
                with solara.Div(classes=["pd-card"]):
                    text(words("report.changed"), tag="h2")
                    for letter, plan in (("A", view.a), ("B", view.b)):
                        if plan.base and plan.edited:
                            text(f"{letter}: {plan_title(plan, words)}", tag="h3")
                            items = "".join(f"<li>{html.escape(one)}</li>" for one in editing.changes_said(plan, words))
                            block(items, "pd-list", tag="ul")
                    if not (view.a.edited or view.b.edited):
                        text(words("report.unchanged"))
                    if view.parameters:
                        columns = tuple(words(f"drawer.{one}") for one in ("parameter", "value", "default", "unit"))
                        block(_table(columns, [_changed(name, value, words) for name, value in view.parameters]))
                    else:
                        text(words("report.defaults"))
                    text(words("report.again"), tag="h3")
                    if view.a.edited or view.b.edited:
                        text(words("report.save_first"), classes="pd-small")
                    block(f"<code>{html.escape(again)}</code>")
            reachable = {"tabindex": "0", "role": "region", "aria-label": words("report.numbers")}
            with solara.Div(classes=["pd-card", "pd-scroll"], attributes=reachable):
                text(words("report.numbers"), tag="h2")
                rows = []
                said = Told(comparison, words.code)
                for name in comparison.headline:
                    paired = comparison.results[0, 1].get(name)
                    if paired is None:
                        continue
                    unit = describe(name).unit
                    cells = [_spread(one[name], unit, words) for one in comparison.summaries]
                    label = words.measure(name, view.a.scenario) + (
                        f" ({words.unit(unit)})" if words.unit(unit) else ""
                    )
                    rows.append((label, *cells, said.verdict(name, 1).word))
                head = (words("report.measure"), "A", "B", words("report.verdict"))
                block(_table(head, rows))
                many = words("app.worlds", worlds=words.number(comparison.replicates), seed=comparison.seed)
                text(f"{words('report.median')} \u00b7 {many}", classes="pd-small")


def _spread(one: Summary, unit: str, words: Texts) -> str:
    """Write a median with the middle eight tenths of the worlds; the unit stands elsewhere, but for percent."""
    shares = words.axis(unit) == "%"
    scale = 100.0 if shares else 1.0
    counted = unit == "count" and all(value == round(value) for value in (one.median, one.p10, one.p90))
    digits = 0 if counted else decimals(scale * (one.p90 - one.p10) / 2.0, scale * one.median)
    median, low, high = (words.number(scale * value, digits) for value in (one.median, one.p10, one.p90))
    spread = f"{low}\u2013{high}" if min(one.p10, one.p90) >= 0.0 else words("report.span", low=low, high=high)
    return f"{median}\u00a0% ({spread})" if shares else f"{median} ({spread})"


def _changed(name: str, value: float, words: Texts) -> tuple[str, ...]:
    row = REGISTRY[name]
    label = f"{capital(words.maybe('parameter', name, row.words))} ({name})"
    return label, words.local(f"{value:g}"), words.local(f"{row.default:g}"), words.unit(row.unit) or row.unit


def _number(cell: str) -> str:
    """Keep a number and its spread in one line."""
    return ' class="pd-one-line"' if cell[:1].isdigit() or cell[:1] == "\u2212" else ""


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Write a table; whatever is in it is escaped."""
    top = "".join(f"<th>{html.escape(one)}</th>" for one in head)
    body = "".join(
        "<tr>" + "".join(f"<td{_number(cell)}>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<table class="pd-table"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
