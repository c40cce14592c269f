"""Datasets are written whole or not at all, and read back as they were."""

from __future__ import annotations

import datetime as dt
import errno
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from filelock import FileLock
from pyarrow import csv, parquet

from ecosystem.dataset import write_tables
from ecosystem.errors import OutputError
from ecosystem.tables import writer

TABLE = pa.table(
    {
        "id": ["c1", "c2", None],
        "share": [0.1, 1e300, None],
        "open": [True, None, False],
        "day": pa.array([dt.date(2020, 1, 2), None, None]),
        "kind": pa.array(["a", None, "a"]).dictionary_encode(),
        "empty": pa.nulls(3),
    }
)


def test_csv_is_plain_text(tmp_path: Path) -> None:
    write_tables(tmp_path / "deep" / "data", {"companies": TABLE})
    text = (tmp_path / "deep" / "data" / "companies.csv").read_bytes()
    assert text == b"id,share,open,day,kind,empty\nc1,0.1,true,2020-01-02,a,\nc2,1e+300,,,,\n,,false,,a,\n"


def test_csv_quotes_where_it_must(tmp_path: Path) -> None:
    tricky = pa.table({"name": ["a,b", 'say "x"', "two\nlines", "ordinary"], "n": [1, 2, 3, 4]})
    write_tables(tmp_path / "data", {"companies": tricky})
    options = csv.ParseOptions(newlines_in_values=True)
    assert csv.read_csv(tmp_path / "data" / "companies.csv", parse_options=options).equals(tricky)


def test_parquet_keeps_types(tmp_path: Path) -> None:
    write_tables(tmp_path / "data", {"companies": TABLE, "people": TABLE}, format="parquet")
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["companies.parquet", "people.parquet"]
    assert parquet.read_table(tmp_path / "data" / "people.parquet").equals(TABLE)


def test_an_empty_folder_may_be_filled_and_keeps_its_hidden_files(tmp_path: Path) -> None:
    (tmp_path / ".gitkeep").touch()
    write_tables(tmp_path, {"companies": TABLE})
    assert sorted(path.name for path in tmp_path.iterdir()) == [".gitkeep", "companies.csv"]


def test_a_folder_with_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(OutputError, match=r"(?s)is not empty.*hint: name a new folder"):
        write_tables(tmp_path, {"companies": TABLE})
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        write_tables(tmp_path / "data", {"companies": TABLE})
    with pytest.raises(OutputError, match="cannot write"):
        write_tables(tmp_path / "data" / "below", {"companies": TABLE})


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize(
    ("failure", "caught", "message"),
    [
        (KeyboardInterrupt(), KeyboardInterrupt, None),
        (OSError(errno.ENOSPC, "No space left on device"), OutputError, r"(?s)No space left.*hint: free some space"),
        (PermissionError(errno.EACCES, "Permission denied"), OutputError, r"(?s)Permission denied.*you may write"),
    ],
)
def test_a_failure_leaves_nothing_behind(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    caught: type[BaseException],
    message: str | None,
    exists: bool,
) -> None:
    target = tmp_path / "data"
    if exists:
        target.mkdir()
    really_write = writer.write_table

    def break_down(path: Path, table: pa.Table) -> None:
        if path.stem == "people":
            path.write_text("half a fi")
            raise failure
        really_write(path, table)

    monkeypatch.setattr(writer, "write_table", break_down)
    with pytest.raises(caught, match=message):
        write_tables(target, {"companies": TABLE, "people": TABLE})
    assert list(tmp_path.rglob("*")) == ([target] if exists else [])


@pytest.mark.parametrize("call", [(Path, "mkdir"), (FileLock, "acquire")], ids=["folder", "lock"])
def test_ctrl_c_that_comes_as_a_call_has_done_its_work_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: tuple[type, str]
) -> None:
    """The folder is there, or the lock is held, and the call that made it so has not returned yet."""
    of, name = call
    really = getattr(of, name)

    def interrupted(made: Any, *arguments: Any, **options: Any) -> None:
        really(made, *arguments, **options)
        if made != tmp_path:  # the folder above is there already
            raise KeyboardInterrupt

    monkeypatch.setattr(of, name, interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_tables(tmp_path / "data", {"companies": TABLE})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("exists", [True, False])
def test_an_interruption_while_moving_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exists: bool
) -> None:
    target = tmp_path / "data"
    if exists:
        target.mkdir()
        (target / ".gitkeep").touch()
    really_replace, calls = Path.replace, []

    def interrupted(path: Path, to: Any) -> Path:
        calls.append(path)
        if len(calls) == (2 if exists else 1):
            raise KeyboardInterrupt
        return really_replace(path, to)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_tables(target, {"companies": TABLE, "people": TABLE})
    assert list(tmp_path.rglob("*")) == ([target, target / ".gitkeep"] if exists else [])
