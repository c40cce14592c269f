"""Mappings and exports from anybody: nothing outside the folder is read, nothing hangs, nothing becomes live text."""

from __future__ import annotations

import contextlib
import csv
import encodings.aliases
import errno
import gzip
import os
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import absent
from exports import import_text, table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecosystem.cli.import_command import new_command
from ecosystem.dataset import read_dataset
from ecosystem.errors import DatasetError, OutputError
from ecosystem.imports import import_source, load_mapping, preview_source
from ecosystem.imports.guess import guess_mapping
from ecosystem.imports.patterns import compiled

MAPPING = """
title = "companies"
files.list = { path = "list.csv" }
[nodes.company]
label = "Company"
id = "id"
name = "name"
"""


def refused(tmp_path: Path, text: str, name: str = "mine.toml") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        load_mapping(str(path))
    return str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "../list.csv",
        "a/../../list.csv",
        "C:\\\\list.csv",
        "C:list.csv",
        "\\\\\\\\server\\\\a\\\\list.csv",
        "..\\\\list.csv",
        "\\\\list.csv",
    ],
)
def test_a_mapping_reads_nothing_outside_the_folder(tmp_path: Path, name: str) -> None:
    message = refused(tmp_path, MAPPING.replace("list.csv", name))
    assert "files.list.path" in message
    assert "leads out of the folder" in message


def test_one_of_several_files_outside_the_folder_is_refused_too(tmp_path: Path) -> None:
    assert "leads out" in refused(tmp_path, MAPPING.replace('"list.csv"', '["list.csv", "../secret.csv"]'))


def test_a_file_in_a_folder_of_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "export" / "2024").mkdir(parents=True)
    report = import_text(
        tmp_path, "export", MAPPING.replace("list.csv", "2024/list.csv"), {"2024/list.csv": "id,name\n1,A\n"}
    )
    assert report.files[0].used == 1


@pytest.mark.parametrize("name", ["a\\u0000b.csv", "a\\nb.csv", ""])
def test_what_is_no_name_of_a_file(tmp_path: Path, name: str) -> None:
    assert "is no name of a file" in refused(tmp_path, MAPPING.replace("list.csv", name))


@pytest.mark.parametrize("name", ["..toml", "...toml", ".toml", "sources.json.toml", "a\nb.toml"])
def test_a_mapping_whose_name_would_be_another_folder(tmp_path: Path, name: str) -> None:
    assert "no source can have" in refused(tmp_path, MAPPING, name)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a = " + "[" * 50_000 + "]" * 50_000, "nested too deeply"),
        ("a = " + "{a=" * 20_000 + "1" + "}" * 20_000, "nested too deeply"),
        ("a = " + "9" * 5_000, "too many digits"),
        (MAPPING + "properties.x = 0x" + "f" * 6_000, "too large a number"),
        (MAPPING + "properties.x = 9223372036854775808", "too large a number"),
        (MAPPING + "nodes" + ".a" * 1_000 + " = 1", "unknown key"),
    ],
)
def test_toml_that_is_too_much_for_a_parser(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in refused(tmp_path, text)


def test_every_encoding_of_python_reads_or_is_refused(tmp_path: Path) -> None:
    for number, name in enumerate(sorted({*encodings.aliases.aliases.values(), "idna", "punycode", "undefined"})):
        if name in ("mbcs", "oem"):  # of Windows alone
            continue
        try:
            content = "id,name\n1,A\n".encode(name)
        except (LookupError, UnicodeError):
            content = b"id,name\n1,A\n"
        mapping = MAPPING.replace('"list.csv"', f'"list.csv", encoding = "{name}"')
        folder = tmp_path / str(number)
        folder.mkdir()
        with contextlib.suppress(DatasetError):  # one message; anything else is a fault of ours
            import_text(folder, "export", mapping, {"list.csv": content})
    assert "is no encoding of files" in refused(
        tmp_path, MAPPING.replace('"list.csv"', '"a", encoding = "unicode_escape"')
    )


@pytest.fixture
def little_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("ecosystem.imports.patterns.SECONDS", 0.2)
    compiled.cache_clear()
    yield
    compiled.cache_clear()


@pytest.mark.usefixtures("little_time")
@pytest.mark.parametrize("pattern", ["(a|a)+$", "(a|aa)+$"])
def test_a_search_without_end_ends_and_leaves_nothing(tmp_path: Path, pattern: str) -> None:
    mapping = MAPPING + f"keep = {{ column = 'name', matches = '{pattern}' }}"
    with pytest.raises(DatasetError, match=r"took more than 0\.2 seconds") as caught:
        import_text(tmp_path, "export", mapping, {"list.csv": f"id,name\n1,{'a' * 60}!\n2,B\n"})
    assert pattern in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("little_time")
@pytest.mark.parametrize("pattern", ["(a|a)+$", "(?:a|a)+$"])
def test_many_searches_that_are_slow_together_end_too(pattern: str) -> None:
    slow = compiled(pattern)
    with pytest.raises(DatasetError, match="took more than"):
        any(slow.search("a" * 19 + "!") for _ in range(100_000))


@pytest.mark.usefixtures("little_time")
def test_an_expression_that_the_engine_sees_through_just_works(tmp_path: Path) -> None:
    mapping = MAPPING + "keep = { column = 'name', not_matches = '(a+)+$' }"
    report = import_text(tmp_path, "export", mapping, {"list.csv": f"id,name\n1,{'a' * 40}!\n"})
    assert report.files[0].used == 1


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(((a{1000}){1000}){1000})", "that is too large"),
        ("(" * 3_000 + ")" * 3_000, "nested too deeply"),
        ("a" * 20_000, "too long a regular expression"),
        ("(a", "is not a regular expression"),
        ("(?:ab){e<=1}", "no number of repeats"),
        ("[[:alpha:]]", "is not a regular expression"),
    ],
)
def test_a_regular_expression_that_is_too_much(tmp_path: Path, pattern: str, reason: str) -> None:
    assert reason in refused(tmp_path, MAPPING + f"keep = {{ column = 'name', matches = '{pattern}' }}")


@pytest.mark.parametrize(
    "pattern", ["(?=北京)北京", r"(\w)\1", r"\bAI\b", "(?i)ai", "(?P<year>[0-9]{4})年", "a{5000}", r"[(]{3}\d{1,4}"]
)
def test_what_python_knows_is_still_known(pattern: str) -> None:
    compiled(pattern).search("北京AI公司")


HOSTILE = st.text(
    st.sampled_from([*string.ascii_letters, *"\n\r\t\"'\\=[]{}#, ", "\x00", "\x7f", "\u2028", "企", "\ud800"]),
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(HOSTILE, min_size=1, max_size=5))
def test_a_guess_is_a_mapping_whatever_the_header_says(tmp_path: Path, header: list[str]) -> None:
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows([header, ["1"] * len(header)])
    try:
        text = guess_mapping(path)
    except DatasetError:
        return
    said = tomllib.loads(text)
    assert set(said) <= {"title", "files", "links", "money", "nodes"}
    assert set(said.get("nodes", {})) <= {
        "company",
        "investor",
        "university",
        "institute",
        "policy",
        "conference",
        "park",
        "alliance",
    }


def test_a_header_that_closes_the_line_stays_a_comment(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('"id","a""]\nx = 1","name"\n1,2,3\n')
    assert "x" not in tomllib.loads(guess_mapping(path))


def test_an_export_whose_name_is_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/S\xf6hne.csv"))
    try:
        path.write_text("id,company\n1,Quiet Chips\n")
    except OSError:
        absent("this disk takes no such names")
    mapping = tmp_path / "mine.toml"
    mapping.write_text(guess_mapping(path), encoding="utf-8")
    report = import_source(str(mapping), path, tmp_path / "out")
    assert [file.file for file in report.files] == ["S\\xf6hne.csv"]
    assert [row["name"] for row in table(tmp_path, "companies")] == ["Quiet Chips"]


def test_a_full_disk_leaves_no_empty_mapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export, mapping = tmp_path / "list.csv", tmp_path / "new.toml"
    export.write_text("id,company\n1,Quiet Chips\n")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("ecosystem.tables.atomic.move", full)
    with pytest.raises(OutputError, match="No space left"):
        new_command(mapping, export)
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]


def test_an_existing_mapping_is_not_overwritten(tmp_path: Path) -> None:
    export, mapping = tmp_path / "list.csv", tmp_path / "new.toml"
    export.write_text("id,company\n1,Quiet Chips\n")
    mapping.write_text("mine")
    with pytest.raises(OutputError, match="is there already"):
        new_command(mapping, export)
    assert mapping.read_text() == "mine"


def test_a_quarantined_header_does_not_run_in_a_spreadsheet(tmp_path: Path) -> None:
    header = "=cmd(),＝1+1,@a,id,name,n"
    mapping = MAPPING + 'properties.patents = "n"'
    import_text(tmp_path, "export", mapping, {"list.csv": f"{header}\n－1+1,⩵x,-5,1,A,many\n1,2,3,2,B,4\n"})
    (path,) = (tmp_path / "out").rglob("quarantine/companies.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        first, row = csv.reader(file)
    assert first == ["line", "reason", "'=cmd()", "'＝1+1", "'@a", "id", "name", "n"]
    assert row[2:5] == ["'－1+1", "'⩵x", "-5"]


@pytest.mark.parametrize("taken", [{"source"}, {"from_"}, {"merges"}, {"guess"}])
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, taken: set[str]) -> None:
    pipe, export, mapping = tmp_path / "pipe.toml", tmp_path / "list.csv", tmp_path / "mine.toml"
    os.mkfifo(pipe)
    export.write_text("id,company\n1,Quiet Chips\n")
    mapping.write_text(guess_mapping(export), encoding="utf-8")
    paths = {"source": mapping, "from_": export, "merges": None} | dict.fromkeys(taken, pipe)
    source, from_, merges = str(paths["source"]), paths["from_"] or export, paths["merges"]
    with pytest.raises(DatasetError, match="it is not an ordinary file"):
        guess_mapping(pipe) if "guess" in taken else import_source(source, from_, tmp_path / "out", merges=merges)
    assert not (tmp_path / "out").exists()


def test_a_guess_of_a_packed_export(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(gzip.compress(b"id;company\n1;Quiet Chips\n"))
    assert 'delimiter = ";"' in guess_mapping(path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DatasetError, match=r"cannot read list\.csv"):
        guess_mapping(path)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"list.csv"', "[]", "files.list.path"),
        ('"id"', "{ first = [] }", "nodes.company.id.first"),
        ('"id"', '"id"\neach = { columns = [] }', "nodes.company.each.columns"),
        ('"id"', '"id"\nregion = { columns = [] }', "nodes.company.region.columns"),
        ('"id"', '"id"\nregion = { column = "x", level = [] }', "nodes.company.region.level"),
        (
            '"name"\n',
            '"name"\n[links.a]\ntype = "ENABLES"\nfrom = []\nto = { node = "company", column = "x" }\n',
            "links.a.from",
        ),
    ],
)
def test_lists_that_name_nothing(tmp_path: Path, old: str, new: str, place: str) -> None:
    message = refused(tmp_path, MAPPING.replace(old, new, 1))
    assert f"mine.toml:{place}: has too few entries: at least 1" in message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"" = 1', '"": unknown key'),
        ('"a b.c" = 1', '"a b.c": unknown key'),
        ("[links.a]\npairs = 3", "links.a.pairs: has to be true or false or 'event'"),
        ("[links.a]\npairs = 3", "links.a.type: is missing"),
        ("[nodes.company.properties]\nx = { column = 'x', as = ['year'] }", "nodes.company.properties.x.as: has to be"),
        ("keep = 7", "nodes.company.keep: has to be a table"),
        ("keep = [{ column = 'x', blank = true }, 7]", "nodes.company.keep.1: has to be a table"),
        ("names = 'x'", "nodes.company.names: has to be a list"),
        ("[money]\nrates_by_year = { soon = { USD = 7 } }", "money.rates_by_year.soon: has to be a whole number"),
        ("[money]\nrates = { USD = 'x' }", "money.rates.USD: has to be a number"),
        ("[model]\nlabels.A.properties.p = { type = 'x' }", "model.labels.A.properties.p.type: has to be 'string' or"),
        ("[model]\nlabels.A.properties.p = { type = 'float', minimum = [] }", "p.minimum: has to be a whole number or"),
    ],
)
def test_faults_stand_where_they_are_in_the_file(tmp_path: Path, text: str, found: str) -> None:
    top = text if text.startswith('"') else ""
    assert f"{found}" in refused(tmp_path, top + MAPPING + ("" if top else text))


def test_an_id_that_a_region_has_goes_to_quarantine(tmp_path: Path) -> None:
    report = import_text(tmp_path, "export", MAPPING, {"list.csv": "id,name\nUS,A\nc2,B\n"})
    assert [row["id"] for row in table(tmp_path, "companies")] == ["c2"]
    assert any("the id 'US' belongs to Region" in finding.message for finding in report.findings)
    assert read_dataset(tmp_path / "out").clean


def test_a_preview_opens_no_file_that_the_import_does_not(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("id,name\nc1,A\n")
    (tmp_path / "other.json").write_text('{"a"')
    mapping = tmp_path / "mine.toml"
    text = MAPPING.replace("[nodes", 'files.other = { path = "other.json" }\n[nodes')
    mapping.write_text(text.replace("label", 'file = "list"\nlabel'))
    assert len(preview_source(str(mapping), tmp_path).nodes) == 1


def test_a_guess_of_digits_of_two_scripts(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("id,founded\n1,2021-05-०6\n2,2020-01-02\n", encoding="utf-8")
    tomllib.loads(guess_mapping(path))
