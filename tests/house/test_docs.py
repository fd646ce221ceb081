"""The documentation says what the package does: generated parts are current, examples run, the site builds offline."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

from docs import examples, gallery, generate
from docs.blocks.gallery import snippet
from docs.blocks.rules import public_rules
from docs.blocks.state import described, records
from docs.drawing import picture
from sim.engine.world import LAYOUT

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PICTURES = sorted((DOCS / "pictures").glob("*.png"))
LARGEST_PICTURE = 150_000

#: Shell of the tutorial that is not run here, because it installs.
NOT_RUN = [
    "python3 -m venv .venv",
    ".venv/bin/pip install -c constraints.txt -e .",
    "source .venv/bin/activate",
    "sim --help",
]


# --- generated blocks ---------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("page", generate.pages(), ids=lambda page: page.name)
def test_generated_blocks_are_current(page: Path) -> None:
    where = page.relative_to(ROOT).as_posix()
    stale = [name for name, _ in generate.stale_blocks(page.read_text(encoding="utf-8"), where)]
    assert not stale, "run python -m docs.generate"


def _page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Path:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    monkeypatch.setattr(generate, "pages", lambda: [page])
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    return page


def test_a_stale_block_is_found_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = _page(
        tmp_path, monkeypatch, "# A\n\n<!-- generated: scenarios -->\nstale words\n<!-- end generated -->\n\nafter\n"
    )
    assert generate.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == ["page.md: scenarios is stale, run python -m docs.generate"]
    assert "stale words" in page.read_text(encoding="utf-8")
    assert generate.main([]) == 0
    text = page.read_text(encoding="utf-8")
    assert "`campaign-while-partnering`" in text
    assert text.endswith("\nafter\n")
    assert "stale words" not in text
    assert generate.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!-- generated: scenarios -->\nno end", "expected pairs"),
        ("<!-- end generated -->\n", "expected pairs"),
        ("<!-- generated: nothing -->\n<!-- end generated -->\n", "expected one of"),
    ],
)
def test_marks_that_cannot_be_read_are_refused(
    text: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _page(tmp_path, monkeypatch, text)
    assert generate.main(["--check"]) == 2
    assert expected in capsys.readouterr().err


def test_every_block_is_used_by_a_page() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in generate.pages())
    for name in generate.BLOCKS:
        assert f"<!-- generated: {name} -->" in text, name


def test_the_schedule_table_holds_every_line_of_the_week() -> None:
    source = (ROOT / "sim" / "schedule.py").read_text(encoding="utf-8")
    calls = re.findall(r"^    (\w+)\(world", source, flags=re.MULTILINE)
    shown = re.findall(r"^\| \d* ?\| `(\w+)`", generate.BLOCKS["weekly-schedule"](), flags=re.MULTILINE)
    assert shown == calls


def test_every_rule_says_something() -> None:
    assert [one.name for one in public_rules() if not one.says] == []
    assert {"S1", "S8", "S9", "S10", "S11"} <= {part for one in public_rules() for part in one.submodel.split(", ")}


def test_every_state_variable_is_described_and_nothing_else() -> None:
    fields = records()
    assert set(described()) == set(fields)
    for record, names in fields.items():
        assert set(described()[record]) - {"is"} == set(names), f"docs/blocks/state_variables.toml: {record}"


def test_every_record_of_the_state_has_its_place_in_the_table() -> None:
    # Work space of a week, the plan and the log are no state that a reader needs.
    others = {
        "parameter", "plausible", "calendar", "action", "code", "action_state", "request", "effect", "spell", "log",
        "drawn", "quantity",
    }  # fmt: skip
    held = {name for name, (dtype, _) in LAYOUT.items() if dtype.names}
    assert held - others == set(records()) - {"arrays"}
    assert set(described()["arrays"]) - {"is"} <= set(LAYOUT)


# --- examples -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("page", examples.PAGES, ids=lambda page: page.name)
def test_the_examples_of_a_page_run_as_they_stand(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mpl.use("Agg")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    found = list(examples.examples(page))
    assert any(example.kind == "command" for example in found)
    for example in found:
        code, printed = examples.run(example, names)
        assert code == 0, example.text
        assert not examples.missing(example, printed), "run python -m docs.examples and read what it changed"


def test_the_tutorial_ends_with_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    languages = set(re.findall(r"^```(\w+)$", text, flags=re.MULTILINE))
    assert languages == {"sh", "console", "toml", "python"}
    shell = "".join(re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)).splitlines()
    assert shell == NOT_RUN
    tomls = [body for language, body in examples._FENCED.findall(text) if language == "toml"]
    assert len(tomls) == sum(example.kind == "file" for example in examples.examples(DOCS / "tutorial.md"))


def test_a_line_that_a_command_no_longer_prints_is_found() -> None:
    example = examples.Example("command", "sim x", shown=("one", "...", "three"))
    assert examples.missing(example, "one\ntwo\nthree\n") == []
    assert examples.missing(example, "three\none\n") == ["three"]
    assert examples.current(example, "one\ntwo\nthree!\n") == ["one", "...", "three!"]


# --- gallery ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", gallery.FIGURES)
def test_a_picture_can_be_drawn(name: str) -> None:
    """The lines beside it run as they stand (here with few worlds)."""
    worlds = {"one-world": 1, "who-brought-the-firms": 2}.get(name, 12)
    lines, _, draws = re.sub(
        r"worlds: int = \d+", f"worlds: int = {worlds}", snippet(gallery.FIGURES[name])
    ).rpartition("\n")
    shown: dict[str, Any] = {"__name__": "shown"}
    exec(f"{lines}\ndrawn = {draws.partition('.savefig(')[0]}", shown)
    found = picture(shown["drawn"])
    assert found.startswith(b"\x89PNG")
    assert b"tIME" not in found
    assert b"Creation Time" not in found


def test_a_picture_has_the_same_bytes_each_time() -> None:
    draw = gallery.FIGURES["shape-of-a-storm"]
    assert picture(draw(20)) == picture(draw(20))


def test_pictures_and_pages_agree() -> None:
    used = set()
    for page in generate.pages():
        for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            path = (page.parent / target).resolve()
            assert path.exists(), f"{page.name}: {target}"
            used.add(path.name)
    assert {path.name for path in PICTURES} <= used
    assert {f"{name}.png" for name in gallery.FIGURES} == {path.name for path in PICTURES}
    assert [path.name for path in PICTURES if path.stat().st_size > LARGEST_PICTURE] == []


# --- the site -----------------------------------------------------------------------------------------------------


def test_every_page_stands_in_the_navigation() -> None:
    navigation = runpy.run_path(str(DOCS / "conf.py"))["NAVIGATION"]
    listed = {"index", *(page for pages in navigation.values() for page in pages)}
    there = {page.relative_to(DOCS).with_suffix("").as_posix() for page in DOCS.rglob("*.md")}
    assert listed == there, "add the page to NAVIGATION in docs/conf.py"


class _Assets(HTMLParser):
    """What a page loads by itself: scripts, styles, pictures, fonts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") not in ("canonical", "index", "search", "next", "prev"):
            self.found.append(given.get("href") or "")
        elif tag != "a":
            self.found += [given[key] or "" for key in ("src", "srcset", "data", "poster") if key in given]


@pytest.mark.slow
def test_the_site_builds_without_warnings_and_needs_no_network(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(tmp_path)]
    built = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert built.returncode == 0, built.stderr
    pages = sorted(tmp_path.rglob("*.html"))
    assert len(pages) >= 12
    for page in pages:
        assets = _Assets()
        assets.feed(page.read_text(encoding="utf-8"))
        assert assets.found
        for asset in assets.found:
            assert not re.match(r"(https?:)?//", asset), f"{page.name}: {asset}"
    for style in tmp_path.rglob("*.css"):
        loaded = re.findall(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)", style.read_text(encoding="utf-8"))
        assert not [one for one in loaded if re.match(r"(https?:)?//", "".join(one))], style.name
