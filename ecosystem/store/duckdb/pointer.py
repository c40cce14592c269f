"""The path that a user gives for the embedded store: a small text file that names the file with the graph."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from ecosystem.errors import OutputError, StoreError
from ecosystem.messages import tr, tr_later
from ecosystem.tables.atomic import move
from ecosystem.tables.locks import hold, let_go

FORMAT = 1
"""Version of the tables in the file; a store of another one is refused."""

Settings = dict[str, str | bool | int | float | list[str]]

CLOSED: Settings = {
    "enable_external_access": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "lock_configuration": True,
}
"""The engine reads no other file, fetches no extension, sees nothing of Python: a graph may come from anybody."""
SAFE: Settings = {
    **CLOSED,
    "disabled_optimizers": "compressed_materialization",
    "allowed_configs": ["memory_limit", "max_temp_directory_size"],
}
"""DuckDB 1.5.6 with it fails to bind columns of some joins that it proves to be empty; without it nothing is slower.
How much memory and disk it takes is set for a question (`run_limits.py`)."""

NO_ROOM = "failed to create directory"
"""What the engine says where it has not memory enough and may not write beside the graph."""
RELOAD = tr_later("load the dataset again: ecosystem load DIR --store {store}")


class Pointer:
    """The text file at the store's path: which file beside it holds the graph."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Path:
        """The file with the graph. Raises StoreError when the path is no store of this version."""
        content = self._content()
        if content["format"] != FORMAT:
            message = tr(
                "{path} was written by another version (format {content}, not {format})",
                path=self.path,
                content=content["format"],
                format=FORMAT,
            )
            raise StoreError(message, hint=tr(RELOAD, store=self.path))
        try:
            return self.path.with_name(content["file"])
        except (KeyError, TypeError, ValueError) as err:
            raise self._foreign() from err

    def check_replaceable(self) -> None:
        """Raise StoreError when what lies at the path is not ours to replace; nothing, or a store of ours, is."""
        try:
            self._content()
        except StoreError as err:
            if not isinstance(err.__cause__, FileNotFoundError):
                raise

    def _content(self) -> dict[str, Any]:
        """What stands in the pointer, of whichever version."""
        if self.path.exists() and not (self.path.is_file() or self.path.is_dir()):
            raise self._foreign()  # a pipe or a device would never end
        try:
            with self.path.open("rb") as file:
                text = file.read(4096)
        except FileNotFoundError as err:
            hint = tr("make one: ecosystem load DIR --store {path}", path=self.path)
            raise StoreError(tr("there is no store at {path}", path=self.path), hint=hint) from err
        except IsADirectoryError as err:
            raise StoreError(
                tr("{path} is a folder, not a store", path=self.path), hint=tr("name a file inside it")
            ) from err
        except OSError as err:
            raise StoreError(tr("{path} cannot be read: {strerror}", path=self.path, strerror=err.strerror)) from err
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as err:
            raise self._foreign() from err
        if not (isinstance(content, dict) and content.get("store") == "ecosystem" and "format" in content):
            raise self._foreign()
        return content

    def _foreign(self) -> StoreError:
        message, hint = (
            tr("{path} is not a store of this program", path=self.path),
            tr("name another file: it is left as it is"),
        )
        return StoreError(message, hint=hint)

    def new_target(self) -> Path:
        """A file name of its own for a new graph; the folder is made where it is missing."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as err:
            raise OutputError(
                tr("{parent} cannot be made: {strerror}", parent=self.path.parent, strerror=err.strerror),
                hint=tr("choose another --store"),
            ) from err
        return self.path.with_name(f"{self.path.name}.{secrets.token_hex(6)}")

    @contextmanager
    def removing_on_failure(self, target: Path) -> Iterator[None]:
        """Leave nothing behind when the block fails or is interrupted, unless the graph has been replaced by then."""
        try:
            with interrupts():
                yield
        except BaseException as err:
            if not self._points_to(target):
                for leftover in (target, Path(f"{target}.wal"), self.part(target)):
                    with suppress(OSError):
                        leftover.unlink()
            if isinstance(err, duckdb.Error | MemoryError):
                refuse_little_memory(err, self.path)
            if isinstance(err, duckdb.Error | OSError):
                hint = tr("is there room, and may you write there? the graph that was there is as it was")
                raise OutputError(
                    tr("{path} cannot be written: {first_line}", path=self.path, first_line=first_line(err)), hint=hint
                ) from err
            raise

    def replace(self, target: Path) -> Path | None:
        """Point to a new file; the old one, where there was one."""
        old = None
        with suppress(StoreError):
            old = self.read()
        content = json.dumps({"store": "ecosystem", "format": FORMAT, "file": target.name})
        part = self.part(target)
        part.write_text(content + "\n", encoding="utf-8")
        move(part, self.path)
        return old

    def drop(self, old: Path | None) -> None:
        """Delete a file that is pointed to no more; a reader that has it open keeps it.

        A pointer that was copied names the other's file: what does not have this pointer's name stays.
        """
        if old is not None and old.name.startswith(f"{self.path.name}."):
            with suppress(OSError):
                old.unlink()

    def _points_to(self, target: Path) -> bool:
        try:
            return self.read() == target
        except StoreError:
            return False

    def part(self, target: Path) -> Path:
        """The file that becomes the pointer to a new graph."""
        return target.with_name(f"{target.name}.pointer")

    def connect(self) -> duckdb.DuckDBPyConnection:
        """The graph, open for reading. Raises StoreError when it is gone, damaged or in use.

        A load may end just now, and take the file away that the pointer named: then it names another.
        """
        file = self.read()
        while True:
            try:
                return self._connect(file)
            except StoreError:
                before, file = file, self.read()
                if file == before:
                    raise

    def _connect(self, file: Path) -> duckdb.DuckDBPyConnection:
        hint = tr(RELOAD, store=self.path)
        if not file.exists():
            raise StoreError(
                tr("the graph of {path} is gone: {name} is missing", path=self.path, name=file.name), hint=hint
            )
        try:
            return duckdb.connect(str(file), read_only=True, config=SAFE)
        except (duckdb.Error, MemoryError) as err:
            refuse_little_memory(err, self.path)
            if "lock" in str(err).lower():
                hint = tr("another program has the file open for writing: close it, then try again")
                raise StoreError(tr("{path} is in use", path=self.path), hint=hint) from err
            raise StoreError(
                tr("{path} is damaged: {first_line}", path=self.path, first_line=first_line(err)), hint=hint
            ) from err


@contextmanager
def interrupts() -> Iterator[None]:
    """Raise KeyboardInterrupt where the engine makes another error of it."""
    try:
        yield
    except RuntimeError as err:
        if str(err) == "Query interrupted":
            raise KeyboardInterrupt from err
        raise


def refuse_little_memory(err: BaseException, path: Path, statement: str | None = None) -> None:
    """Raise StoreError where the machine had not memory enough: nothing is wrong with the graph then."""
    words = (NO_ROOM, "out of memory", "bad alloc", "bad_alloc", "cannot allocate memory", "failed to allocate")
    if isinstance(err, MemoryError | duckdb.OutOfMemoryException) or any(word in str(err).lower() for word in words):
        hint = tr("close other programs, or ask for less; the graph is as it was")
        raise StoreError(
            tr("there is not enough memory to use {path}", path=path), hint=hint, statement=statement
        ) from err


def first_line(err: BaseException) -> str:
    """What an engine's error says first."""
    return (str(err).splitlines() or [type(err).__name__])[0]


@contextmanager
def claimed(pointer: Pointer, target: Path) -> Iterator[None]:
    """Say for the time of the block that a new graph is being written; the claim ends with the process.

    The claim is a lock on a file beside it. Where a file system has no locks, nothing is ever taken for a leftover.
    """
    lock = None
    with suppress(OSError):
        # a sweep that has just seen the file may hold it for a moment
        lock = hold(_claim(target), seconds=10)
    try:
        yield
    finally:
        if lock is not None:
            let_go(lock)


def _claim(target: Path) -> Path:
    return target.with_name(f"{target.name}.lock")


def sweep(pointer: Pointer) -> None:
    """Delete the graphs that nobody writes and that the pointer does not name; who has one open keeps it."""
    name = re.compile(re.escape(pointer.path.name) + r"\.[0-9a-f]{12}")
    with suppress(OSError):
        found = {match[0] for file in pointer.path.parent.iterdir() if (match := name.match(file.name))}
        for each in sorted(found):
            target = pointer.path.with_name(each)
            # first the claim, then the pointer: a load that has ended in between has made it name its graph
            if _is_dead(_claim(target)) and not _names(pointer, target):
                for leftover in (target, Path(f"{target}.wal"), pointer.part(target)):
                    with suppress(OSError):  # Windows deletes nothing that a reader has open: a later load will
                        leftover.unlink(missing_ok=True)


def _is_dead(claim: Path) -> bool:
    """Whether no load holds a claim: there is none, or its holder has died."""
    if not claim.exists():
        return True
    try:
        lock = hold(claim)
    except OSError:
        return False
    if lock is None:
        return False
    let_go(lock)
    return True


def _names(pointer: Pointer, target: Path) -> bool:
    """Whether the pointer names a graph; one that cannot be read may name any."""
    try:
        return pointer.read() == target
    except StoreError as err:
        return not isinstance(err.__cause__, FileNotFoundError)
