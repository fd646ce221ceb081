"""Print the newest Python at hand that is newer than this one and that pyproject.toml names; nothing if there is none.

It looks on PATH and, when there is a pyenv, among the versions that pyenv has installed.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path


def tested() -> list[int]:
    """Minor versions that the package is tested with, newest first, as its classifiers say."""
    text = (Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    return sorted(map(int, re.findall(r'"Programming Language :: Python :: 3\.(\d+)"', text)), reverse=True)


def candidates(minor: int) -> list[str]:
    """Places where a Python of that minor version may be."""
    found = [shutil.which(f"python3.{minor}")]
    if shutil.which("pyenv"):
        root = subprocess.run(["pyenv", "root"], capture_output=True, text=True, check=False).stdout.strip()
        # The newest of its patches first.
        patches = sorted(Path(root, "versions").glob(f"3.{minor}.[0-9]*"), key=lambda one: _number(one.name))
        found += [str(one / "bin" / "python") for one in reversed(patches)]
    return [one for one in found if one]


def _number(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def works(python: str, minor: int) -> bool:
    """Whether it is what it is called and can make environments: a name on PATH may be a shim of nothing."""
    program = f"import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, {minor}))"
    try:
        return subprocess.run([python, "-c", program], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    newer = [minor for minor in tested() if minor > sys.version_info.minor]
    print(next((one for minor in newer for one in candidates(minor) if works(one, minor)), ""))
