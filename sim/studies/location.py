"""Where a study is kept: a folder, memory, or any address that pyarrow or fsspec knows.

Every place promises one thing: a file is whole or not there.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sim.errors import InputError
from sim.files import prepare_folder, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow.fs as pafs

#: Stores that show an object only once it is complete, so that it needs no temporary name.
_WHOLE_OBJECTS = frozenset({"s3", "gcs", "abfs"})
#: File systems of fsspec that other processes or machines do not see as this one does.
_OWN = frozenset({"memory", "file", "local"})
_PART = ".part"
_LEFT_BEHIND = (f".*{_PART}", ".probe-*")


class Place(Protocol):
    """Files by name, with "/" between folders; ``remote`` if workers elsewhere can write there themselves."""

    address: str
    remote: bool

    def read(self, name: str) -> bytes:
        """Return the bytes of a file; FileNotFoundError if there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Keep a file, whole or not at all."""

    def delete(self, name: str) -> None:
        """Drop a file if it is there."""

    def names(self, folder: str) -> list[str]:
        """Names of the files in a folder, sorted, without what a killed process left behind."""

    def free(self) -> int | None:
        """Bytes that are free, None if that is not known."""

    def tidy(self) -> None:
        """Drop what a killed process left behind."""


class Folder:
    """A folder of this machine."""

    remote = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.address = str(path)

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return (self.path / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """Keep a file."""
        target = self.path / name
        if not target.parent.is_dir():
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise InputError(f"{target}: cannot be written ({_reason(error)})") from None
        write(target, content)

    def delete(self, name: str) -> None:
        """Drop a file."""
        (self.path / name).unlink(missing_ok=True)

    def names(self, folder: str) -> list[str]:
        """Names of the files in a folder."""
        found = self.path / folder
        listed = os.listdir(found) if found.is_dir() else []
        return sorted(name for name in listed if not name.endswith(_PART) and (found / name).is_file())

    def free(self) -> int | None:
        """Bytes that are free where the folder is, or would be."""
        there = next(path for path in (self.path.absolute(), *self.path.absolute().parents) if path.exists())
        return shutil.disk_usage(there).free

    def tidy(self) -> None:
        """Drop unfinished files."""
        for pattern in _LEFT_BEHIND:
            for path in self.path.rglob(pattern):
                path.unlink(missing_ok=True)


class Memory:
    """Nowhere but in this process, for a notebook."""

    remote = False
    address = "memory"

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        if name not in self._files:
            raise FileNotFoundError(name)
        return self._files[name]

    def write(self, name: str, content: bytes) -> None:
        """Keep a file."""
        self._files[name] = content

    def delete(self, name: str) -> None:
        """Drop a file."""
        self._files.pop(name, None)

    def names(self, folder: str) -> list[str]:
        """Names of the files in a folder."""
        start = f"{folder}/"
        found = [name[len(start) :] for name in self._files if name.startswith(start)]
        return sorted(name for name in found if "/" not in name)

    def free(self) -> int | None:
        """Nobody knows."""
        return None

    def tidy(self) -> None:
        """There is nothing to drop."""


class Remote:
    """An address of pyarrow (s3://, gs://, abfs://, hdfs://) or of fsspec."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.remote = address.partition("://")[0] not in _OWN
        self._files, self._root = _filesystem(address)

    def _full(self, name: str) -> str:
        return f"{self._root}/{name}" if name else self._root

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        with self._told(name, "read"), self._files.open_input_stream(self._full(name)) as stream:
            content: bytes = stream.read()
        return content

    def write(self, name: str, content: bytes) -> None:
        """Keep a file."""
        target = self._full(name)
        direct = self._files.type_name in _WHOLE_OBJECTS
        head, _, tail = target.rpartition("/")
        written = target if direct else f"{head}/.{tail}{_PART}"
        with self._told(name, "written"):
            if not direct:
                self._files.create_dir(head, recursive=True)
            with self._files.open_output_stream(written) as stream:
                stream.write(content)
            if not direct:
                self._files.move(written, target)

    @contextmanager
    def _told(self, name: str, done: str) -> Iterator[None]:
        """Say in a line what an address could not do; that there is no such file to read is told as it is."""
        try:
            yield
        except (OSError, NotImplementedError) as error:
            if isinstance(error, FileNotFoundError) and done == "read":
                raise
            raise InputError(f"{self.address}/{name}: cannot be {done} ({_reason(error)})") from None

    def delete(self, name: str) -> None:
        """Drop a file."""
        import pyarrow.fs as pafs

        with self._told(name, "deleted"):
            if self._files.get_file_info(self._full(name)).type == pafs.FileType.File:
                self._files.delete_file(self._full(name))

    def names(self, folder: str) -> list[str]:
        """Names of the files in a folder."""
        import pyarrow.fs as pafs

        selector = pafs.FileSelector(self._full(folder), allow_not_found=True)
        with self._told(folder, "listed"):
            found = [row.base_name for row in self._files.get_file_info(selector) if row.type == pafs.FileType.File]
        return sorted(name for name in found if not name.endswith(_PART))

    def free(self) -> int | None:
        """Nobody knows."""
        return None

    def tidy(self) -> None:
        """Drop unfinished files."""
        import pyarrow.fs as pafs

        selector = pafs.FileSelector(self._root, recursive=True, allow_not_found=True)
        with self._told("", "tidied"):
            for row in self._files.get_file_info(selector):
                if row.type == pafs.FileType.File and row.base_name.endswith(_PART):
                    self._files.delete_file(row.path)


def _reason(error: Exception) -> str:
    return " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())


def _filesystem(address: str) -> tuple[pafs.FileSystem, str]:
    """Open an address with pyarrow, or with fsspec where pyarrow does not know it."""
    import pyarrow as pa
    import pyarrow.fs as pafs

    scheme = address.partition("://")[0]
    try:
        files, root = pafs.FileSystem.from_uri(address)
        return files, root.rstrip("/")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        pass
    except OSError as error:
        raise InputError(f"--out: {address}: cannot be opened ({_reason(error)})") from None
    try:
        import fsspec

        found, root = fsspec.core.url_to_fs(address)
    except ImportError as error:
        raise InputError(
            f"--out: {address}: needs a package that is not installed ({error}), expected fsspec with the one for "
            f"{scheme}:// addresses"
        ) from None
    except (ValueError, OSError) as error:
        raise InputError(f"--out: {address}: {' '.join(str(error).split())}, expected a folder or an address") from None
    return pafs.PyFileSystem(pafs.FSSpecHandler(found)), str(root).rstrip("/")


def open_place(where: str | Path | Place | None, *, to_read: bool = False) -> Place:
    """Open the place of a study.

    Parameters
    ----------
    where
        A folder, an address such as ``s3://bucket/study``, None for memory, or a place.
    to_read
        A folder is not made, nor need it be one that can be written.

    Raises
    ------
    InputError
        It cannot be made or opened.
    """
    if where is None:
        return Memory()
    if isinstance(where, (Folder, Memory, Remote)):
        return where
    text = str(where).removeprefix("file://")
    if "://" in text:
        return Remote(text.rstrip("/"))
    if text in ("", "."):
        raise InputError("--out: found no name or the current folder, expected a folder of its own")
    return Folder(Path(text) if to_read else prepare_folder(Path(text)))
