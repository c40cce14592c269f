"""Regions out of places and legal names."""

from __future__ import annotations

import pytest

from ecosystem.imports.locations import Location, RegionFinder, find_place
from ecosystem.imports.place_language import PlaceSpec
from ecosystem.regions import shipped_regions

CONTINENTS = ["北美洲", "欧洲", "亚洲"]


def place(**keys: object) -> PlaceSpec:
    return PlaceSpec.model_validate(keys)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("广东-深圳", Location("440300")),
        ("北京-海淀区", Location("110108")),
        ("上海-浦东新区", Location("310115")),
        ("上海-闸北区", Location("310106")),
        ("吉林-长春", Location("220100")),
        ("海南-海口", Location("460100")),
        ("广东", Location("440000")),
        ("北美洲-美国", Location("US")),
        ("欧洲-俄罗斯", Location("RU")),
        ("亚洲-以色列", Location("IL")),
        ("台湾-台北市", Location("710000", ("台北市",))),
        ("香港-中西区", Location("810000", ("中西区",))),
        ("广东-成都", Location("440000", ("成都",))),
        ("乌有洲-企鹅岛", Location(None, ("乌有洲",))),
        ("亚洲-企鹅岛", Location(None, ("企鹅岛",))),
        ("吉林", Location(None, ("吉林",))),
        ("亚洲", Location(None)),
        ("", Location(None)),
    ],
)
def test_a_part_is_looked_up_inside_the_part_before_it(text: str, expected: Location) -> None:
    assert find_place(place(column="地点", split="-", skip=CONTINENTS), [text], shipped_regions()) == expected


@pytest.mark.parametrize(
    ("cells", "region"),
    [
        (["浙江省", "杭州市"], "330100"),
        (["吉林", "吉林"], "220200"),
        (["吉林", ""], "220000"),
        (["", "杭州"], "330100"),
        (["", ""], None),
    ],
)
def test_several_columns(cells: list[str], region: str | None) -> None:
    assert find_place(place(columns=["省", "市"]), cells, shipped_regions()).region == region


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("深圳市人马互动科技有限公司", "440300"),
        ("北京智慧星光信息技术有限公司", "110000"),
        ("北京市海淀区某某研究所", "110108"),
        ("广东省深圳市南山区某某公司", "440305"),
        ("内蒙古大学", "150000"),
        ("四川省有色科技集团有限责任公司", "510000"),
        ("吉林大学", "220000"),
        ("吉林市某某公司", "220200"),
        ("中山大学", None),
        ("中山市某某公司", "442000"),
        ("中山市场研究公司", None),
        ("南京大学", None),
        ("阳光电源股份有限公司", None),
        ("京东方科技集团股份有限公司", None),
        ("Beijing Foo Ltd", None),
        ("朝阳区某某公司", None),
        ("杭州某某公司", None),
        ("延边朝鲜族自治州某某公司", "222400"),
        ("", None),
    ],
)
def test_the_beginning_of_a_legal_name_counts_only_when_it_is_written_out(name: str, region: str | None) -> None:
    assert find_place(place(prefix_of="名称"), [name], shipped_regions()).region == region


def test_places_that_are_not_known_are_found_once_each_with_their_count() -> None:
    places = RegionFinder(shipped_regions())
    spec = [place(column="地点", split="-")]
    found = []
    for line, text in enumerate(["台湾-台北市", "广东-深圳", "台湾-台北市", "乌有-乡"], start=2):
        region, doubts = places.locate(spec, {"地点": text}, "list.csv", line)
        found.append(region)
        for seen in doubts:
            seen.count += 1
    assert found == ["710000", "440300", "710000", None]
    part, whole = places.findings()
    assert (part.severity, part.code, part.row, part.column) == ("warning", "place_part_unknown", 2, "地点")
    assert "located by its larger part, Taiwan" in part.message
    assert "(2 rows)" in part.message
    assert (whole.severity, whole.code, whole.row, whole.value) == ("warning", "place_unknown", 5, "乌有-乡")
    assert whole.hint


def test_the_first_place_that_leads_somewhere_is_taken() -> None:
    places = RegionFinder(shipped_regions())
    spec = [place(column="city"), place(prefix_of="name")]
    assert places.locate(spec, {"city": "杭州", "name": "深圳市甲公司"}, "x.csv", 2)[0] == "330100"
    assert places.locate(spec, {"city": "乌有", "name": "深圳市甲公司"}, "x.csv", 3)[0] == "440300"
    assert places.findings() == []
    assert places.locate(spec, {"city": "乌有", "name": "甲公司"}, "x.csv", 4)[0] is None
    assert [finding.code for finding in places.findings()] == ["place_unknown"]


@pytest.mark.parametrize("text", ["CA", "GA", "IN", "DE", "Georgia"])
@pytest.mark.parametrize("keys", [{"level": "province"}, {"level": "city"}, {"level": "province", "strict": True}, {}])
def test_a_state_is_no_country_of_that_name(text: str, keys: dict[str, object]) -> None:
    assert find_place(place(columns=["state"], **keys), [text], shipped_regions()).region is None


@pytest.mark.parametrize(
    ("keys", "text", "region"),
    [
        ({"column": "country"}, "CA", "CA"),
        ({"column": "state", "level": "country"}, "CA", "CA"),
        ({"column": "state", "level": "province", "spelled": {"All": "CN"}}, "All", "CN"),
        ({"column": "省", "level": "province"}, "美国", "US"),
        ({"column": "where"}, "Georgia", "GE"),
        ({"column": "place", "level": "country"}, "广东", "440000"),
        ({"column": "place", "level": "country", "strict": True}, "广东", None),
        ({"column": "place", "level": "city", "strict": True}, "杭州", "330100"),
        ({"column": "place", "within": "CN"}, "杭州", "330100"),
        ({"column": "place", "within": "US"}, "CN", "US"),
        ({"column": "place", "within": "nowhere"}, "CN", None),
    ],
)
def test_what_the_mapping_says_of_a_level(keys: dict[str, object], text: str, region: str | None) -> None:
    assert find_place(place(**keys), [text], shipped_regions()).region == region


def test_states_of_one_country_are_made_in_it() -> None:
    spec = place(columns=["state", "city"], within="US", make=["state", "city"])
    found = find_place(spec, ["GA", "Atlanta"], shipped_regions())
    assert [(region.name, region.level, region.parent, region.country) for region in found.made] == [
        ("GA", "state", "US", "US"),
        ("Atlanta", "city", "US/state:ga", "US"),
    ]
    assert (found.region, found.unknown) == ("US/state:ga/atlanta", ())


@pytest.mark.parametrize(
    ("cells", "make", "levels", "unknown"),
    [
        (["US", "California", "San Jose"], "city", ["province", "city"], ()),
        (["US", "California", ""], "city", ["province"], ()),
        (["US", "", "San Jose"], "city", ["city"], ()),
        (["CN", "浙江", "Newtown"], "city", ["city"], ()),
        (["CN", "Nowhere", "杭州"], "city", [], ("Nowhere",)),
        (["US", "California", "San Jose"], "parish", ["parish"], ("California",)),
        (["US", "California", "San Jose"], ["state", "parish"], ["state", "parish"], ()),
    ],
)
def test_unknown_parts_are_made_one_in_the_other(
    cells: list[str], make: object, levels: list[str], unknown: tuple[str, ...]
) -> None:
    found = find_place(place(columns=["country", "state", "city"], make=make), cells, shipped_regions())
    assert ([region.level for region in found.made], found.unknown) == (levels, unknown)
    if found.made:
        assert found.region == found.made[-1].id


def test_a_state_and_a_city_of_one_name_are_two_regions() -> None:
    spec = place(columns=["country", "state", "city"], make="city")
    state = find_place(spec, ["US", "New York", ""], shipped_regions())
    city = find_place(spec, ["US", "", "New York"], shipped_regions())
    assert state.region != city.region


def test_codes_read_as_countries_are_told_once_a_column() -> None:
    places = RegionFinder(shipped_regions())
    spec = [place(column="where")]
    for line, text in enumerate(["CA", "GA", "CA", "Norway", "Georgia"], start=2):
        _, doubts = places.locate(spec, {"where": text}, "list.csv", line)
        for doubt in doubts:
            doubt.count += 1
    (finding,) = places.findings()
    assert (finding.code, finding.row, finding.column) == ("read_as_country", 2, "where")
    assert "CA is Canada, GA is Gabon, Georgia is Georgia (4 rows)" in finding.message


def test_a_part_that_stays_unknown_in_a_region_that_was_made_is_told() -> None:
    places = RegionFinder(shipped_regions())
    spec = [place(columns=["country", "state", "city"], make="parish")]
    cells = {"country": "US", "state": "California", "city": "San Jose"}
    assert places.locate(spec, cells, "list.csv", 2)[0] == "US/san jose"
    (finding,) = places.findings()
    assert "located by its larger part, San Jose: 'California' is not known" in finding.message


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"value": "US", "strict": True}, "go with column or columns"),
        ({"column": "x", "strict": True}, "strict needs a level"),
        ({"column": "x", "within": "US", "level": "city"}, "has level and within"),
    ],
)
def test_what_makes_no_sense_of_a_place(keys: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        place(**keys)


@pytest.mark.parametrize(
    ("cells", "levels", "unknown"),
    [
        (["US", "California", "San Jose"], ["state", "metro"], ()),
        (["CN", "浙江", "Newtown"], ["metro"], ()),
        (["US", "", "San Jose"], ["metro"], ()),
    ],
)
def test_parts_with_a_stated_level_are_made_of_that(
    cells: list[str], levels: list[str], unknown: tuple[str, ...]
) -> None:
    spec = place(columns=["country", "state", "metro"], level=["country", "state", "metro"], make=["state", "metro"])
    found = find_place(spec, cells, shipped_regions())
    assert ([region.level for region in found.made], found.unknown) == (levels, unknown)


def test_nothing_is_made_below_a_part_of_a_stated_level_that_is_not_known() -> None:
    spec = place(columns=["country", "state", "metro"], level=["country", "state", "metro"], make="metro")
    found = find_place(spec, ["US", "California", "San Jose"], shipped_regions())
    assert (found.region, found.unknown, found.made) == ("US", (), ())
