"""Where a study is kept: a folder, memory, or any address that fsspec knows.

A location promises one thing: a file is whole or not there.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.files import prepare_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Stores that show an object only once it is complete, so that it needs no temporary name.
_WHOLE_OBJECTS = frozenset({"memory", "s3", "gs", "abfs"})
_PART = ".part"


class Location:
    """Files by name, with "/" between folders.

    Parameters
    ----------
    files, root
        A file system of fsspec, and the folder in it.
    address
        How messages name the location, and how others open it.
    folder
        The folder of this machine that it is, if it is one.

    Attributes
    ----------
    remote
        Whether workers elsewhere can write there themselves.
    """

    def __init__(self, files: Any, root: str, address: str, folder: Path | None = None) -> None:
        from fsspec.implementations.dirfs import DirFileSystem

        protocols = {files.protocol} if isinstance(files.protocol, str) else {*files.protocol}
        self.address = address
        self.folder = folder
        self.remote = folder is None and "memory" not in protocols
        self._whole = not protocols.isdisjoint(_WHOLE_OBJECTS)
        self._files = DirFileSystem(root, files, skip_instance_cache=True)

    def read(self, name: str) -> bytes:
        """Return the bytes of a file; FileNotFoundError if there is none."""
        with self._told(name, "read"):
            content: bytes = self._files.cat_file(name)
        return content

    def write(self, name: str, content: bytes) -> None:
        """Keep a file, whole or not at all."""
        with self._told(name, "written"):
            if self._whole:
                self._files.pipe_file(name, content)
                return
            head, slash, tail = name.rpartition("/")
            part = f"{head}{slash}.{tail}.{os.getpid()}{_PART}"
            try:
                self._files.makedirs(head, exist_ok=True)
                self._files.pipe_file(part, content)
                if self.folder is None:
                    self._files.mv(part, name)
                else:  # where mv would put it into a folder of that name
                    os.replace(self.folder / part, self.folder / name)
            except BaseException:  # also Ctrl-C in the middle of a file
                with suppress(Exception):
                    self._files.rm_file(part)
                raise

    def delete(self, name: str) -> None:
        """Drop a file if it is there."""
        with self._told(name, "deleted"), suppress(FileNotFoundError):
            self._files.rm_file(name)

    def names(self, folder: str) -> list[str]:
        """Names of the files in a folder, sorted, without what a killed process left behind."""
        with self._told(folder, "listed"), suppress(FileNotFoundError):
            self._files.invalidate_cache(folder)  # others write there, too
            found = [row["name"].rpartition("/") for row in self._files.ls(folder) if row["type"] != "directory"]
            return sorted(tail for head, _, tail in found if head == folder and not tail.endswith(_PART))
        return []

    def free(self) -> int | None:
        """Bytes that are free where a folder is, or would be; None if that is not known."""
        if self.folder is None:
            return None
        there = next(path for path in (self.folder, *self.folder.parents) if path.exists())
        return shutil.disk_usage(there).free

    def tidy(self) -> None:
        """Drop what a killed process left behind."""
        if self._whole:
            return
        with self._told("", "tidied"):
            for name in self._files.find(""):
                tail = name.rpartition("/")[2]
                if tail.startswith(".probe-") or (tail.startswith(".") and tail.endswith(_PART)):
                    self.delete(name)

    @contextmanager
    def _told(self, name: str, done: str) -> Iterator[None]:
        """Say in a line what could not be done; that there is no such file to read is told as it is."""
        try:
            yield
        except InputError:
            raise
        except Exception as error:  # the libraries of object stores have errors of their own
            if isinstance(error, FileNotFoundError) and done == "read":
                raise
            raise InputError(f"{self.address}/{name}: cannot be {done} ({_reason(error)})") from None


def _reason(error: Exception) -> str:
    return shorten(getattr(error, "strerror", None) or str(error) or type(error).__name__, 500)


def open_location(where: str | Path | Location | None, *, to_read: bool = False) -> Location:
    """Open the location of a study.

    Parameters
    ----------
    where
        A folder, an address such as ``s3://bucket/study``, None for memory, or a location.
    to_read
        A folder is not made, nor need it be one that can be written.

    Raises
    ------
    InputError
        It cannot be made or opened.
    """
    import fsspec
    from fsspec.implementations.memory import MemoryFileSystem

    if isinstance(where, Location):
        return where
    if where is None:
        return Location(MemoryFileSystem(global_store=False, skip_instance_cache=True), "/study", "memory")
    text = str(where).removeprefix("file://").removeprefix("local://")
    if text in ("", "."):
        raise InputError("--out: found no name or the current folder, expected a folder of its own")
    if "://" not in text:
        folder = Path(text) if to_read else prepare_folder(Path(text))
        return Location(fsspec.filesystem("file"), str(folder.absolute()), str(folder), folder.absolute())
    address = text.rstrip("/")
    try:
        files, root = fsspec.url_to_fs(address)
    except ImportError as error:
        raise InputError(f"--out: {address}: needs a package that is not installed ({_reason(error)})") from None
    except Exception as error:
        raise InputError(f"--out: {address}: {_reason(error)}, expected a folder or an address") from None
    return Location(files, root, address)
