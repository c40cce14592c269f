"""Disk full, killed, interrupted, two at once: a folder is the old one or the new one, whole, and nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import killed
import pytest
from command import foreground

from ecosystem.dataset import read_dataset
from ecosystem.errors import DatasetError, OutputError
from ecosystem.imports import import_source
from ecosystem.tables import atomic
from ecosystem.tables.atomic import new_folder

pytestmark = pytest.mark.long  # many cases, each of which reads and writes files

MAPPING = """title = "many"
files.list = { path = "list.csv" }
nodes.company = { label = "Company", id = "id", name = "name", region = "place" }
"""
MAIN = "from ecosystem.cli.main import main; main()"
OWN = {"list.csv", "many.toml"}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A folder with an export of some thousand companies and its mapping."""
    lines = "".join(f"c{n},企业{n},广东\n" for n in range(600))
    (tmp_path / "list.csv").write_text(f"id,name,place\n{lines}", encoding="utf-8")
    (tmp_path / "many.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def command(export: Path) -> list[str]:
    """The import into `out`, for another process."""
    arguments = ["dataset", "import", str(export / "many.toml"), "--from", str(export), "--out", str(export / "out")]
    return [sys.executable, "-c", MAIN, *arguments]


def tree(folder: Path) -> Mapping[str, bytes]:
    """Every file in a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def kill(work: str, folder: Path, moments: int) -> dict[str, int]:
    """Target and exit status of every process that `killed` started."""
    run = subprocess.run(
        [sys.executable, killed.__file__, work, str(folder), str(moments)], capture_output=True, text=True, check=True
    )
    return {name: int(status) for name, status in (line.split() for line in run.stdout.splitlines())}


# --- killed


@pytest.mark.long
def test_a_killed_import_leaves_nothing_or_everything(export: Path) -> None:
    import_source(str(export / "many.toml"), export, export / "whole")
    whole = tree(export / "whole")
    statuses = kill("import", export, 12)
    assert list(statuses.values()).count(-signal.SIGKILL) >= 16
    for name, status in statuses.items():
        target = export / name
        assert not target.exists() if status and not target.exists() else tree(target) == whole
        if not target.exists():
            import_source(str(export / "many.toml"), export, target)
            assert tree(target) == whole
    left = names(export) - OWN - {"whole", *statuses}
    assert left <= {f".{name}.lock" for name in statuses}, "the next import clears away what a killed one left"


def test_a_killed_replacement_leaves_the_old_folder_or_the_new(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    for name in ("companies", "people", "alliances"):
        (old / f"{name}.csv").write_text(f"id\nold-{name}\n", encoding="utf-8")
    killed.run_replace(tmp_path, new)
    statuses = kill("replace", tmp_path, 12)
    assert list(statuses.values()).count(-signal.SIGKILL) >= 16
    found = [tree(tmp_path / name) for name in statuses]
    assert all(one in (tree(old), tree(new)) for one in found)
    assert tree(old) in found
    assert tree(new) in found
    for name in statuses:
        killed.run_replace(tmp_path, tmp_path / name)
    assert {name for name in names(tmp_path) if not name.endswith(".lock")} == {"old", "new", *statuses}


def test_a_folder_that_has_to_stay_is_told_when_it_is_not_whole(tmp_path: Path) -> None:
    """Files are moved into it one by one, so a process can be killed between them."""
    killed.run_replace(tmp_path, tmp_path / "new")
    new, halves = tree(tmp_path / "new"), 0
    for name in kill("inside", tmp_path, 0):
        folder = tmp_path / name
        tables = (
            {file: content for file, content in tree(folder).items() if not file.startswith(".")}
            if folder.exists()
            else {}
        )
        if tables in ({}, new):
            continue
        halves += 1
        with pytest.raises(DatasetError, match="is incomplete: writing it was interrupted"):
            read_dataset(folder)
        with pytest.raises(OutputError, match="is incomplete: writing it was interrupted"), new_folder(folder):
            pass
    assert halves


def test_what_an_older_run_had_to_move_away_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a disk cannot exchange two folders, there is a moment at which neither is in its place."""
    monkeypatch.setattr(atomic, "exchange", lambda one, other: False)
    target = tmp_path / "data"
    killed.run_replace(tmp_path, target)
    (target / "old.csv").touch()
    killed.run_replace(tmp_path, target)
    assert names(target) == {"companies.csv", "people.csv"}
    target.rename(tmp_path / ".data-0123abcd.old")
    with pytest.raises(ZeroDivisionError), new_folder(target, replace=True):
        _ = 1 / 0
    assert names(tmp_path) == {"data"}
    assert names(target) == {"companies.csv", "people.csv"}


# --- interrupted


def test_ctrl_c_leaves_nothing_and_says_so(export: Path) -> None:
    line = foreground(command(export))
    with subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not any(name.endswith(".partial") for name in names(export)):
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert said == "stopped: what was being written has been discarded, and what existed before is unchanged\n"
    assert names(export) == OWN


# --- two at once


def test_two_imports_at_once(export: Path) -> None:
    """One of them is done; the other says why it is not, or comes after it and does the same again."""
    import_source(str(export / "many.toml"), export, export / "whole")
    both = [
        subprocess.Popen(command(export), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) for _ in "12"
    ]
    said = [process.communicate()[1] for process in both]
    assert sorted(process.returncode for process in both) in ([0, 1], [0, 0])
    refused = (f"error: another process is writing {export / 'out'}", f"error: {export / 'out'} is not empty")
    for message in (text for process, text in zip(both, said, strict=True) if process.returncode):
        assert message.startswith(refused)
        assert "hint: " in message
    assert tree(export / "out") == tree(export / "whole")
    assert names(export) == OWN | {"out", "whole"}


@pytest.mark.parametrize("replace", [True, False])
def test_a_folder_that_is_being_written(tmp_path: Path, replace: bool) -> None:
    (tmp_path / "link").symlink_to("data")
    with new_folder(tmp_path / "data") as stage:
        for path in (tmp_path / "data", tmp_path / "link"):
            with (
                pytest.raises(OutputError, match=r"(?s)another process is writing .*hint: wait"),
                new_folder(path, replace=replace),
            ):
                pass
        (stage / "companies.csv").touch()
        with new_folder(tmp_path / "other") as other:
            (other / "people.csv").touch()
    assert names(tmp_path / "data") == {"companies.csv"}
    assert names(tmp_path) == {"data", "link", "other"}


def test_a_lock_file_that_was_left_locks_nothing(tmp_path: Path) -> None:
    (tmp_path / ".data.lock").touch()
    with new_folder(tmp_path / "data") as stage:
        (stage / "companies.csv").touch()
    assert names(tmp_path) == {"data"}


# --- disk full


FULL = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
"""


def run_full(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line where no file can have more than 5,000 bytes."""
    return subprocess.run([sys.executable, "-c", FULL + MAIN, *arguments], capture_output=True, text=True, check=False)


def test_an_import_onto_a_full_disk(export: Path) -> None:
    run = run_full(*command(export)[3:])
    assert (run.returncode, run.stdout) == (1, "")
    assert (
        run.stderr
        == f"error: cannot write {export / 'out'}: File too large\n  hint: free some space, or choose another disk\n"
    )
    assert names(export) == OWN


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_dataset_onto_a_full_disk(tmp_path: Path, form: str) -> None:
    run = run_full("dataset", "synthesize", str(tmp_path / "out"), "--format", form)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith(f"error: cannot write {tmp_path / 'out'}: ")
    assert "File too large" in run.stderr
    assert "hint: free some space" in run.stderr
    assert names(tmp_path) == set()


def test_a_replacement_onto_a_full_disk_leaves_the_old_folder(tmp_path: Path) -> None:
    target = tmp_path / "data"
    killed.run_replace(tmp_path, target)
    old = tree(target)
    (tmp_path / "full").symlink_to("/dev/full")
    with pytest.raises(OutputError, match=r"(?s)No space left.*free some space"), new_folder(target, replace=True):
        (tmp_path / "full").write_text("x", encoding="utf-8")
    (tmp_path / "full").unlink()
    assert tree(target) == old
    assert names(tmp_path) == {"data"}


def test_a_check_on_a_full_disk_tells_what_it_found(tmp_path: Path) -> None:
    """The quarantine cannot be written; the findings are printed all the same, and an older quarantine stays."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "people.csv").write_text("id\n" + "nan\n" * 3_000, encoding="utf-8")
    (data / "quarantine").mkdir()
    (data / "quarantine" / "people.csv").write_text("of yesterday", encoding="utf-8")
    run = run_full("dataset", "check", str(data), "--format", "csv")
    assert run.returncode == 1
    assert "stands for a missing value" in run.stdout
    assert "the rows that do not load could not be written: " in run.stderr
    assert "File too large" in run.stderr
    assert tree(data / "quarantine") == {"people.csv": b"of yesterday"}
    assert names(data) == {"people.csv", "quarantine"}


# --- places that are odd


def test_names_as_long_as_a_disk_allows(tmp_path: Path) -> None:
    for name in ("长" * 85, "x" * 255):
        killed.run_replace(tmp_path, tmp_path / name)
        killed.run_replace(tmp_path, tmp_path / name)
    assert names(tmp_path) == {"长" * 85, "x" * 255}
    with (
        pytest.raises(OutputError, match=r"(?s)File name too long.*a shorter name"),
        new_folder(tmp_path / ("x" * 256)),
    ):
        pass


def test_links(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OutputError, match="cannot write"), new_folder(tmp_path / "loop"):
        pass
    (tmp_path / "link").symlink_to("data")
    for _ in range(2):
        killed.run_replace(tmp_path, tmp_path / "link")
        assert names(tmp_path / "data") == {"companies.csv", "people.csv"}
    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path) == {"data", "link", "loop"}


def test_a_folder_that_somebody_is_in_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notes.txt").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match="you are in it"), new_folder(Path(), replace=True):
        pass
    assert names(tmp_path) == {"notes.txt"}
