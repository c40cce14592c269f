"""Where there is no `fcntl`, as on Windows: datasets are read and written, the embedded store is opened and loaded."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from ecosystem.errors import OutputError
from ecosystem.tables import atomic, locks
from ecosystem.tables.atomic import new_folder, write_bytes

PROGRAM = """
import sys
sys.modules["fcntl"] = None
from pathlib import Path
from ecosystem.dataset import read_dataset, write_quarantine
from ecosystem.query import parse
from ecosystem.store import open_store
from ecosystem.synthetic.synthesize import synthesize
from ecosystem.tables import atomic

atomic._WINDOWS = True
folder = Path(sys.argv[1])
synthesize(folder / "made", companies=62, links=1000, seed=1)
for _ in "12":
    reading = read_dataset(folder / "made")
    write_quarantine(folder / "made", reading)
    store = open_store(str(folder / "graph.duckdb"), create=True)
    store.load(reading.dataset)
    rows = store.query(parse("MATCH (c:Company) RETURN count(c) AS n")).read_all().to_pylist()
    assert rows == [{"n": reading.dataset.nodes["Company"].num_rows}]
    store.close()
print(sorted(path.name for path in folder.iterdir()))
"""


def test_a_dataset_and_a_store(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert re.fullmatch(r"\['graph.duckdb', 'graph.duckdb.[0-9a-f]{12}', 'made'\]\n", done.stdout)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ways that are taken on Windows."""
    monkeypatch.setattr(atomic, "_WINDOWS", True)
    monkeypatch.setattr(atomic, "_PAUSES", (0, 0))
    monkeypatch.setattr(locks, "_OPEN_FILES_STAY", True)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.usefixtures("windows")
def test_folders_take_each_others_place(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name, replace in (("a.csv", False), ("b.csv", True), ("c.csv", True)):
        with new_folder(tmp_path / "data", replace=replace) as stage:
            (stage / name).touch()
        assert names(tmp_path / "data") == {name}
    with pytest.raises(OutputError, match="is not empty"), new_folder(tmp_path / "data"):
        pass
    assert names(tmp_path) == {"data"}


@pytest.mark.usefixtures("windows")
def test_a_lock_keeps_others_out(tmp_path: Path) -> None:
    with new_folder(tmp_path / "data"):
        with pytest.raises(OutputError, match="another process is writing"), new_folder(tmp_path / "data"):
            pass
        assert locks.hold(tmp_path / ".data.lock") is None
    assert names(tmp_path) == {"data"}


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize(("busy", "left"), [(2, "new"), (9, "old")])
def test_a_file_that_is_open_for_a_moment_is_replaced_when_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, busy: int, left: str
) -> None:
    path, replace, tries = tmp_path / "t.csv", Path.replace, []

    def in_use(self: Path, target: Path) -> Path:
        tries.append(target)
        if len(tries) <= busy:
            raise PermissionError(13, "in use")
        return replace(self, target)

    path.write_text("old")
    monkeypatch.setattr(Path, "replace", in_use)
    refused = pytest.raises(OutputError, match="cannot be written: in use") if left == "old" else nullcontext()
    with refused:
        write_bytes(path, b"new")
    assert (path.read_text(), names(tmp_path)) == (left, {"t.csv"})
