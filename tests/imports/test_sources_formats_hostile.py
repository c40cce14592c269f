"""JSON, YAML, SQLite, Parquet and zip archives from anybody: each is read, or one error with a hint."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import random
import sqlite3
import string
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import absent
from exports import import_text
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from ecosystem.errors import DatasetError
from ecosystem.tables.container import contents_of
from ecosystem.tables.form import Form
from ecosystem.tables.packed import SETTING
from ecosystem.tables.records import read_blocks

pytestmark = pytest.mark.long  # many cases, each of which reads and writes files

RECORDS = [{"id": str(number), "tags": ["a", "b"], "geo": {"country": "CN"}} for number in range(3)]
COLUMNS = ("id", "tags[]", "geo.country")


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def read(path: Path, form: Form | None = None) -> list[tuple[list[str], str | None]]:
    """The records behind the header and their faults."""
    found = []
    for block in read_blocks(path, form or Form(columns=COLUMNS)):
        found += [(list(record), block.faults.get(place)) for place, record in enumerate(block.records)]
    return found[1:]


def refused(path: Path, form: Form | None = None) -> DatasetError:
    with pytest.raises(DatasetError) as caught:
        read(path, form)
    assert caught.value.hint or caught.value.findings[0].hint
    with contextlib.suppress(DatasetError):  # what lists the contents may look at the beginning alone
        contents_of(path)
    return caught.value


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return path


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.json", "", "not_json"),
        ("a.json", "null", "not_json"),
        ("a.json", '"text"', "not_json"),
        ("a.json", '[{"id": 1}', "cut_off"),
        ("a.json", '[{"id": "1', "cut_off"),
        ("a.json", '[{"id": 1},', "cut_off"),
        ("a.json", '{"n": 1, "results": [{"id": 1}], "next', "cut_off"),
        ("a.json", '[{"id": 1} {"id": 2}]', "not_json"),
        ("a.json", "[{'id': 1}]", "not_json"),
        ("a.json", '[{"id": 1}] [2]', "not_json"),
        ("a.json", '{"a": [{}], "a": [{}]}', "duplicate_key"),
        ("a.json", '{"a": {"b": 1, "b": 2}}', "duplicate_key"),
        ("a.json", '{"a": [{}], "b": [{}]}', "several_lists"),
        ("a.json", "[" * 200_000, "too_deep"),
        ("a.json", '[{"a":' * 100_000, "too_deep"),
        ("a.json", '{"a":' * 100_000, "too_deep"),
        ("a.json", '[{"id": "北京"}]'.encode("gbk"), "wrong_encoding"),
        ("a.json", '[{"id": 1}]'.encode("utf-16"), "wrong_encoding"),
        ("a.jsonl", '[\n{"id": 1},\n{"id": 2}\n]\n', "not_json"),
        ("a.jsonl", "id,name\n1,A\n", "not_json"),
        ("a.jsonl", '{"id": 1}\n{"id": 2', "cut_off"),
        ("a.jsonl", '{"id": "北京"}\n'.encode("gbk"), "wrong_encoding"),
        ("a.jsonl.gz", packed(b'{"id": 1}\n' * 9)[:-9], "damaged_gzip"),
        ("a.yaml", "", "empty_file"),
        ("a.yaml", "# nothing\n", "empty_file"),
        ("a.yaml", "just a text", "no_records"),
        ("a.yaml", "- a: [1, 2", "not_yaml"),
        ("a.yaml", "- a: 1\n b: 2\n", "not_yaml"),
        ("a.yaml", "- {a: 1\n- b: '", "not_yaml"),
        ("a.yaml", "\ta: 1", "not_yaml"),
        ("a.yaml", "[" * 100_000, "too_deep"),
        ("a.yaml", "- " * 100_000, "too_deep"),
        ("a.yaml", "{a: " * 100_000, "too_deep"),
        ("a.yaml", "- &x [*x]", "not_yaml"),
        ("a.yaml", "- *x", "not_yaml"),
        ("a.yaml", "a: [{b: 1}]\nc: [{b: 1}]", "several_lists"),
        ("a.yaml", "- a: 北京".encode("gbk"), "wrong_encoding"),
        ("a.yaml", "- a: \x01", "not_yaml"),
        ("a.db", "", "empty_file"),
        ("a.db", "id,name\n1,A\n", "unreadable_sqlite"),
        ("a.sqlite", b"SQLite format 3\0" + b"\xff" * 4096, "unreadable_sqlite"),
        ("a.parquet", "", "empty_file"),
        ("a.parquet", "id,name\n1,A\n", "unreadable_parquet"),
        ("a.parquet", b"PAR1" + b"\0" * 64 + b"PAR1", "unreadable_parquet"),
        ("a.zip", "", "damaged_zip"),
        ("a.zip", "id,name\n1,A\n", "damaged_zip"),
        ("a.zip", b"PK\x03\x04" + b"\0" * 64, "damaged_zip"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_error(tmp_path: Path, name: str, content: str | bytes, code: str) -> None:
    error = refused(written(tmp_path, name, content))
    assert [one.code for one in error.findings] == [code]
    assert error.findings[0].file == name


def test_every_beginning_of_a_document_is_cut_off(tmp_path: Path) -> None:
    whole = json.dumps({"meta": {"n": 3}, "results": RECORDS})
    for end in range(1, len(whole)):
        assert refused(written(tmp_path, "a.json", whole[:end])).findings[0].code == "cut_off", whole[:end]


def test_pieces_of_any_length_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "a.json", json.dumps({"meta": [1, [2]], "results": RECORDS, "end": "𝄞"}, indent=1))
    whole = read(path)
    for size in (1, 2, 3, 7):
        monkeypatch.setattr("ecosystem.tables.json_document._PIECE", size)
        assert read(path) == whole
        assert read(path, Form(columns=COLUMNS, records="results")) == whole


@pytest.mark.parametrize("content", ['[{"a": "%s"}]', '{"a": "%s"}', '{"r": [{"a": "%s"}]}', '{"a": "%s", "r": [{}]}'])
def test_a_record_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setattr("ecosystem.tables.json_document.LONGEST_LINE", 1 << 18)
    path = written(tmp_path, "a.json", content % ("x" * (1 << 20)))
    assert refused(path).findings[0].code == "long_record"


def test_a_list_that_is_not_wanted_may_be_of_any_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecosystem.tables.json_document.LONGEST_LINE", 1 << 12)
    monkeypatch.setattr("ecosystem.tables.json_document._PIECE", 1 << 10)
    content = json.dumps({"other": list(range(50_000)), "works": RECORDS, "last": list(range(50_000))})
    assert len(read(written(tmp_path, "a.json", content), Form(columns=COLUMNS, records="works"))) == 3


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        ("work", "no list 'work'"),
        ("meta", "'meta' of 'meta' is no list"),
        ("meta.n", "'n' of 'meta.n' is no list"),
        ("works.x", "'works' of 'works.x' is no list"),
        ("meta.x", "no list 'meta.x'"),
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_a_list_of_records_that_is_not_there(tmp_path: Path, name: str, records: str, reason: str) -> None:
    path = written(tmp_path, name, json.dumps({"meta": {"n": 1}, "works": RECORDS}))
    error = refused(path, Form(records=records))
    assert reason.split(" of ", maxsplit=1)[0] in str(error) or name == "a.yaml"
    assert "list" in str(error)


@pytest.mark.parametrize(
    "number", ["1e99999999999999999999", "-1E-99999999999999999999", "1e400", "-0.0", "0e0", "9" * 5000]
)
def test_numbers_that_are_too_much_for_a_machine(tmp_path: Path, number: str) -> None:
    for name in ("a.json", "a.yaml"):
        ((cells, fault),) = read(written(tmp_path, name, f'[{{"id": {number}}}]'), Form(columns=("id",)))
        assert fault is None
        assert cells[0]


LAUGHS = "a0: &a0 [lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))


def test_aliases_that_multiply(tmp_path: Path) -> None:
    assert refused(written(tmp_path, "a.yaml", LAUGHS)).findings[0].code == "yaml_bomb"
    merged = "- &a {x: 1, y: 2}\n- {<<: *a, y: 3}\n- {<<: [{y: 4}, *a]}\n"
    rows = read(written(tmp_path, "a.yaml", merged), Form(columns=("x", "y")))
    assert [cells for cells, _ in rows] == [["1", "2"], ["1", "3"], ["1", "4"]]


def test_nothing_in_a_yaml_file_is_run(tmp_path: Path) -> None:
    trap = "- !!python/object/apply:os.system [touch trap]\n- {id: !!python/name:os.system x}\n- {id: 1, id: 2}\n"
    rows = read(written(tmp_path, "a.yaml", trap + "- {id: 3, [1]: 2}\n- {id: 4}\n"), Form(columns=("id",)))
    assert [fault is None for _, fault in rows] == [False, True, False, False, True]
    assert not Path("trap").exists()


def database(path: Path, *statements: str) -> Path:
    with contextlib.closing(sqlite3.connect(path)) as own, own:
        for statement in statements:
            own.execute(statement)
    return path


def test_nothing_in_a_database_is_run(tmp_path: Path) -> None:
    view = database(
        tmp_path / "v.db", "CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION SELECT x+1 FROM c) SELECT x FROM c"
    )
    assert refused(view).findings[0].code == "no_tables"
    column = "CREATE TABLE t (a, b GENERATED ALWAYS AS (hex(zeroblob(1000))) VIRTUAL)"
    made = database(tmp_path / "g.db", column, "INSERT INTO t (a) VALUES (1)")
    assert read(made, Form()) == [(["1"], None)]
    assert contents_of(made)[0].columns == ("a",)
    with contextlib.suppress(sqlite3.OperationalError):
        words = database(tmp_path / "f.db", "CREATE VIRTUAL TABLE words USING fts5(a)", "CREATE TABLE t (a)")
        assert "words" not in {one.name for one in contents_of(words)}


def test_rows_that_a_program_has_not_yet_put_into_the_database(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    own = sqlite3.connect(path)
    own.execute("PRAGMA journal_mode = WAL")
    own.execute("CREATE TABLE t (a)")
    own.execute("INSERT INTO t VALUES (1)")
    own.commit()
    error = refused(path)
    own.close()
    assert error.findings[0].code == "open_database"
    assert read(path, Form()) == [(["1"], None)]


def test_a_database_with_damaged_pages_is_read_or_refused(tmp_path: Path) -> None:
    rows = ", ".join(f"('{number}', '{'x' * (number % 300)}')" for number in range(2000))
    whole = database(tmp_path / "x.db", "CREATE TABLE t (a, b)", f"INSERT INTO t VALUES {rows}").read_bytes()
    chance = random.Random(1)  # noqa: S311 - chance is meant to be repeatable here
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 40)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        with contextlib.suppress(DatasetError):
            read(written(tmp_path, "y.db", bytes(content)), Form())
        with contextlib.suppress(DatasetError):
            read(written(tmp_path, "y.db", whole[: chance.randrange(len(whole))]), Form())


def test_damaged_parquet_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    parquet.write_table(pa.Table.from_pylist(RECORDS * 500), path)
    whole = path.read_bytes()
    chance = random.Random(1)  # noqa: S311 - chance is meant to be repeatable here
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 5)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        for form in (Form(columns=COLUMNS), Form(columns=("id",)), Form(columns=("tags[]",), rows="tags[]")):
            with contextlib.suppress(DatasetError):
                read(written(tmp_path, "y.parquet", bytes(content)), form)
        with contextlib.suppress(DatasetError):
            contents_of(tmp_path / "y.parquet")
    assert refused(written(tmp_path, "y.parquet", whole[: len(whole) // 2])).findings[0].code == "unreadable_parquet"


def test_files_that_unpack_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "1")
    line = b'{"id": "x"}\n' * 200_000
    assert refused(written(tmp_path, "a.jsonl.gz", packed(line))).findings[0].code == "unpacked_size"
    assert refused(written(tmp_path, "a.zip", zipped({"a.jsonl": line}))).findings[0].code == "unpacked_size"
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"id": ["x"] * 200_000}), path)
    assert refused(path).findings[0].code == "unpacked_size"


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


@pytest.mark.parametrize(
    "name", ["../../x.csv", "/etc/x.csv", "..", "a/..", ".csv", "C:\\x.csv", "a\nb.csv", "é" * 90 + ".csv"]
)
def test_a_member_of_any_name_stays_in_its_place(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, "a.zip", zipped({name: b"id\n1\n"}))
    before = sorted(tmp_path.parent.rglob("*"))
    assert read(path, Form(format="csv")) == [(["1"], None)]
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_members_that_are_no_tables(tmp_path: Path) -> None:
    inner = zipped({"a.csv": b"id\n1\n"})
    error = refused(written(tmp_path, "a.zip", zipped({"b.zip": inner})))
    assert "a.zip[b.zip]" in str(error)
    error = refused(written(tmp_path, "a.zip", zipped({"b.csv": b"%PDF-1.7"})))
    assert "a.zip[b.csv]" in str(error)
    assert "PDF" in str(error)
    error = refused(written(tmp_path, "a.zip", zipped({"b.json": b"[{"})))
    assert error.findings[0].file == "a.zip[b.json]"


def test_archives_that_are_locked_or_damaged(tmp_path: Path) -> None:
    whole = zipped({"a.csv": b"id\n" + os.urandom(3000).hex().encode()})
    locked = bytearray(whole)
    locked[6] |= 1
    locked[whole.rindex(b"PK\x01\x02") + 8] |= 1
    assert refused(written(tmp_path, "a.zip", bytes(locked))).findings[0].code == "locked_archive"
    torn = whole[:200] + b"\0" * 100 + whole[300:]
    assert refused(written(tmp_path, "a.zip", torn)).findings[0].code == "damaged_zip"
    for end in range(0, len(whole), 97):
        refused(written(tmp_path, "a.zip", whole[:end]))


def test_names_of_an_archive_of_a_chinese_machine(tmp_path: Path) -> None:
    content = zipped({"企业.csv": b"id\n1\n"}).replace("企业.csv".encode(), "企业".encode("gbk") + b"xy.csv")
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        place = content.index(mark) + (6 if mark == b"PK\x03\x04" else 8)
        content = content[:place] + b"\0\0" + content[place + 2 :]
    ((table),) = contents_of(written(tmp_path, "a.zip", content))
    assert table.name == "企业xy.csv"


def test_a_pattern_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    mapping = 'title = "t"\nfiles.f = { path = "PATTERN" }\n[nodes.o]\nlabel = "Company"\nid = "id"\n'
    written(tmp_path, "secret.csv", "id\n1\n")
    (tmp_path / "e").mkdir()
    try:
        (tmp_path / "e" / "a.csv").symlink_to(tmp_path / "secret.csv")
    except OSError:
        absent("this disk has no symbolic links")
    with pytest.raises(DatasetError, match="leads out of the folder that --from names"):
        import_text(tmp_path, "e", mapping.replace("PATTERN", "*.csv"), {})
    with pytest.raises(DatasetError, match="leads out of the folder"):
        import_text(tmp_path, "e", mapping.replace("PATTERN", "../*.csv"), {})
    with pytest.raises(DatasetError, match=r"no file in .* fits 'b\*\.csv'") as caught:
        import_text(tmp_path, "e", mapping.replace("PATTERN", "b*.csv"), {"c.csv": ""})
    assert "c.csv" in str(caught.value)


ODD = [*string.ascii_letters, *'\n\t"\\[]{}:#,&*-!|>%@`', "\x00", "\u2028", "企", "\ufdd0"]
LETTERS = st.text(st.sampled_from(ODD), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | LETTERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LETTERS, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(VALUES, max_size=4), st.integers(0, 200), st.text(max_size=3))
def test_whatever_is_written_is_read_or_refused(tmp_path: Path, records: list[object], place: int, put: str) -> None:
    whole, lines = json.dumps(records), "\n".join(map(json.dumps, records))
    for text in (whole[:place] + put + whole[place + 1 :], lines[:place] + put):
        for name in ("a.json", "a.jsonl", "a.yaml", "a.zip", "a.db", "a.parquet", "a.gz", "a.csv"):
            content = text.encode("utf-8", "replace")
            path = written(tmp_path, name, zipped({"b.json": content}) if name == "a.zip" else content)
            with contextlib.suppress(DatasetError):
                for table in contents_of(path):
                    read(path, table.form)
            with contextlib.suppress(DatasetError):
                read(path, Form(columns=("a", "a[].b", "a.b[0]"), rows="a[]"))


def test_a_key_that_is_there_twice_among_very_many(tmp_path: Path) -> None:
    keys = [f'"k{number}": {number}' for number in range(300_000)]
    line = "{" + ", ".join([*keys, '"k299999": 1']) + "}"
    ((_, fault),) = read(written(tmp_path, "a.jsonl", line + "\n"))
    assert fault == "the key 'k299999' is there twice in one object"
