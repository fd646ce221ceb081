"""The decision brief: a comparison on one page (A4), in every language, as HTML or as a Word document."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.comparison.figures import brief_picture
from sim.analysis.comparison.plans import Cell, align
from sim.analysis.comparison.templates import template
from sim.analysis.comparison.words import Told
from sim.drawing.export import as_png, as_svg
from sim.drawing.parts import SHARE_OF_WORLDS
from sim.errors import InputError
from sim.files import write
from sim.provenance import package_version
from sim.words.language import ENGLISH, SHARES
from sim.words.numbers import capital

if TYPE_CHECKING:
    from pathlib import Path

    from sim.analysis.comparison.numbers import Compared
    from sim.stories.texts import Texts

MOST_ROWS = 5
MOST_ACTIONS = 4
FEW_ACTIONS = 2  # where there are many plans
MANY_PLANS = 3
MOST_DRIVERS = 3
MOST_REFUSALS = 3


@dataclass(frozen=True, slots=True)
class Brief:
    """What stands on the page.

    Attributes
    ----------
    heading
        The plans by their names.
    question
        What the first plan that asks one asks.
    plans
        Letter and name of each plan, with a star if it is on the Pareto front (of more than two).
    actions
        Rows of what the plans do differently: a cell for each plan, (day, text).
    answer, hangs, refusals, limits
        Sentences.
    caveat
        What working out of sight costs; empty where no plan does.
    head, figures
        Heading and rows of the table: a measure, then cells.
    picture
        Caption of the picture.
    facts
        What made it.
    more
        What there is more of in the report.
    """

    heading: str
    question: str
    plans: tuple[tuple[str, str], ...]
    actions: tuple[tuple[tuple[str, str], ...], ...]
    answer: tuple[str, ...]
    caveat: str
    head: tuple[str, ...]
    figures: tuple[tuple[str, ...], ...]
    picture: str
    hangs: tuple[str, ...]
    refusals: tuple[str, ...]
    limits: tuple[str, ...]
    facts: str
    more: dict[str, str]
    note: str


def brief_of(compared: Compared, language: str = ENGLISH) -> Brief:
    """Choose what stands in the brief of a comparison, and say it."""
    told = Told(compared, language)
    words = told.words
    differ = [row.cells for row in align(compared.ensembles, words) if not row.same]
    if len(compared.ensembles) > 2:  # first what tells most of them apart
        differ.sort(key=lambda cells: -len({None if cell is None else (cell.when, cell.text) for cell in cells}))
    names = _rows(compared)
    number = len(compared.ensembles)
    most = MOST_ACTIONS if number < MANY_PLANS else FEW_ACTIONS if number < 2 * MANY_PLANS - 1 else 1
    drivers = MOST_DRIVERS if number < 2 * MANY_PLANS - 1 else 1
    refusals = told.often_refused()
    hangs = told.hangs()
    several = len(compared.ensembles) > 2
    questions = [words.question(one) for one in compared.scenarios]
    more = {
        "actions": len(differ) - most,
        "figures": len(compared.headline) - len(names),
        "refusals": len(refusals) - MOST_REFUSALS,
        "hangs": len(hangs) - drivers,
    }
    stars = [" *" if several and front else "" for front in compared.front]
    return Brief(
        heading=_heading(compared, words),
        question=next((one for one in (*questions[1:], *questions[:1]) if one), ""),
        plans=tuple(
            (letter, words.scenario(one) + star)
            for letter, one, star in zip(compared.letters, compared.scenarios, stars, strict=True)
        ),
        actions=tuple(tuple(_cell(cell, words) for cell in row) for row in differ[:most]),
        answer=tuple(told.answer(short=number > 2)),
        caveat=words("app.shadow") if any(one.shadow_strategy for one in compared.scenarios) else "",
        head=_head(compared, words),
        figures=tuple(_figures(told, name) for name in names),
        picture=words(_caption(compared), label=capital(told.label(_followed(compared)))),
        hangs=tuple(hangs[:drivers]),
        refusals=tuple(refusals[:MOST_REFUSALS]) or (words("brief.refusals_none"),),
        limits=tuple(words.table("brief")["limit"]),
        facts=words(
            "brief.facts",
            worlds=words.number(compared.replicates, 0),
            horizon=told.horizon(),
            seed=compared.seed,
            version=package_version(),
            sets=words("brief.sets" if compared.parameter_sets else "brief.sets_none"),
        ),
        more={key: words("brief.more", number=words.number(number, 0)) for key, number in more.items() if number > 0},
        note=words("brief.front") if several else "",
    )


def _heading(compared: Compared, words: Texts) -> str:
    titles = [words.scenario(one) for one in compared.scenarios]
    if len(titles) <= MANY_PLANS:
        return " / ".join(titles)
    return words("brief.heading", first=titles[0], number=len(titles) - 1)


def _cell(cell: Cell | None, words: Texts) -> tuple[str, str]:
    return ("", words("brief.not_there")) if cell is None else (cell.when, cell.text)


def _rows(compared: Compared) -> list[str]:
    """Measures that the brief shows: the goal, then what differs most beside what matters."""

    def size(name: str) -> float:
        rows = [found[name] for found in compared.results.values() if name in found]
        told = any(compared.better(name, row) for row in rows)
        return max((abs(row.difference) / (row.matters or 1.0) + 1e6 * told for row in rows), default=-1.0)

    rest = sorted((name for name in compared.headline if name != compared.goal), key=lambda name: -size(name))
    return [compared.goal, *rest][:MOST_ROWS]


def _head(compared: Compared, words: Texts) -> tuple[str, ...]:
    if len(compared.ensembles) > 2:
        return (words("brief.measure"), words("brief.average"), *compared.letters[1:])
    letter = compared.letters[1]
    keys = ("difference", "worlds", "verdict")
    return (words("brief.measure"), *(words(f"brief.{key}", letter=letter) for key in keys))


def _figures(told: Told, name: str) -> tuple[str, ...]:
    """Row of the table: of two plans the difference, the worlds and the verdict; of more, each against the first."""
    compared, words = told.compared, told.words
    label = capital(told.label(name))
    cells: list[str] = []
    several = len(compared.ensembles) > 2
    about = compared.describe(name)
    if several:
        mean = compared.summaries[0][name].mean if name in compared.summaries[0] else float("nan")
        cells.append(words.amount(mean, about.unit if about.unit in SHARES else ""))
        unit = words("verdict.points") if about.unit in SHARES else words.unit(about.unit)
        label = f"{label} ({unit})" if unit else label
    for b in range(1, len(compared.ensembles)):
        paired = compared.results[0, b].get(name)
        if paired is None:
            cells += [words("number.none")] if several else ["", "", words("judged.word_none")]
            continue
        difference, _, _ = told.difference(name, paired, bare=several)
        difference = difference.partition("\u00a0")[0] if several else difference
        word = told.verdict(name, b).word
        if several:
            cells.append(f"{difference}: {word}" if paired.differing else word)
            continue
        for_a, equal, for_b = (words.of_100(share) for share in paired.ahead(about.direction))
        shares = words("brief.ahead", letter=compared.letters[b], for_a=for_a, equal=equal, for_b=for_b)
        cells += [difference, shares, word]
    return (label, *cells)


def _followed(compared: Compared) -> str:
    """Measure of the picture: what differs most of the rows that can be followed over time."""
    shared = [name for name in _rows(compared) if all(name in one.series for one in compared.ensembles)]
    results = compared.results.values()
    told = [name for name in shared if any(name in row and compared.better(name, row[name]) for row in results)]
    every = [name for name in compared.ensembles[0].series if all(name in one.series for one in compared.ensembles)]
    partners = [name for name in every if name.startswith("partnered_")]
    return [*told, *partners, *shared, *every][0]


def _caption(compared: Compared) -> str:
    yes_or_no = compared.describe(_followed(compared)).unit == SHARE_OF_WORLDS
    return f"brief.picture{'_share' if yes_or_no else '_lines' if len(compared.ensembles) > 2 else ''}"


def render_brief(compared: Compared, language: str = ENGLISH) -> str:
    """Return the brief as the text of an HTML page that needs nothing else."""
    told = Told(compared, language)
    picture = as_svg(brief_picture(compared, _followed(compared), told.words))
    page: str = template("brief.html").render(
        brief=brief_of(compared, language),
        words=told.words,
        language=language,
        looks=_looks(len(compared.ensembles)),
        picture=base64.b64encode(picture).decode("ascii"),
    )
    return page


def _looks(number: int) -> list[str]:
    from sim.drawing.style import LOOKS

    return [look.text for look in LOOKS[:number]]


def write_brief(compared: Compared, path: Path, language: str = ENGLISH) -> Path:
    """Write the brief: a Word document where the path ends in .docx, else an HTML page."""
    content = _word(compared, language) if path.suffix.lower() == ".docx" else render_brief(compared, language).encode()
    return write(path, content)


def _word(compared: Compared, language: str) -> bytes:
    """Return the brief as a Word document."""
    try:
        import docx
        from docx.shared import Cm, Pt
    except ImportError:
        raise InputError('brief: Word documents need python-docx: pip install "partnership-dynamics[brief]"') from None
    told = Told(compared, language)
    words, brief = told.words, brief_of(compared, language)
    document: Any = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = Cm(1.8)
    page.top_margin = page.bottom_margin = Cm(1.3)
    normal = document.styles["Normal"]
    normal.font.size, normal.paragraph_format.space_after = Pt(9), Pt(2)
    for number in (1, 2):
        style = document.styles[f"Heading {number}"]
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(5), Pt(2)
        style.font.size = Pt(15 if number == 1 else 11)

    def section(key: str, sentences: tuple[str, ...]) -> None:
        document.add_heading(words(f"brief.{key}"), 2)
        for sentence in sentences:
            document.add_paragraph(sentence)

    document.add_heading(brief.heading, 1)
    if brief.question:
        document.add_paragraph(brief.question)
    section("answer", brief.answer)
    if brief.caveat:
        document.add_paragraph().add_run(brief.caveat).bold = True
    document.add_heading(words("brief.plans"), 2)
    head = tuple(f"{letter}  {name}" for letter, name in brief.plans)
    _table(document, head, [tuple(f"{when}\n{text}".strip() for when, text in row) for row in brief.actions])
    document.add_heading(words("brief.figures"), 2)
    _table(document, brief.head, list(brief.figures))
    document.add_picture(io.BytesIO(as_png(brief_picture(compared, _followed(compared), words))), width=Cm(15.5))
    document.add_paragraph(brief.picture)
    section("hangs", brief.hangs)
    section("refusals", brief.refusals)
    section("limits", brief.limits)
    document.add_paragraph(" ".join(filter(None, (brief.facts, brief.note, *brief.more.values()))))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _table(document: Any, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from docx.shared import Pt

    table = document.add_table(rows=1 + len(rows), cols=len(head), style="Table Grid")
    for number, row in enumerate((head, *rows)):
        for column, text in enumerate(row):
            cell = table.cell(number, column)
            cell.text = text
            for run in cell.paragraphs[0].runs:
                run.font.size, run.bold = Pt(8), number == 0
