"""The larger words of mappings: joins, pairs, headers of several lengths, regions that are made, the nearest node."""

from __future__ import annotations

import gzip
import math
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from exports import import_text, table

from ecosystem.dataset import read_dataset
from ecosystem.errors import DatasetError
from ecosystem.imports import load_mapping
from ecosystem.imports.guess import guess_mapping

PROJECTS = """
title = "projects"
[files.parts]
path = "parts.csv.gz"
[files.pairs]
path = "parts.csv.gz"
join = { other = { file = "parts", on = { project = "project" } } }
[nodes.firm]
label = "Company"
file = "parts"
id = "firm"
region = { columns = ["land", "town"], level = "country", make = "city", spelled = { "EL" = "GR" } }
[links.together]
type = "COLLABORATES_WITH"
file = "pairs"
keep = { column = "firm", before = "other.firm" }
from = { node = "firm", column = "firm" }
to = { node = "firm", column = "other.firm" }
event = "project"
"""
PARTS = """project,firm,land,town
p1,a,EL,Athens
p1,b,FR,PARIS
p1,c,FR,Paris\x20
p2,b,FR,Paris
p2,a,EL,Athens
p1,b,FR,Paris
"""


def test_every_two_of_a_project_are_linked_once(tmp_path: Path) -> None:
    report = import_text(tmp_path, "eu", PROJECTS, {"parts.csv.gz": gzip.compress(PARTS.encode())})
    links = table(tmp_path, "collaborates_with")
    assert sorted((row["from"], row["to"]) for row in links) == [("a", "b"), ("a", "b"), ("a", "c"), ("b", "c")]
    origins = pq.read_table(tmp_path / "out" / "origins.parquet").to_pylist()
    (link,) = (row["id"] for row in links if (row["from"], row["to"]) == ("a", "c"))
    assert {row["line"] for row in origins if row["id"] == link} == {2, 4}  # both rows that were joined
    assert {flow.table: flow.merged for flow in report.flows}["collaborates_with"] == 2


def test_only_the_first_row_is_joined_and_nobody_is_linked_with_itself(tmp_path: Path) -> None:
    """`first` and `unlike`: the partner with two names counts once, and each pair stands there in both directions."""
    mapping = PROJECTS.replace('{ file = "parts", on', '{ file = "parts", first = true, on')
    import_text(tmp_path, "eu", mapping, {"parts.csv.gz": gzip.compress(PARTS.encode())})
    links = table(tmp_path, "collaborates_with")
    assert sorted((row["from"], row["to"]) for row in links) == [("a", "b")]  # a < b of p2; a, the first of p1, is last

    mapping = PROJECTS.replace('before = "other.firm"', 'unlike = "other.firm"')
    (tmp_path / "both").mkdir()
    import_text(tmp_path / "both", "eu", mapping, {"parts.csv.gz": gzip.compress(PARTS.encode())})
    ends = sorted((row["from"], row["to"]) for row in table(tmp_path / "both", "collaborates_with"))
    assert ends == sorted([("a", "b"), ("b", "a")] * 2 + [("a", "c"), ("c", "a"), ("b", "c"), ("c", "b")])


@pytest.mark.parametrize("other", ["in_sample = false", ""])
@pytest.mark.parametrize("turned", [False, True])
def test_a_node_is_in_the_sample_where_any_row_puts_it_there(tmp_path: Path, other: str, turned: bool) -> None:
    """The buyer is only the other end, unless the same company sells somewhere; whichever table comes first."""
    seller = '[nodes.seller]\nlabel = "Company"\nid = "seller"\n'
    buyer = f'[nodes.buyer]\nlabel = "Company"\nid = "buyer"\n{other}\n'
    tables = buyer + seller if turned else seller + buyer
    mapping = f'title = "sales"\nfiles.list = {{ path = "list.csv" }}\n{tables}'
    import_text(tmp_path, "sales", mapping, {"list.csv": "seller,buyer\na,b\nc,a\n"})
    sample = {row["id"]: row.get("in_sample", "") != "false" for row in table(tmp_path, "companies")}
    assert sample == {"a": True, "b": not other, "c": True}


def test_cities_abroad_are_made_once_however_they_are_spelled(tmp_path: Path) -> None:
    import_text(tmp_path, "eu", PROJECTS, {"parts.csv.gz": gzip.compress(PARTS.encode())})
    located = {row["from"]: row["to"] for row in table(tmp_path, "located_in")}
    assert located == {"a": "GR/athens", "b": "FR/paris", "c": "FR/paris"}
    reading = read_dataset(tmp_path / "out")
    assert reading.clean
    assert reading.dataset.regions["GR/athens"].parent == "GR"
    assert reading.dataset.regions["GR/athens"].country == "GR"


def test_a_join_in_a_circle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        PROJECTS.replace(
            'path = "parts.csv.gz"\n[files.pairs]',
            'path = "parts.csv.gz"\njoin = { back = { file = "pairs", on = { project = "project" } } }\n[files.pairs]',
        ),
        encoding="utf-8",
    )
    with pytest.raises(DatasetError, match="in turn"):
        load_mapping(str(path))


CAMPUSES = """
title = "campuses"
[files.list]
path = "list.csv"
header = [["name", "lat", "lng"], ["name", "campus", "lat", "lng"]]
[nodes.university]
label = "University"
id = { column = "name", as = "hash", prefix = "u-" }
name = "name"
in_sample = false
region = [{ prefix_of = "name" }, { nearest = ["lat", "lng"], within_km = 30 }]
properties.campus = "campus"
"""


def test_rows_of_two_lengths_and_the_nearest_located_node(tmp_path: Path) -> None:
    text = "广州市甲学院,23.1,113.3\n中山大学,南校区,23.1,113.4\n乙学院,30,100\n坏学院,东,23.1,x\n短,1\n"
    report = import_text(tmp_path, "c", CAMPUSES, {"list.csv": text})
    rows = {row["name"]: row for row in table(tmp_path, "universities")}
    assert set(rows) == {"广州市甲学院", "中山大学", "乙学院"}
    located = {row["from"]: row["to"] for row in table(tmp_path, "located_in")}
    sun = rows["中山大学"]
    # not 中山, the city, but where the nearest located university is; and marked
    assert located[sun["id"]] == located[rows["广州市甲学院"]["id"]] == "440100"
    assert (sun["located_by"], sun["nearest_node"], sun["campus"]) == ("nearest", rows["广州市甲学院"]["id"], "南校区")
    # haversine formula by hand, on the same sphere
    expected = 2 * 6371.0088 * math.asin(math.cos(math.radians(23.1)) * math.sin(math.radians(0.05)))
    assert float(sun["nearest_km"]) == pytest.approx(expected, abs=0.06)
    assert rows["乙学院"]["id"] not in located
    assert report.files[0].quarantined == 2
    assert {flow.table: flow.out for flow in report.flows}["located_in"] == 2


VALUES = """
title = "values"
files.list = { path = ["a.csv", "b.csv"] }
[nodes.value]
label = "RegionValue"
region = { column = "province", level = "province", spelled = { "全国" = "CN" } }
properties = { indicator = "what", year = "year", value = "value" }
"""


def test_values_out_of_several_files(tmp_path: Path) -> None:
    head = "province,what,year,value\n"
    files = {
        "a.csv": head + "云   南,rd,2020,1\n全国,rd,2020,9\n",
        "b.csv": head + "云南,rd,2020,2\n吉林,rd,,3\n火星,rd,,1\n",
    }
    report = import_text(tmp_path, "v", VALUES, files)
    assert [(row["region"], row["value"]) for row in table(tmp_path, "region_values")] == [
        ("530000", "1"),
        ("CN", "9"),
        ("220000", "3"),
    ]
    assert {count.file: count.quarantined for count in report.files} == {"a.csv": 0, "b.csv": 1}
    assert "same_node_differs" in {finding.code for finding in report.findings}
    assert read_dataset(tmp_path / "out").clean


def test_places_from_small_to_large(tmp_path: Path) -> None:
    mapping = """
title = "p"
files.list = { path = "list.csv" }
[nodes.c]
label = "Conference"
id = "id"
region = { column = "place", split = ",", smallest_first = true, skip = ["Online"] }
"""
    text = 'id,place\na,"Hall 3, Hangzhou, China"\nb,"Nanjing， China"\nc,"Paris, France"\nd,Online\n'
    report = import_text(tmp_path, "p", mapping, {"list.csv": text})
    assert {row["from"]: row["to"] for row in table(tmp_path, "located_in")} == {
        "a": "330100",
        "b": "320100",
        "c": "FR",
    }
    # a hall in China is not known; that no city is known in France is no finding
    assert [finding.value for finding in report.findings] == ["Hall 3, Hangzhou, China"]


def test_a_link_may_begin_at_nodes_of_several_tables(tmp_path: Path) -> None:
    mapping = """
title = "m"
files.list = { path = "list.csv" }
[nodes.firm]
label = "Company"
keep = { column = "kind", in = ["firm"] }
id = "id"
[nodes.school]
label = "University"
keep = { column = "kind", in = ["school"] }
id = "id"
[nodes.club]
label = "Alliance"
id = { value = "club" }
region = { value = "北京市" }
[links.member]
type = "MEMBER_OF"
from = ["firm", "school"]
to = "club"
"""
    import_text(tmp_path, "m", mapping, {"list.csv": "id,kind\na,firm\nb,school\nc,other\n"})
    assert [(row["from"], row["to"]) for row in table(tmp_path, "member_of")] == [("a", "club"), ("b", "club")]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_guess_can_be_imported(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "rounds.csv"
    text = "编号;企业名称;工商全称;省份;融资时间;轮次;金额;投资方;备注\n"
    text += "1;甲;北京甲科技有限公司;北京;2016-05-17;A轮;500万;红杉,经纬;x\n"
    path.write_bytes(text.encode(encoding))
    guess = guess_mapping(path)
    assert re.search("#   备注 +- free text", guess)
    report = import_text(tmp_path, "g", guess, {"rounds.csv": text.encode(encoding)})
    assert report.feeds == ("Company", "Investor", "LOCATED_IN", "INVESTED_IN")
    (company,) = table(tmp_path, "companies")
    assert (company["name"], company["legal_name"]) == ("甲", "北京甲科技有限公司")
    assert [row["year"] for row in table(tmp_path, "invested_in")] == ["2016", "2016"]


def test_a_guess_shows_what_each_encoding_makes_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "firms.csv"
    path.write_bytes("id,name\n1,Söhne GmbH\n".encode("cp1252"))
    guess = guess_mapping(path)
    assert "# encoding: cp1252 reads Söhne GmbH." in guess
    assert "#   gb18030 reads S鰄ne GmbH" in guess
    import_text(tmp_path, "g", guess, {"firms.csv": path.read_bytes()})
    assert [row["name"] for row in table(tmp_path, "companies")] == ["Söhne GmbH"]


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n', "\ufeffSEP=;\n", ""])
def test_a_first_line_of_sep_is_the_delimiter_and_no_header(tmp_path: Path, first: str) -> None:
    path = tmp_path / "firms.csv"
    path.write_text(f"{first}id;name;country\n1;A;France\n2;B;C;D\n", encoding="utf-8")
    mapping = guess_mapping(path)
    assert "?" not in mapping
    report = import_text(tmp_path, "g", mapping, {"firms.csv": path.read_text(encoding="utf-8")})
    assert [row["name"] for row in table(tmp_path, "companies")] == ["A"]
    lines = [finding.row for finding in report.findings if finding.code == "quarantined"]
    assert lines == [4 if first else 3]
    if first:
        import_text(
            tmp_path, "h", mapping.replace('delimiter = ";"', 'delimiter = ","'), {"firms.csv": path.read_text()}
        )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00\xd8", "is empty"),
        (b"\x81\xff\n", "encoding"),
        (b"PK\x03\x04\x00", "is a zip archive, not text"),
        (b"a," * (1 << 22), "has no line end in its first 4,194,304 bytes"),
    ],
)
def test_a_guess_from_no_table(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "x.csv").write_bytes(data)
    with pytest.raises(DatasetError, match=message):
        guess_mapping(tmp_path / "x.csv")
    with pytest.raises(DatasetError, match="does not exist"):
        guess_mapping(tmp_path / "y.csv")
