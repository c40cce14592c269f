"""The quarantine folder always shows the rows of the last check, whole; a read-only dataset is no failure."""

from __future__ import annotations

import errno
from pathlib import Path

import pyarrow as pa
import pytest
from dataset_folder import append, write_small
from pyarrow import csv

from ecosystem.dataset import quarantine, read_dataset, write_quarantine
from ecosystem.tables import atomic
from ecosystem.tables.writer import write_table


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dataset with a bad row in two tables."""
    folder = write_small(tmp_path)
    append(folder, "companies", 'c8,"=1+1, @甲",,nolayer,-5,,,')
    append(folder, "people", "p1,-again")
    return folder


def test_rows_are_written_with_line_and_reason(folder: Path) -> None:
    assert write_quarantine(folder, read_dataset(folder)) == ()
    written = folder / "quarantine" / "companies.csv"
    assert sorted(path.name for path in written.parent.iterdir()) == ["companies.csv", "people.csv"]
    assert written.read_bytes().startswith(b"\xef\xbb\xbf")
    (row,) = csv.read_csv(written).to_pylist()
    assert row["line"] == 5
    assert row["reason"].startswith("layer: 'nolayer' is none of")
    assert row["name"] == "'=1+1, @甲"  # Excel would run it
    assert row["founded_year"] == -5  # a number is no formula
    assert csv.read_csv(written.with_name("people.csv")).to_pylist()[0]["name"] == "'-again"


def test_it_is_replaced_and_removed(folder: Path) -> None:
    write_quarantine(folder, read_dataset(folder))
    write_small(folder)
    append(folder, "people", "nan,x")
    write_quarantine(folder, read_dataset(folder))
    assert [path.name for path in (folder / "quarantine").iterdir()] == ["people.csv"]
    write_small(folder)
    write_quarantine(folder, read_dataset(folder))
    assert not (folder / "quarantine").exists()


def test_a_folder_that_cannot_be_written_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = read_dataset(folder)

    def denied(path: Path, **_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", denied)
    (finding,) = write_quarantine(folder, reading)
    assert finding.severity == "warning"
    assert "Read-only file system" in finding.message


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
def test_a_failure_keeps_the_old_one(folder: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    write_quarantine(folder, read_dataset(folder))
    before = {path.name: path.read_bytes() for path in (folder / "quarantine").iterdir()}
    append(folder, "people", "nan,x")
    really_write = write_table

    def break_down(path: Path, table: pa.Table, *, mark: bool) -> None:
        if path.stem == "people":
            path.write_text("half a fi")
            raise failure
        really_write(path, table, mark=mark)

    monkeypatch.setattr(quarantine, "write_table", break_down)
    try:
        findings = write_quarantine(folder, read_dataset(folder))
    except KeyboardInterrupt:
        findings = ()
    assert bool(findings) == isinstance(failure, OSError)
    assert {path.name: path.read_bytes() for path in (folder / "quarantine").iterdir()} == before
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_failed_exchange_puts_the_old_one_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_quarantine(folder, read_dataset(folder))
    append(folder, "people", "nan,x")
    reading = read_dataset(folder)
    really_replace = Path.replace

    def interrupted(path: Path, to: Path) -> Path:
        if path.name.endswith(".partial"):
            raise KeyboardInterrupt
        return really_replace(path, to)

    monkeypatch.setattr(atomic, "exchange", lambda one, other: False)  # as on a disk that cannot do it in one step
    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_quarantine(folder, reading)
    assert csv.read_csv(folder / "quarantine" / "people.csv").num_rows == 1
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]
