# Every target does its own set-up: a virtual environment in .venv, installed once, reused after.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test golden bench check docs clean

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,docs]'
	touch $(READY)

demo: $(READY)
	$(BIN)/sim compare campaign-while-partnering partner-in-calm-seas --replicates 1000 --out results/demo

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: check
	$(BIN)/python -m pytest

# After a meant change of simulated numbers or words: say in CHANGELOG.md what changed and why.
golden: $(READY)
	$(BIN)/python tests/golden.py

docs: $(READY)
	$(BIN)/python -m docs.generate --check
	$(BIN)/python -m sphinx -W --keep-going --quiet --fresh-env --write-all -b html docs site
	@echo 'open site/index.html'

bench: $(READY)
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.dashboard

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build site *.egg-info
