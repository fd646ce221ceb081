"""About: limits, sources, words."""

from __future__ import annotations

import html

import solara

from sim.dashboard.pages.parts import block, current, text
from sim.provenance import package_version


@solara.component
def About() -> None:
    """What to know before believing anything."""
    words = current().words
    about = words.words["about"]
    with solara.Div(classes=["pd-narrow"]):
        text(words("about.lead"), tag="h1")
        with solara.Div(classes=["pd-two"]):
            with solara.Div(classes=["pd-card"]):
                text(words("about.limits"), tag="h2")
                block("".join(f"<li>{html.escape(one)}</li>" for one in about["limit"].values()), "pd-list", tag="ul")
                text(words("about.sources"), tag="h2")
                block("".join(f"<li>{html.escape(one)}</li>" for one in about["source_text"]), "pd-list", tag="ul")
                text(words("about.version", version=package_version()), classes="pd-small")
            with solara.Div(classes=["pd-card"]):
                text(words("about.glossary"), tag="h2")
                rows = (f"<dt>{html.escape(a)}</dt><dd>{html.escape(b)}</dd>" for a, b in about["word"].values())
                block("".join(rows), "pd-glossary", tag="dl")
