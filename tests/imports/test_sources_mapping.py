"""Mapping files: found by name or path, every fault at once with its place and a hint."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecosystem.errors import DatasetError
from ecosystem.imports import list_sources, load_mapping

GOOD = """
title = "companies"
[files.list]
path = "list.csv"
[nodes.company]
label = "Company"
id = "id"
"""


def refused(tmp_path: Path, text: str) -> DatasetError:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        load_mapping(str(path))
    return caught.value


def test_shipped_sources_are_listed_and_load_by_name() -> None:
    sources = list_sources()
    assert "itjuzi_ai" in [source.name for source in sources]
    assert all(source.title for source in sources)
    assert load_mapping("itjuzi_ai").spec == next(one.spec for one in sources if one.name == "itjuzi_ai")


def test_a_mapping_of_ones_own_is_named_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("\ufeff" + GOOD, encoding="utf-8")
    mapping = load_mapping(str(path))
    assert (mapping.name, mapping.path) == ("mine", path)
    assert mapping.spec.nodes["company"].id is not None
    assert mapping.spec.nodes["company"].id.column == "id"


def test_an_unknown_name_leads_to_the_nearest() -> None:
    with pytest.raises(DatasetError) as caught:
        load_mapping("itjuzi")
    assert "no source is named 'itjuzi'" in caught.value.message
    assert "did you mean 'itjuzi_ai'?" in str(caught.value)
    assert ".toml" in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="does not exist") as caught:
        load_mapping(str(tmp_path / "none.toml"))
    assert "itjuzi_ai" in str(caught.value.hint)


def test_a_folder_is_no_mapping(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(DatasetError, match="cannot read the mapping"):
        load_mapping(str(tmp_path / "folder.toml"))


def test_what_is_not_toml_says_where(tmp_path: Path) -> None:
    assert "is not TOML" in refused(tmp_path, 'title = "a\n').message
    assert "line 2" in refused(tmp_path, "title = 'a'\nfiles = {\n").message


def test_what_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes('title = "企业"'.encode("gbk"))
    with pytest.raises(DatasetError, match="is not UTF-8"):
        load_mapping(str(path))


@pytest.mark.parametrize(
    ("changed", "place", "message", "hint"),
    [
        (('path = "list.csv"', 'paht = "list.csv"'), "files.list.paht", "unknown key", "did you mean 'path'?"),
        (('path = "list.csv"', 'paht = "list.csv"'), "files.list.path", "is missing", None),
        (('id = "id"', 'id = "id"\nmoney = {}'), "nodes.company.money", "unknown key", "at the top of a mapping"),
        (('id = "id"', 'id = "id"\nregoin = "x"'), "nodes.company.regoin", "unknown key", "did you mean 'region'?"),
        (
            ('id = "id"', 'id = { column = "id", prefx = "c" }'),
            "nodes.company.id.prefx",
            "unknown key",
            "did you mean 'prefix'?",
        ),
        (
            ('id = "id"', 'id = "id"\nproperties.value = { column = "x", patern = "x" }'),
            "nodes.company.properties.value.patern",
            "unknown key",
            "did you mean 'pattern'?",
        ),
        (
            ('id = "id"', 'id = "id"\nkeep = [{ column = "x", equals = "y" }]'),
            "nodes.company.keep.0.equals",
            "unknown key",
            "known are: before, blank, column, in, matches, not_matches, out",
        ),
        (('id = "id"', 'id = "id"\nkeep = { column = "x" }'), "nodes.company.keep", "says nothing", None),
        (
            ('id = "id"', 'id = "id"\nkeep = { column = "x", in = ["a"], out = ["a"] }'),
            "nodes.company.keep",
            "has a both in",
            None,
        ),
        (
            ('id = "id"', 'id = "id"\nkeep = { column = "x", matches = "(" }'),
            "nodes.company.keep.matches",
            "is not a regular expression",
            None,
        ),
        (('id = "id"', "id = {}"), "nodes.company.id", "needs exactly one of", None),
        (('id = "id"', 'id = { column = "a", value = 1 }'), "nodes.company.id", "needs exactly one of", None),
        (('id = "id"', "id = { value = 2018-01-01 }"), "nodes.company.id.value", "is not a text", None),
        (('id = "id"', "id = { value = nan }"), "nodes.company.id.value", "is not a finite number", None),
        (('id = "id"', 'id = { value = 1, prefix = "c" }'), "nodes.company.id", "is a constant", None),
        (('id = "id"', 'id = { column = "x", as = "year", prefix = "c" }'), "nodes.company.id", "prefix goes", None),
        (('id = "id"', 'id = { column = "x", as = "amonut" }'), "nodes.company.id.as", "'amount'", None),
        (('id = "id"', 'id = "id"\nregion = {}'), "nodes.company.region", "needs exactly one of", None),
        (('path = "list.csv"', 'path = "a"\nencoding = "gbkk"'), "files.list.encoding", "not a text encoding", None),
        (('path = "list.csv"', 'path = "a"\ndelimiter = "::"'), "files.list.delimiter", "a text that fits", None),
        (
            ("[files.list]", '[money]\ncurrencies = { "元" = 1 }\ndefault = "圆"\n[files.list]'),
            "money",
            "is not one of the currencies",
            None,
        ),
        (("[files.list]", '[money]\ncurrencies = { "元" = 0 }\n[files.list]'), "money.currencies.元", "greater", None),
    ],
)
def test_faults_of_the_language(
    tmp_path: Path, changed: tuple[str, str], place: str, message: str, hint: str | None
) -> None:
    error = refused(tmp_path, GOOD.replace(*changed))
    found = {finding.column: finding for finding in error.findings}
    assert place in found, list(found)
    assert message in found[place].message
    assert hint is None or hint in str(found[place].hint)
    assert found[place].file == "mine.toml"


LINKED = (
    GOOD
    + """
[nodes.investor]
label = "Investor"
id = "investor"
[links.round]
type = "INVESTED_IN"
from = "investor"
to = "company"
"""
)


@pytest.mark.parametrize(
    ("changed", "place", "message", "hint"),
    [
        (('label = "Company"', 'label = "Compny"'), "nodes.company.label", "is not a label", "'Company'"),
        (('label = "Company"', 'label = "Region"'), "nodes.company.label", "is not a label", "did you mean"),
        (('type = "INVESTED_IN"', 'type = "INVESTS_IN"'), "links.round.type", "not a link type", "'INVESTED_IN'"),
        (('type = "INVESTED_IN"', 'type = "WITHIN"'), "links.round.type", "not a link type", ""),
        (('from = "investor"', 'from = "invester"'), "links.round.from", "not a node table", "'investor'"),
        (('to = "company"', 'to = "investor"'), "links.round.to", "takes no Investor", "it takes Company"),
        (('id = "investor"', ""), "nodes.investor", "has no id", "hash"),
        (('id = "investor"', 'id = "investor"\nsame_as = "firm"'), "nodes.investor.same_as", "node table above", ""),
        (('id = "id"', 'id = "id"\nsame_as = "investor"'), "nodes.company.same_as", "node table above", ""),
        (('id = "id"', 'id = "id"\nfile = "lists"'), "nodes.company.file", "is not a file", "'list'"),
        (('id = "id"', 'id = "id"\ncollect = ["x"]'), "nodes.company.collect", "is not a property", ""),
        (('id = "id"', 'id = "id"\nproperties.Name = "x"'), "nodes.company.properties.Name", "is taken", ""),
        (('id = "id"', 'id = "id"\nproperties._x = "x"'), "nodes.company.properties._x", "is not a name", ""),
        (
            ('id = "id"', 'id = "id"\nproperties.patents = { column = "x", as = "date" }'),
            "nodes.company.properties.patents",
            "is made as date, but it is integer",
            "'integer' or 'year'",
        ),
        (
            ('id = "id"', 'id = "id"\nproperties.patents = { column = "x", default = "none" }'),
            "nodes.company.properties.patents",
            "the constant 'none'",
            "",
        ),
        (
            ('id = "id"', 'id = "id"\nproperties.valuation_cny_m = { column = "x", as = "amount" }'),
            "nodes.company.properties.valuation_cny_m",
            "no [money] table",
            "",
        ),
        (('to = "company"', 'to = "company"\nshare = { a = "b" }'), "links.round.share", "'b' is not a property", ""),
        (
            ('path = "list.csv"', 'path = "a"\nadd = { k = { column = "l" }, l = { column = "x" } }'),
            "files.list.add.k",
            "added after it",
            "change the order",
        ),
        (
            ("[files.list]", '[files.other]\npath = "o.csv"\n[files.list]'),
            "nodes.company",
            "which file",
            "'other' or 'list'",
        ),
        (
            ('label = "Company"\nid = "id"', 'label = "RegionValue"'),
            "nodes.company.properties",
            "needs the property 'indicator'",
            "",
        ),
        (('label = "Company"\nid', 'label = "RegionValue"\nid'), "nodes.company", "has no id: it takes", ""),
        (
            ('id = "id"', 'id = { join = ["a", "b"] }'),
            "links.round.to",
            "made of several columns",
            "add the column",
        ),
        (
            ('label = "Company"\nid = "id"', 'label = "Segment"\nid = "id"\nregion = "x"'),
            "nodes.company.region",
            "Segment nodes are not located",
            "",
        ),
    ],
)
def test_faults_against_the_model_and_inside_the_mapping(
    tmp_path: Path, changed: tuple[str, str], place: str, message: str, hint: str
) -> None:
    text = (
        LINKED.replace('to = "company"', 'to = { node = "company", column = "id" }') if "join" in changed[1] else LINKED
    )
    error = refused(tmp_path, text.replace(*changed))
    found = [finding for finding in error.findings if finding.column == place]
    assert found, [str(finding) for finding in error.findings]
    assert any(message in finding.message and hint in str(finding.hint or "") for finding in found)


def test_rows_of_another_file_do_not_speak_of_a_node(tmp_path: Path) -> None:
    text = LINKED.replace("[files.list]", '[files.deals]\npath = "d.csv"\n[files.list]')
    text = text.replace('id = "id"', 'id = "id"\nfile = "list"').replace('id = "investor"', 'id = "i"\nfile = "deals"')
    error = refused(tmp_path, text.replace('type = "INVESTED_IN"', 'type = "INVESTED_IN"\nfile = "deals"'))
    assert [(finding.column, finding.hint) for finding in error.findings] == [
        ("links.round.to", 'name it: { node = "...", column = "..." }')
    ]


def test_two_tables_must_agree_on_the_type_of_an_extra_property(tmp_path: Path) -> None:
    second = '[nodes.more]\nlabel = "Company"\nid = "x"\nproperties.size = { column = "s", as = "integer" }\n'
    error = refused(tmp_path, GOOD + 'properties.size = "s"\n' + second)
    assert [finding.message for finding in error.findings] == ["is made as integer, but it is string"]


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    text = LINKED.replace('"Company"', '"Compny"').replace("INVESTED_IN", "INVESTS").replace('"investor"\n', '"x"\n', 1)
    assert len(refused(tmp_path, text).findings) >= 2
    assert len(refused(tmp_path, GOOD.replace("path", "paht").replace("label", "labl")).findings) == 4
