# Every target does its own set-up: a virtual environment in .venv, installed once, reused after.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NEWEST := .venv-newest

.PHONY: demo test test-newest golden bench check docs clean

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

# Once more with the newest versions that pyproject.toml allows and the newest Python at hand, in an environment of its
# own: the tests of what meets other packages. `make clean` first for what has come out since the last time.
MEET_OTHERS := model plain_mesa dashboard lesson_page memory studies discovery sensitivity compare report cli readme

test-newest:
	@newest=$$($(PYTHON) .ci/newest_python.py) && if [ -n "$$newest" ]; then \
		$(MAKE) --no-print-directory $(NEWEST)/.ready NEWEST_PYTHON="$$newest" && \
		$(NEWEST)/bin/python -m pytest $(MEET_OTHERS:%=tests/*/test_%.py); \
	else echo "test-newest: nothing to test, there is no newer Python at hand than $$($(PYTHON) --version)"; fi

$(NEWEST)/.ready: pyproject.toml
	test -x $(NEWEST)/bin/python || $(NEWEST_PYTHON) -m venv $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade --upgrade-strategy eager -e '.[dev]'
	touch $@

docs: $(READY)
	$(BIN)/python -m docs.generate --check
	$(BIN)/python -m sphinx -W --keep-going --quiet --fresh-env --write-all -b html docs site
	@echo 'open site/index.html'

bench: $(READY)
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.dashboard

clean:
	rm -rf $(VENV) $(NEWEST) .pytest_cache .mypy_cache .ruff_cache build site *.egg-info
