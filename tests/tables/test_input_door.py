"""Files that are given: a pipe would wait, a device never end, and a million columns take hours; each is refused."""

from __future__ import annotations

import ast
import json
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pandas as pd
import pytest
from command import run_in
from tables import write_csv, write_xlsx

import ecosystem
from ecosystem.dataset import read_dataset
from ecosystem.dataset.dataset import dataset_name
from ecosystem.errors import DatasetError, EcosystemError, OutputError, QueryError, RegionError, UsageError
from ecosystem.export.files import to_parquet
from ecosystem.index.files.index_folder import inspect_index
from ecosystem.index.files.index_form import MOST_LEVELS
from ecosystem.index.files.indicator_rows import read_variables
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.weight_files import read_judgements, read_weights
from ecosystem.index.files.write import draft_files, write_folder
from ecosystem.metrics.metric import read_metric
from ecosystem.published.published import read_manifest
from ecosystem.query.check import parameter_types
from ecosystem.receipt import read_receipt
from ecosystem.regions.nesting import MOST_DEEP
from ecosystem.store import open_store
from ecosystem.synthetic.synthesize import synthesize
from ecosystem.tables import raw
from ecosystem.tables.atomic import write_bytes
from ecosystem.tables.packed import check_is_file
from ecosystem.tables.records import parse_table, read_blocks

MAKE: dict[str, Callable[[Path], None]] = {
    "pipe": os.mkfifo,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "folder": lambda path: path.mkdir(),
}


@pytest.fixture(autouse=True)
def no_endless_wait() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError("it waits for a pipe, or reads a device")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(params=MAKE)
def odd(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Path]:
    def make(name: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        MAKE[request.param](path)
        return path

    return make


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("t.csv", read_values),
        ("t.xlsx", read_values),
        ("t.parquet", read_values),
        ("w.csv", read_weights),
        ("j.csv", read_judgements),
        ("run.json", read_receipt),
        ("m.cypher", read_metric),
        ("x/published/tables.toml", lambda path: read_manifest(path.parent.parent)),
        ("x.csv", lambda path: list(read_blocks(path))),
        ("x.xlsx", lambda path: list(read_blocks(path))),
    ],
)
def test_what_is_no_ordinary_file_is_refused(
    odd: Callable[[str], Path], name: str, read: Callable[[Path], object]
) -> None:
    with pytest.raises(EcosystemError) as refused:
        read(odd(name))
    assert "not an ordinary file" in str(refused.value) or "it is a folder" in str(refused.value)


@pytest.mark.parametrize("name", ["index.toml", "indicators.csv", "variables.csv"])
def test_parts_of_an_index_that_are_no_files_are_findings(odd: Callable[[str], Path], name: str) -> None:
    path = odd(f"mine/{name}")
    findings = read_variables(path).findings if name == "variables.csv" else inspect_index(path.parent)[1]
    assert {"unreadable_file"} <= {finding.code for finding in findings}


@pytest.mark.parametrize("name", ["companies.csv", "companies.parquet", "dataset.xlsx", "README.txt"])
def test_a_dataset_with_such_an_entry_is_read_without_it(odd: Callable[[str], Path], name: str) -> None:
    folder = odd(f"d/{name}").parent
    write_csv(folder / "universities.csv", [["id", "name"], ["u1", "One"]])
    if name == "README.txt":
        assert dataset_name(folder) == "d"
    else:
        assert "unreadable_file" in {finding.code for finding in read_dataset(folder).findings}


@pytest.mark.parametrize("name", ["a\0b.csv", "\ud800.csv", "n" * 300])
def test_a_name_that_no_file_can_have_is_no_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"no file can have such a name|too long"):
        check_is_file(tmp_path / name)
    with pytest.raises(EcosystemError):
        read_values(tmp_path / f"{name}.csv")
    with pytest.raises(EcosystemError):
        read_receipt(tmp_path / name)


BYTES = "\udcff"
"""A byte that is no UTF-8, as Python hands it on from a name of a file or an argument."""


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_a_table_may_have_a_name_that_is_not_utf_8(suffix: str, tmp_path: Path) -> None:
    rows: Sequence[Sequence[object]] = [["region", "a", "b"], ["north", 1, 2], ["south", 2, 3]]
    path = tmp_path / f"v{BYTES}{suffix}"
    if suffix == ".parquet":
        path.write_bytes(
            to_parquet(pd.DataFrame([list(row) for row in rows[1:]], columns=[str(name) for name in rows[0]]))
        )
    else:
        (write_csv if suffix == ".csv" else write_xlsx)(path, rows)
    table = read_values(path)
    assert table.units == ("north", "south")
    assert "v\\xff" in table.file
    json.dumps(table.path).encode()


def test_a_dataset_may_have_such_names_and_nothing_of_them_is_written_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / f"d{BYTES}"
    folder.mkdir()
    write_csv(folder / "companies.csv", [["id", "name"], ["c1", "a"]])
    write_csv(folder / f"compan{BYTES}.csv", [["id"], ["c1"]])
    reading = read_dataset(folder)
    assert reading.dataset.name == "d\\xff"
    (odd,) = [finding for finding in reading.findings if finding.code == "unknown_file"]
    assert odd.file == "compan\\xff.csv"
    str(odd).encode()


def test_where_tables_are_written_and_graphs_lie_names_are_utf_8(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not UTF-8"):
        synthesize(tmp_path / f"s{BYTES}", companies=62, links=1_000)
    assert list(tmp_path.iterdir()) == []
    for name in (f"g{BYTES}.duckdb", "g\0.duckdb"):
        with pytest.raises(UsageError, match="not UTF-8"):
            open_store(tmp_path / name, create=True)
    with pytest.raises(OutputError, match="no file can have such a name"):
        write_bytes(tmp_path / "a\0b", b"a")
    with pytest.raises(OutputError, match="no file can have such a name"):
        synthesize(tmp_path / "a\0b", companies=62, links=1_000)
    assert list(tmp_path.iterdir()) == []


def test_an_argument_that_is_not_utf_8_is_no_value_of_a_parameter() -> None:
    for value in (BYTES, ["a", BYTES]):
        with pytest.raises(QueryError, match=r"'\\xff', the value of \$name, is not UTF-8"):
            parameter_types({"name": value})


def test_commands_say_it_in_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    os.mkfifo(tmp_path / "pipe.cypher")
    for words in (
        ("index", "new", "mine", "--from", "pipe.csv"),
        ("query", "pipe.cypher"),
        ("weights", "ahp", "pipe.csv"),
    ):
        done = run_in(tmp_path, *words)
        assert done.returncode == 1
        assert "cannot be read: it is not an ordinary file" in done.stderr


READ_WHOLE = {"read_bytes", "read_text"}
SHIPPED_OR_OWN = {
    "query/parser.py",
    "store/duckdb/run_limits.py",
    "store/limits.py",
    "cli/query_files.py",
    "export/plots/fonts.py",
    "export/plots/network_page.py",
    "report/boundaries.py",
    "report/page.py",
    "cli/import_command.py",
    "imports/own_regions.py",
    "imports/part.py",
    "imports/run.py",
}
"""What these read travels with the package, was opened before, or was written by the program itself."""


def test_no_file_is_read_whole_but_through_the_door() -> None:
    root = Path(ecosystem.__file__).parent
    found = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in READ_WHOLE:
                found.add(path.relative_to(root).as_posix())
    assert found - SHIPPED_OR_OWN == {"tables/packed.py"}


def wide() -> list[list[object]]:
    names: list[object] = ["region", *(f"c{place}" for place in range(raw.MOST_COLUMNS))]
    return [names, ["a", *([1] * raw.MOST_COLUMNS)]]


def parquet_of(path: Path) -> Path:
    header, row = wide()
    pd.DataFrame([row], columns=[str(name) for name in header]).to_parquet(path)
    return path


@pytest.mark.parametrize(
    "read",
    [
        lambda folder: read_values(write_csv(folder / "t.csv", wide())),
        lambda folder: read_values(parquet_of(folder / "t.parquet")),
        lambda folder: list(read_blocks(write_csv(folder / "t.csv", wide()))),
    ],
)
def test_too_many_columns_are_refused_before_they_are_looked_at(
    read: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw, "MOST_COLUMNS", 20)
    with pytest.raises(DatasetError, match="more than 20 columns"):
        read(tmp_path)


def test_a_small_table_of_too_many_columns_is_one_finding() -> None:
    table = parse_table((",".join(map(str, wide()[0])) + "\n").encode(), "indicators.csv")
    assert [finding.code for finding in table.findings] == ["too_many_columns"]


def test_a_workbook_of_too_many_columns_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_xlsx(tmp_path / "t.xlsx", [["region", "a", "b"], ["x", 1, 2]])
    monkeypatch.setattr(raw, "MOST_COLUMNS", 2)
    with pytest.raises(DatasetError, match="more than 2 columns"):
        read_values(path)


@pytest.mark.parametrize("levels", [MOST_DEEP, MOST_DEEP + 1])
def test_regions_may_be_nested_so_deep_and_no_deeper(levels: int, tmp_path: Path) -> None:
    rows = [[f"r{at}", f"R{at}", f"level{at}", f"r{at - 1}" if at else ""] for at in range(levels)]
    # the deepest first: the order of the rows does not matter
    write_csv(tmp_path / "regions.csv", [["id", "name", "level", "parent"], *reversed(rows)])
    if levels <= MOST_DEEP:
        assert read_dataset(tmp_path).clean
        return
    with pytest.raises((DatasetError, RegionError), match="at most 100 are allowed"):
        read_dataset(tmp_path)


@pytest.mark.parametrize(("levels", "faults"), [(MOST_LEVELS, 0), (MOST_LEVELS + 1, 1)])
def test_an_index_may_have_so_many_levels_and_no_more(levels: int, faults: int, tmp_path: Path) -> None:
    table = read_values(write_csv(tmp_path / "v.csv", [["region", "a", "b"], ["x", 1, 2], ["y", 2, 3]]))
    files = draft_files(table, "mine")
    more = "".join(f'\n[level.l{at}]\nranked = ["x", "y"]\n' for at in range(levels - 1))
    write_folder(tmp_path / "mine", {**files, "index.toml": files["index.toml"] + more})
    errors = [finding for finding in inspect_index(tmp_path / "mine")[1] if finding.severity == "error"]
    assert len(errors) == faults
    assert all("level" in str(finding) and "100" in str(finding) for finding in errors)
