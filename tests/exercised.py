"""A plugin of pytest that looks which rules each test calls.

``python -m pytest -p exercised --exercised FILE TESTS`` reads a JSON object, tests and their rules, from a file and
writes what is left of it there. Compiled calls are not seen, so it runs in plain Python, which is slow; a test
therefore ends as soon as it has called all its rules. Whether it passes is for the ordinary run to say.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIM = tuple(str(Path(__file__).parents[1] / "sim" / folder) for folder in ("rules", "plan", "start"))
_left: dict[str, set[str]] = {}


class _SeenAll(BaseException):
    """All rules of the test were called."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--exercised", help="file with the rules of each test")


def pytest_configure(config: pytest.Config) -> None:
    named = json.loads(Path(config.getoption("--exercised")).read_text(encoding="utf-8"))
    _left.update({test: set(rules) for test, rules in named.items()})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    missing = _left.get(item.nodeid.partition("[")[0].removeprefix("tests/"), set())

    def note(frame: Any, event: str, argument: object) -> None:
        path = frame.f_code.co_filename
        if event == "call" and path.startswith(_SIM):
            place = Path(path)
            missing.discard(f"{place.stem}.{frame.f_code.co_name}")
            if not missing:
                sys.setprofile(None)
                raise _SeenAll

    if not missing:
        pytest.skip("an earlier case called all its rules")
    sys.setprofile(note)
    try:
        return (yield)
    except _SeenAll:
        return None
    finally:
        sys.setprofile(None)


def pytest_sessionfinish(session: pytest.Session) -> None:
    left = {test: sorted(rules) for test, rules in _left.items() if rules}
    Path(session.config.getoption("--exercised")).write_text(json.dumps(left), encoding="utf-8")
