"""Metric files: what a header says, and each of its faults with its line and the next step."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ecosystem.errors import Finding, InputError, MetricError
from ecosystem.metrics import Metric, find_metric, load_metrics, parse_metric, read_metric
from ecosystem.query.syntax import Position
from ecosystem.query.tree import PropertyOf

BODY = """MATCH (c:Company)-[t:ENABLES]->()
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(t) AS value
"""
HEADER = "// title: Links | 关系\n// unit: links\n// dated: flow t.year\n"


def metric(*lines: str, header: str = HEADER) -> Metric:
    return parse_metric("\n".join([header.rstrip(), *lines, BODY]), "links.cypher")


def faults(text: str, file: str = "links.cypher") -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        parse_metric(text, file)
    return caught.value.findings


def test_a_header_says_what_the_metric_means() -> None:
    found = metric("// definition: All links | 所有关系", "// source: table 2", "// param: least = 3")
    assert (found.id, found.file) == ("links", "links.cypher")
    assert (found.title("en"), found.title("zh")) == ("Links", "关系")
    assert (found.definition("en"), found.definition("zh")) == ("All links", "所有关系")
    assert (found.unit, found.source) == ("links", "table 2")
    assert (found.dating, found.dated) == ("flow", PropertyOf("t", "year"))
    assert found.dated is not None
    assert found.dated.position == Position(3, 0)
    assert found.parameters == {"least": 3}
    assert found.parameter_types == {"level": "string", "since": "integer", "until": "integer", "least": "integer"}
    assert found.provenance == "monotone"
    assert found.text.startswith("// title: Links | 关系\n")
    assert found.text.endswith("AS value\n")


@pytest.mark.parametrize(
    ("title", "english", "chinese"),
    [
        ("Links | 关系", "Links", "关系"),
        ("Links", "Links", "Links"),
        ("| 关系", "关系", "关系"),
        ("Links |", "Links", "Links"),
    ],
)
def test_one_language_serves_for_both(title: str, english: str, chinese: str) -> None:
    found = metric(header=HEADER.replace("Links | 关系", title))
    assert (found.title("en"), found.title("zh")) == (english, chinese)


@pytest.mark.parametrize(
    ("dated", "dating", "year"),
    [
        ("flow t.year", "flow", PropertyOf("t", "year")),
        ("stock  c.founded_year", "stock", PropertyOf("c", "founded_year")),
        ("flow 关系.年份", "flow", PropertyOf("关系", "年份")),
        ("none", "none", None),
    ],
)
def test_dates(dated: str, dating: str, year: PropertyOf | None) -> None:
    found = metric(header=HEADER.replace("flow t.year", dated))
    assert (found.dating, found.dated) == (dating, year)


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("3", 3, "integer"),
        ("-2", -2, "integer"),
        ("0.5", 0.5, "float"),
        ("true", True, "boolean"),
        ("'a b'", "a b", "string"),
        ('"北京"', "北京", "string"),
        ("['a', 'b']", ("a", "b"), "list of string"),
        ("[1, 2.5]", (1, 2.5), "list of float"),
        ("3 // three", 3, "integer"),
    ],
)
def test_parameters_are_constants_or_lists_of_them(text: str, value: object, kind: str) -> None:
    found = metric(f"// param: least = {text}")
    assert found.parameters == {"least": value}
    assert found.parameter_types["least"] == kind


def test_a_header_may_have_blank_lines_notes_and_addresses() -> None:
    found = metric("//", "", "// a note without a key", "// https://example.org/report", "  // source: page 3")
    assert found.source == "page 3"
    assert metric(header=f"\n\n{HEADER}").dated is not None


def test_what_stands_below_the_query_is_no_header() -> None:
    assert parse_metric(f"{HEADER}{BODY}// unit: other\n// nonsense: x\n", "links.cypher").unit == "links"


@pytest.mark.parametrize(
    ("line", "row", "code", "message", "hint"),
    [
        ("// titel: x", 4, "header_key", "'titel' is not a header key", "'title'"),
        ("// author: me", 4, "header_key", "'author' is not a header key", "known are: dated, definition"),
        ("// unit: again", 4, "header_twice", "unit is given twice", "keep one"),
        (
            "// param: level = 'city'",
            4,
            "header_param",
            "is not a parameter declaration",
            "$level, $since, $until are defined",
        ),
        ("// param: Level = 'city'", 4, "header_param", "is not a parameter declaration", "defined already"),
        ("// param: _x = 1", 4, "header_param", "is not a parameter declaration", "segments = 18"),
        ("// param: 3", 4, "header_param", "is not a parameter declaration", "segments = 18"),
        ("// param: x = y", 4, "header_param", "'y' is not a constant", "a text in quotes"),
        ("// param: x = 1 + 1", 4, "header_param", "is not a constant", "a number"),
        (f"// param: x = {'9' * 5000}", 4, "header_param", f"'{'9' * 60}…' is not a constant", "a number"),
        ("// param: x = null", 4, "header_param", "is not a constant", "a number"),
        ("// param: x = ['a', 1]", 4, "header_param", "is not a constant", "of one kind"),
        ("// param: x = []", 4, "header_param", "is not a constant", "of one kind"),
        ("// param: x = [null]", 4, "header_param", "is not a constant", "of one kind"),
        ("// param: x = 1 AS a, 2", 4, "header_param", "is not a constant", "a number"),
        ("// param: x = 1\n// param: X = 2", 5, "header_param", "is not a parameter declaration", "$x are defined"),
    ],
)
def test_each_fault_of_a_header_has_its_line(line: str, row: int, code: str, message: str, hint: str) -> None:
    (found,) = faults(f"{HEADER}{line}\n{BODY}")
    assert (found.place, found.code) == (f"links.cypher:{row}", code)
    assert message in found.message
    assert hint in (found.hint or "")


@pytest.mark.parametrize(
    "dated", ["yearly", "flow", "flow t", "flow t.year c.year", "stocks c.year", "Flow t.year", "none x"]
)
def test_a_date_that_says_nothing_is_refused(dated: str) -> None:
    (found,) = faults(HEADER.replace("flow t.year", dated) + BODY)
    assert (found.place, found.code) == ("links.cypher:3", "header_dated")
    assert found.hint == "write flow t.year, stock c.founded_year or none"


@pytest.mark.parametrize("key", ["title", "unit", "dated"])
def test_what_a_header_must_say(key: str) -> None:
    without = "".join(line for line in HEADER.splitlines(keepends=True) if f"// {key}:" not in line)
    (found,) = faults(without + BODY)
    assert (found.place, found.code) == ("links.cypher:1", "header_missing")
    assert f"write a line: // {key}: " in (found.hint or "")
    number = [line.startswith(f"// {key}:") for line in HEADER.splitlines()].index(True) + 1
    blank = "".join(
        f"// {key}:\n" if line.startswith(f"// {key}:") else line for line in HEADER.splitlines(keepends=True)
    )
    assert [fault.place for fault in faults(blank + BODY)] == [f"links.cypher:{number}"]


def test_all_faults_are_told_at_once_those_of_the_query_too() -> None:
    found = faults("// titel: x\n// unit: a\n// unit: b\nMATCH (c:Company) SET c.x = 1")
    assert [(fault.row, fault.code) for fault in found] == [
        (1, "header_key"),
        (3, "header_twice"),
        (1, "header_missing"),
        (1, "header_missing"),
        (4, "outside_subset"),
    ]


@pytest.mark.parametrize("file", ["Links.cypher", "1links.cypher", "my-links.cypher", "关系.cypher", ".cypher"])
def test_an_id_is_snake_case(file: str) -> None:
    (found,) = faults(HEADER + BODY, file)
    assert found.code == "bad_id"
    assert "company_count.cypher" in (found.hint or "")


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "links.cypher"
    path.write_text(HEADER + BODY, encoding="utf-8-sig")
    assert read_metric(path).title("zh") == "关系"
    path.write_bytes((HEADER + BODY).replace("\n", "\r\n").encode())
    assert read_metric(path).dated == PropertyOf("t", "year")


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_another_encoding_is_one_clear_message(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "links.cypher"
    path.write_text(HEADER + BODY, encoding=encoding)
    with pytest.raises(MetricError, match="the file is not UTF-8") as caught:
        read_metric(path)
    assert caught.value.findings[0].place == "links.cypher"
    assert caught.value.findings[0].hint == "save it as UTF-8"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(MetricError, match="cannot be read: No such file"):
        read_metric(tmp_path / "absent.cypher")
    (tmp_path / "folder.cypher").mkdir()
    with pytest.raises(MetricError, match="cannot be read: it is a folder"):
        load_metrics(tmp_path)


def test_a_folder_tells_the_faults_of_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "good.cypher").write_text(HEADER + BODY, encoding="utf-8")
    assert list(load_metrics(tmp_path)) == ["good"]
    (tmp_path / "bad.cypher").write_text("// titel: x\n" + HEADER + BODY, encoding="utf-8")
    (tmp_path / "worse.cypher").write_text(HEADER + "MATCH", encoding="utf-8")
    with pytest.raises(MetricError) as caught:
        load_metrics(tmp_path)
    assert [fault.file for fault in caught.value.findings] == ["bad.cypher", "worse.cypher"]


def test_a_folder_without_metrics(tmp_path: Path) -> None:
    with pytest.raises(MetricError, match=r"has no \.cypher file"):
        load_metrics(tmp_path)
    with pytest.raises(MetricError, match="there is no folder"):
        load_metrics(tmp_path / "absent")


def test_the_package_brings_the_24_of_cingai_those_of_the_other_reports_and_two_of_its_own() -> None:
    found = load_metrics()
    sources = Counter(metric.source.split(" ")[0] for metric in found.values())
    assert sources == {"CINGAI": 24, "TMTPost": 17, "AITISA": 17, "Scenario": 5, "this": 2}
    assert list(found) == sorted(found)
    for each in found.values():
        assert each.title("zh") != each.title("en")
        assert each.definition("zh") != each.definition("en")
        assert each.unit
    assert [name for name, each in found.items() if each.provenance != "monotone"] == ["outside_co_applications"]


@pytest.mark.parametrize(
    ("condition", "provenance"),
    [
        ("c.patents > 1", "monotone"),
        ("EXISTS { MATCH (c)-[:ENABLES]->() }", "witnessed"),
        ("c.listed AND EXISTS { MATCH (c)-[:ENABLES]->() } AND EXISTS { MATCH (c)<-[:ENABLES]-() }", "witnessed"),
        ("NOT EXISTS { MATCH (c)-[:ENABLES]->() }", "recompute"),
        ("c.listed OR EXISTS { MATCH (c)-[:ENABLES]->() }", "recompute"),
        ("EXISTS { MATCH (c)-[:ENABLES]->() } AND NOT EXISTS { MATCH (c)<-[:ENABLES]-() }", "recompute"),
        ("EXISTS { MATCH (c)-[:ENABLES]->(b) WHERE EXISTS { MATCH (b)-[:ENABLES]->() } }", "recompute"),
        ("COUNT { MATCH (c)-[:ENABLES]->() } > 1", "recompute"),
        ("CASE WHEN EXISTS { MATCH (c)-[:ENABLES]->() } THEN true END", "recompute"),
    ],
)
def test_how_a_value_follows_from_its_matches(condition: str, provenance: str) -> None:
    text = f"{HEADER}MATCH (c:Company) WHERE {condition}\n{BODY}"
    assert parse_metric(text, "links.cypher").provenance == provenance


def test_a_metric_is_found_by_its_id_or_a_title_of_either_language() -> None:
    known = load_metrics()
    for name in ("enablement_links", "Technology-enablement links", "technology-enablementlinks", "技术赋能关系数"):
        assert find_metric(name, known).id == "enablement_links"
    with pytest.raises(MetricError, match="there is no metric '技术赋能'") as caught:
        find_metric("技术赋能", known)
    assert "'技术赋能关系数'" in str(caught.value)


def test_a_title_that_several_metrics_have_names_none() -> None:
    metrics = {name: parse_metric(f"{HEADER}{BODY}", f"{name}.cypher") for name in ("one", "other")}
    with pytest.raises(MetricError, match="'关系' is the title of 2 metrics: one, other"):
        find_metric("关系", metrics)
    assert find_metric("one", metrics).id == "one"
