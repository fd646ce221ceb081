"""How the site is built: ``make docs`` writes it to site/, and it needs no network, to build or to read."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).parent.resolve()
sys.path.insert(0, str(HERE.parent))

from sim.drawing.style import INK, LOOKS, MUTED, RULE
from sim.provenance import package_version

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: Every page of the site, by heading, in the order in which it is read. A page that is missing here is not built.
NAVIGATION: dict[str, tuple[str, ...]] = {
    "Use it": (
        "tutorial",
        "how-to-read-results",
        "lessons",
        "studies",
        "scaling",
        "gallery",
        "hosting",
        "exercises/campaign",
        "exercises/ideas",
        "exercises/shadows",
        *(f"exercises/{language}/{sheet}" for language in ("nb", "da") for sheet in ("campaign", "ideas", "shadows")),
    ),
    "The model": ("model", "odd", "validation", "calibration", "screening", "decisions"),
    "Reference": (
        "reference/commands",
        "reference/scenarios",
        "reference/plans",
        "reference/measures",
        "reference/files",
        "reference/parameters",
        "reference/rules",
        "reference/state",
        "reference/python",
    ),
}

project = "partnership-dynamics"
author = "the authors of partnership-dynamics"
version = release = package_version()

root_doc = "index"
source_suffix = {".md": "markdown"}
include_patterns = ["index.md", *(f"{page}.md" for pages in NAVIGATION.values() for page in pages)]
extensions = ["myst_parser"]
myst_heading_anchors = 3
smartquotes = False  # else --out becomes a dash

html_theme = "furo"
html_title = "partnership-dynamics"
html_static_path = ["static"]
html_css_files = ["house.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": LOOKS[0].text,
        "color-brand-content": LOOKS[0].text,
        "color-brand-visited": LOOKS[3].text,
        "color-foreground-primary": INK,
        "color-foreground-secondary": MUTED,
        "color-background-border": RULE,
    },
    "dark_css_variables": {
        "color-brand-primary": LOOKS[5].colour,
        "color-brand-content": LOOKS[5].colour,
        "color-brand-visited": LOOKS[3].colour,
    },
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def add_navigation(app: Sphinx, document: str, source: list[str]) -> None:
    """Hang all pages below the first one, so that the pages themselves stay plain Markdown."""
    if document == root_doc:
        for heading, pages in NAVIGATION.items():
            lines = "\n".join(pages)
            source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {heading}\n\n{lines}\n```\n"


def link_outside(app: Sphinx, document: str, source: list[str]) -> None:
    """Link Markdown files outside docs/ (README, CONTRIBUTING) as files, since they are no pages of the site."""

    def as_file(found: re.Match[str]) -> str:
        target = (Path(app.srcdir) / document).parent / found[1]
        outside = not target.resolve().is_relative_to(HERE)
        return f"](path:{found[1]})" if outside else found[0]

    source[0] = re.sub(r"\]\(((?:\.\./)+[^)#:]+\.md)\)", as_file, source[0])


def setup(app: Sphinx) -> None:
    """Register what is done to the pages."""
    app.connect("source-read", add_navigation)
    app.connect("source-read", link_outside)
