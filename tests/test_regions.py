"""The shipped hierarchy against its sources, names that lead to one region or to none, and the laws of the closure."""

from __future__ import annotations

import csv
import itertools
import re
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.errors import Finding, RegionError
from ecosystem.regions import Region, Regions, level_named, read_regions, shipped_regions

MUNICIPALITIES = {"110000": "110100", "120000": "120100", "310000": "310100", "500000": "500100"}
PLACEHOLDERS = ("01市辖区", "02县", "90省直辖县级行政区划", "90自治区直辖县级行政区划")


# ---- the shipped hierarchy


def test_numbers_of_regions() -> None:
    regions = shipped_regions()
    assert regions.levels == ("country", "province", "city", "district", "group")
    provinces = [region.id for region in regions.at("province")]
    assert len(provinces) == 34
    assert len([code for code in provinces if code[0] not in "78"]) == 31
    assert len([city for city in regions.at("city") if city.id.endswith("00")]) == 333 + len(MUNICIPALITIES)
    assert len([city for city in regions.at("city") if not city.id.endswith("00")]) == 1 + 4 + 15 + 12
    assert len(regions.groups) == 4
    assert len(regions.at("country")) == 249 - 3


@pytest.mark.parametrize(("file", "level"), [("divisions_provinces.csv", "province"), ("divisions_cities.csv", "city")])
def test_codes_and_names_equal_those_of_another_publisher(shared: Path, file: str, level: str) -> None:
    with (shared / "data" / "real" / file).open(encoding="utf-8") as text:
        rows = [(row["code"], row["name"]) for row in csv.DictReader(text)]
    theirs = {code.ljust(6, "0"): name for code, name in rows if code[2:] + name not in PLACEHOLDERS}
    ours = {region.id: region.name for region in shipped_regions().at(level)}
    added = {city for city in ours if not city.endswith("00")} | {
        *MUNICIPALITIES.values(),
        "710000",
        "810000",
        "820000",
    }
    assert {code: name for code, name in ours.items() if code not in added} == theirs
    assert len(theirs) == {"province": 31, "city": 333}[level]


def test_no_placeholder_is_a_region() -> None:
    regions = shipped_regions()
    assert not [code for code in ("419000", "429000", "469000", "659000", "500200") if code in regions]
    assert not [region for region in regions if "市辖区" in region.name or "直辖县" in region.name]


def test_every_region_of_china_has_its_place() -> None:
    regions = shipped_regions()
    for region in regions:
        if region.level == "group":
            assert (region.parent, region.code, region.country) == (None, None, "CN")
        elif region.level == "country":
            assert (region.parent, region.code, region.country) == (None, region.id, region.id)
        else:
            assert (region.code, region.country) == (region.id, "CN")
            assert regions[region.parent or ""].level == {"province": "country", "city": "province"}.get(
                region.level, "city"
            )
            assert region.level == "province" or (region.parent or "")[:2] == region.id[:2]


def test_hong_kong_macao_and_taiwan_are_provinces_and_no_countries() -> None:
    regions = shipped_regions()
    for alias, code in {"TW": "710000", "HK": "810000", "MO": "820000", "香港": "810000", "Macau": "820000"}.items():
        assert regions.resolve(alias) == code
        assert regions.find(alias, level="country") is None
        assert regions[code].country == "CN"


# ---- names


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("内蒙古", "150000"),
        ("Inner Mongolia", "150000"),
        ("150000", "150000"),
        ("  inner   MONGOLIA ", "150000"),
        ("１５００００", "150000"),
        ("内蒙古自治区", "150000"),
        ("Nei Mongol", "150000"),
        ("Shaanxi", "610000"),
        ("Shanxi", "140000"),
        ("Xizang", "540000"),
        ("Tibet", "540000"),
        ("广西", "450000"),
        ("新疆", "650000"),
        ("海南", "460000"),
        ("深圳", "440300"),
        ("Shenzhen", "440300"),
        ("延边", "222400"),
        ("Harbin", "230100"),
        ("haerbin", "230100"),
        ("Xian", "610100"),
        ("仙桃市", "429004"),
        ("石河子", "659001"),
        ("昆山", "320583"),
        ("海淀区", "110108"),
        ("闸北区", "310106"),
        ("310108", "310106"),
        ("崇明县", "310151"),
        ("美国", "US"),
        ("USA", "US"),
        ("United States", "US"),
        ("us", "US"),
        ("英国", "GB"),
        ("UK", "GB"),
        ("Britain", "GB"),
        ("韩国", "KR"),
        ("South Korea", "KR"),
        ("俄罗斯", "RU"),
        ("NA", "NA"),
        ("Namibia", "NA"),
        ("京津冀", "group:jing-jin-ji"),
        ("Yangtze River Delta", "group:yangtze-delta"),
    ],
)
def test_name_leads_to_its_region(name: str, region: str) -> None:
    assert shipped_regions().resolve(name) == region
    assert shipped_regions().find(name) == region


@pytest.mark.parametrize(
    ("name", "level", "within", "region"),
    [
        ("吉林", "province", None, "220000"),
        ("吉林", "city", None, "220200"),
        ("吉林", "city", "220000", "220200"),
        ("北京", None, None, "110000"),
        ("北京市", "city", None, "110100"),
        ("北京", None, "110100", "110000"),
        ("重庆", "province", None, "500000"),
        ("朝阳区", None, "110000", "110105"),
        ("朝阳区", None, "110100", "110105"),
        ("朝阳区", None, "220000", "220104"),
        ("江北区", None, "group:chuan-yu", "500157"),
        ("Suzhou", None, "320000", "320500"),
        ("广东", None, "440000", "440000"),
    ],
)
def test_level_and_place_decide_between_regions(name: str, level: str | None, within: str | None, region: str) -> None:
    assert shipped_regions().resolve(name, level=level, within=within) == region


def test_every_name_leads_to_its_region_or_is_reported_as_ambiguous() -> None:
    regions = shipped_regions()
    owners = defaultdict(set)
    for region in regions:
        for name in (region.id, *region.names):
            owners[name, region.level].add(region.id)
    shared_names = {key for key, found in owners.items() if len(found) > 1}
    for (name, level), found in owners.items():
        if (name, level) in shared_names:
            assert refusal(regions, name, level=level).code == "ambiguous_region"
        else:
            assert regions.resolve(name, level=level) in found
    # among provinces, and between countries, no name is shared at all
    assert {level for _, level in shared_names} == {"city", "district"}
    assert {name for name, level in shared_names if level == "city"} == {
        "Fuzhou",
        "Suzhou",
        "Taizhou",
        "Yichun",
        "Yulin",
    }


def refusal(regions: Regions, name: str, *, level: str | None = None, within: str | None = None) -> Finding:
    assert regions.find(name, level=level, within=within) is None
    with pytest.raises(RegionError) as caught:
        regions.resolve(name, level=level, within=within)
    (finding,) = caught.value.findings
    assert finding.severity == "error"
    assert finding.value == name
    return finding


def test_ambiguous_name_is_refused_with_its_candidates() -> None:
    finding = refusal(shipped_regions(), "吉林")
    assert finding.code == "ambiguous_region"
    assert "Jilin (province, 220000)" in finding.message
    assert "Jilin (city, 220200)" in finding.message


def test_unknown_name_is_refused_with_the_three_nearest_regions() -> None:
    finding = refusal(shipped_regions(), "Shenzen")
    assert finding.code == "unknown_region"
    assert finding.hint is not None
    assert finding.hint.startswith("did you mean Shenzhen (city, 440300) or ")
    assert finding.hint.count(" or ") == 2


def test_region_with_several_near_names_is_named_once() -> None:
    hint = refusal(shipped_regions(), "内蒙古自治").hint or ""
    assert hint.count("Inner Mongolia (province, 150000)") == 1
    assert hint.count(" or ") == 2


def test_nearest_regions_obey_the_restriction() -> None:
    finding = refusal(shipped_regions(), "海定区", within="110000")
    assert finding.hint is not None
    assert "Haidian District (district, 110108)" in finding.hint
    assert "within '110000'" in finding.message


def test_name_of_another_level_says_so() -> None:
    finding = refusal(shipped_regions(), "深圳", level="province")
    assert finding.hint == "'深圳' is Shenzhen (city, 440300)"


def test_unknown_level_place_and_blank_name() -> None:
    regions = shipped_regions()
    assert refusal(regions, "深圳", level="provnce").hint == "did you mean 'province'?"
    assert "no region has the id '44'" in refusal(regions, "深圳", within="44").message
    assert "blank" in refusal(regions, " 　").message
    assert "ecosystem regions list" in (refusal(regions, "????????").hint or "")


def test_unlike_a_municipality_two_regions_of_one_name_stay_ambiguous() -> None:
    state = Region("ny", "New York", "province", code="NY", parent="US")
    city = Region("nyc", "New York", "city", code="NYC", parent="ny")
    regions = Regions([Region("US", "USA", "country"), state, city])
    assert refusal(regions, "New York").code == "ambiguous_region"
    assert ("ny", "nyc") not in regions.closure()


def test_an_id_goes_before_a_name() -> None:
    regions = Regions([Region("a", "b", "city"), Region("b", "a", "city"), Region("A", "c", "city")])
    assert (regions.resolve("a"), regions.resolve("A"), regions.resolve("B")) == ("a", "A", "b")


# ---- records


def test_regions_behave_as_a_read_only_mapping() -> None:
    regions = shipped_regions()
    assert "110000" in regions
    assert "北京市" not in regions
    assert regions["110000"].name == "北京市"
    assert len(list(regions)) == len(regions)
    assert regions.at("nowhere") == ()
    assert shipped_regions() is regions


def test_table_holds_every_region_and_reads_back() -> None:
    regions = shipped_regions()
    table = regions.table()
    assert table.column_names == list(Region.__dataclass_fields__)
    assert table.schema.field("longitude").type == pa.float64()
    assert table.column("id").to_pylist() == [region.id for region in regions]
    assert table.column("members").null_count == len(regions) - 4
    again, findings = read_regions(
        table.cast(pa.schema([(name, pa.string()) for name in table.column_names])), file="r"
    )
    assert findings == []
    assert again is not None
    assert list(again) == list(regions)


# ---- closure


def test_municipality_lies_in_both_its_regions() -> None:
    pairs = set(shipped_regions().closure())
    for province, city in MUNICIPALITIES.items():
        assert {(province, city), (city, province), (province, province), (city, city)} <= pairs
        reach = {above for region, above in pairs if region == city}
        assert reach == {above for region, above in pairs if region == province}
    assert {above for region, above in pairs if region == "110108"} == {
        "110108", "110100", "110000", "CN", "group:jing-jin-ji",
    }  # fmt: skip
    assert {above for region, above in pairs if region == "440300"} == {"440300", "440000", "CN", "group:pearl-delta"}
    assert {above for region, above in pairs if region == "US"} == {"US"}
    assert {above for region, above in pairs if region == "group:chuan-yu"} == {"group:chuan-yu"}


def test_closure_of_a_deep_chain() -> None:
    depth = 1500
    chain = [Region(f"{n:04d}", f"n{n}", "any", parent=f"{n - 1:04d}" if n else None) for n in range(depth)]
    pairs = Regions(reversed(chain)).closure()
    assert len(pairs) == depth * (depth + 1) // 2


@st.composite
def hierarchies(draw: st.DrawFn) -> list[Region]:
    size = draw(st.integers(1, 12))
    regions = []
    for n in range(size):
        parent = draw(st.none() | st.integers(0, n - 1)) if n else None
        regions.append(Region(f"r{n}", f"name {n}", "any", parent=None if parent is None else f"r{parent}"))
    members = st.lists(st.sampled_from([region.id for region in regions]), min_size=1, max_size=4, unique=True)
    for n, group in enumerate(draw(st.lists(members, max_size=3))):
        regions.append(Region(f"g{n}", f"group {n}", "group", members=tuple(group)))
    return draw(st.permutations(regions))


@given(hierarchies())
def test_closure_is_the_reflexive_transitive_closure(regions: list[Region]) -> None:
    pairs = Regions(regions).closure()
    assert pairs == sorted(set(pairs))
    direct = {(region.id, region.parent) for region in regions if region.parent}
    direct |= {(member, region.id) for region in regions for member in region.members}
    brute = direct | {(region.id, region.id) for region in regions}
    while added := {(a, d) for (a, b), (c, d) in itertools.product(brute, brute) if b == c} - brute:
        brute |= added
    assert set(pairs) == brute


# ---- reading


def table_of(*rows: str, columns: str = "id,name,level,parent,members") -> pa.Table:
    """A table of text from CSV-like rows; a blank cell is null."""
    names = columns.split(",")
    cells = [[cell or None for cell in row.split(",")] for row in rows]
    return pa.table({name: pa.array([row[at] for row in cells], pa.string()) for at, name in enumerate(names)})


GOOD = ("CN,China,country,,", "a,A,province,CN,", "b,B,province,CN,", "a1,A1,city,a,", "g,G,group,,a|b")


def found(*rows: str, columns: str = "id,name,level,parent,members") -> list[Finding]:
    regions, findings = read_regions(table_of(*rows, columns=columns), file="regions.csv")
    assert (regions is None) == any(finding.severity == "error" for finding in findings)
    return findings


def test_good_table_is_read() -> None:
    regions, findings = read_regions(table_of(*GOOD), file="regions.csv")
    assert findings == []
    assert regions is not None
    assert regions["g"].members == ("a", "b")
    assert [region.country for region in regions] == ["CN", "CN", "CN", "CN", None]
    assert ("a1", "g") in regions.closure()


@pytest.mark.parametrize(
    ("rows", "code", "place", "words"),
    [
        (("a,A,city,x,",), "unknown_parent", (2, "parent"), "'x'"),
        ((",A,city,,",), "blank_id", (2, "id"), "no id"),
        (("nan,A,city,,",), "blank_id", (2, "id"), "no id"),
        (("NULL,A,city,,",), "blank_id", (2, "id"), "no id"),
        (("a,,city,,",), "blank_name", (2, "name"), "no name"),
        (("a,A,,,",), "blank_level", (2, "level"), "no level"),
        (("a,A,city,,", "b,B,city,,", "a,A,city,,"), "duplicate_id", (4, "id"), "line 2"),
        (("c,C,x,,", "d,D,x,,", "a,A,city,c,", "a,A,city,d,"), "two_parents", (5, "parent"), "'c' in line 4 and 'd'"),
        (("a,A,city,a,",), "region_cycle", (2, "parent"), "a → a"),
        (("z,Z,x,c,", "a,A,x,b,", "b,B,x,c,", "c,C,x,a,"), "region_cycle", (3, "parent"), "a → b → c → a"),
        (("g,G,group,,a|x", "a,A,city,,"), "unknown_member", (2, "members"), "'x'"),
        (("g,G,group,,",), "empty_group", (2, "members"), "no members"),
        (("g,G,group,,a", "h,H,group,,g|a", "a,A,city,,"), "group_of_groups", (3, "members"), "'g'"),
        (("g,G,group,a,a", "a,A,city,,"), "group_parent", (2, "parent"), "has a parent"),
        (("g,G,group,,a", "a,A,city,,", "b,B,city,g,"), "group_as_parent", (4, "parent"), "is a group"),
        (("a,A,city,,b", "b,B,city,,"), "members_of_no_group", (2, "members"), "not a group"),
        (("a,A\x07,city,,",), "control_character", (2, "name"), "control"),
        ((), "no_rows", (1, None), "no regions"),
    ],
)
def test_fault_is_found_in_its_place(
    rows: tuple[str, ...], code: str, place: tuple[int, str | None], words: str
) -> None:
    (finding,) = found(*rows)
    assert (finding.code, finding.file, (finding.row, finding.column)) == (code, "regions.csv", place)
    assert words in finding.message


def test_all_faults_are_found_at_once() -> None:
    findings = found(",A,city,,", "b,,city,,", "c,C,,,", "d,D,city,nowhere,", "e,E,x,f,", "f,F,x,e,", "b,B,city,,")
    assert [finding.code for finding in findings] == [
        "blank_id", "blank_name", "blank_level", "duplicate_id", "unknown_parent", "region_cycle",
    ]  # fmt: skip


def test_missing_and_misspelled_columns() -> None:
    findings = found("a,A,city,", columns="id,name,levle,parnt")
    assert [(finding.code, finding.row, finding.column) for finding in findings] == [
        ("missing_column", 1, None),
        ("misspelled_column", 1, "levle"),
        ("misspelled_column", 1, "parnt"),
    ]
    assert [finding.hint for finding in findings[1:]] == ["did you mean 'level'?", "did you mean 'parent'?"]


def test_column_without_use_is_a_warning() -> None:
    (finding,) = found("a,A,city,100", columns="id,name,level,population")
    assert (finding.severity, finding.code, finding.column) == ("warning", "unused_column", "population")


def test_repeated_column_is_refused() -> None:
    table = pa.Table.from_arrays([pa.array(["a"])] * 4, names=["id", "name", "level", "name"])
    _, findings = read_regions(table, file="regions.csv")
    assert [finding.code for finding in findings] == ["duplicate_column"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("181", "out_of_range"),
        ("-180.5", "out_of_range"),
        ("nan", "not_finite"),
        ("inf", "not_finite"),
        ("east", "not_a_number"),
    ],
)
def test_bad_longitude(cell: str, code: str) -> None:
    (finding,) = found(f"a,A,city,{cell},", columns="id,name,level,longitude,latitude")
    assert (finding.code, finding.row, finding.column, finding.value) == (code, 2, "longitude", cell)


def test_cells_are_trimmed_and_split() -> None:
    columns = "id,name,level,aliases,longitude,latitude"
    regions, findings = read_regions(table_of(" a , A ,city, x |y||x,116.4,39.9", columns=columns), file="r")
    assert findings == []
    assert regions is not None
    assert regions["a"] == Region("a", "A", "city", aliases=("x", "y"), longitude=116.4, latitude=39.9)
    assert regions.resolve("y") == "a"


def test_country_without_a_code_is_its_own_country() -> None:
    rows = ("DE,Germany,country,,", "by,Bayern,land,DE,", "m,München,city,by,")
    regions, _ = read_regions(table_of(*rows, columns="id,name,level,parent,country"), file="r")
    assert regions is not None
    assert [region.country for region in regions] == ["DE", "DE", "DE"]


def test_namibia_is_no_missing_value() -> None:
    regions, findings = read_regions(table_of("NA,Namibia,country", columns="id,name,level"), file="r")
    assert findings == []
    assert regions is not None
    assert regions.resolve("na") == "NA"


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("省", "province"),
        ("省级", "province"),
        ("市", "city"),
        ("国家", "country"),
        ("经济圈", "group"),
        ("city", "city"),
    ],
)
def test_a_level_is_named_in_either_language(word: str, level: str) -> None:
    regions = shipped_regions()
    assert regions.level(word) == level
    assert level_named(word) == level
    assert regions.resolve("吉林", level=regions.level("市")) == "220200"
    assert regions.resolve("吉林", level="市") == "220200"


def test_a_level_of_the_users_own_stays() -> None:
    assert level_named("市", ["市", "省"]) == "市"
    assert level_named("湾区") == "湾区"


@pytest.mark.parametrize("code", ["XK", "ZZ", "UKR", "X"])
def test_nothing_is_near_to_a_short_code(code: str) -> None:
    regions = shipped_regions()
    if regions.find(code) is None:
        finding = refusal(regions, code)
        assert finding.message == f"unknown region {code!r}"
        assert finding.hint == "every name is listed by: ecosystem regions list"


def test_a_hierarchy_in_chinese() -> None:
    columns = {"编号": ["1", "11"], "名称": ["甲国", "乙省"], "层级": ["国家", "省"], "上级": [None, "1"]}
    regions, findings = read_regions(pa.table(columns), file="地区.csv")
    assert findings == []
    assert regions is not None
    assert [region.level for region in regions] == ["country", "province"]


@pytest.mark.parametrize("name", ["深川", "内蒙古自治", "Shenzen", "Beijin", "1101", "110999", "浙江生", "Guangdon"])
def test_a_region_that_a_hint_names_can_be_written(name: str) -> None:
    regions = shipped_regions()
    hint = refusal(regions, name).hint or ""
    for id_ in re.findall(r", ([\w:-]+)\)", hint):
        assert regions.resolve(id_) == id_
