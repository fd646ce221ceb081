"""Run the shipped studies and write down what made their figures: ``python -m docs.experiments [NAME ...]``.

Every study of experiments/ is run (or what is missing of it) into results/, its first figure is copied to
experiments/figures, and the block of its name in experiments/README.md gets command, size and digest. The sentences
below a block are written by hand, after looking.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import sim
from sim.drawing.export import as_png
from sim.engine.compiled import sources_digest
from sim.files import write
from sim.studies.findings import figures, findings, save_study

ROOT = Path(__file__).parent.parent
EXPERIMENTS = ROOT / "experiments"
README = EXPERIMENTS / "README.md"
_BLOCK = "<!-- study: {name} -->\n(?P<body>.*?)<!-- end study -->"


def names() -> list[str]:
    """Names of the shipped studies, in alphabetical order."""
    return sorted(path.stem for path in EXPERIMENTS.glob("*.toml"))


def block(study: sim.Study) -> str:
    """Return what stands in the README about a run: figure, command, size and digest."""
    name, file = study.prepared.file.name, study.prepared.file
    return (
        f"![{file.title}](figures/{name}.png)\n\n"
        f"`sim study experiments/{name}.toml` · {len(study.design):,} points x {file.replicates:,} worlds · seed "
        f"{file.seed} · digest `{study.digest[:12]}` · rules `{sources_digest(rules_only=True)[:12]}`\n"
    )


def run(name: str) -> None:
    """Run a study, keep its figure and write its block."""
    study = sim.study(EXPERIMENTS / f"{name}.toml", ROOT / "results" / name, resume=True)
    save_study(study)
    (EXPERIMENTS / "figures").mkdir(exist_ok=True)
    write(EXPERIMENTS / "figures" / f"{name}.png", as_png(next(iter(figures(study).values()))))
    text = README.read_text(encoding="utf-8")
    pattern = re.compile(_BLOCK.format(name=re.escape(name)), re.DOTALL)
    if not pattern.search(text):
        raise SystemExit(
            f"{README.name}: found no block of {name}, expected <!-- study: {name} --> ... <!-- end study -->"
        )
    text = pattern.sub(lambda _: f"<!-- study: {name} -->\n{block(study)}<!-- end study -->", text)
    write(README, text.encode())
    print(f"{name}  {study.digest[:12]}", *findings(study), sep="\n  ", flush=True)


if __name__ == "__main__":
    for wanted in sys.argv[1:] or names():
        run(wanted)
