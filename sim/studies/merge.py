"""Put the parts of a study together that ran in folders of their own, as job arrays do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.studies.location import open_location
from sim.studies.run import open_study
from sim.studies.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.studies.answer import Study


def merge_studies(sources: Sequence[str | Path], out: str | Path) -> Study:
    """Copy the finished shards of several folders into one; what is there already stays.

    Parameters
    ----------
    sources
        Folders or addresses of parts of the same study.
    out
        Where to put them; may be one of them.

    Raises
    ------
    InputError
        No study in a folder, or parts of different studies.
    """
    parts = [open_study(source) for source in sources]
    first = parts[0]
    for part in parts:  # before anything is written
        if part.store.manifest["digest"] != first.store.manifest["digest"]:
            raise InputError(
                f"{part.store.location.address}: holds another study than {first.store.location.address}, expected "
                "parts of the same one"
            )
    store = Store.begin(open_location(out), first.prepared)
    for part in parts:
        store.take(part.store)
    return open_study(out)
