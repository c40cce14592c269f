"""Regions out of places and legal names."""

from __future__ import annotations

import pytest

from ecosystem.imports.language import PlaceSpec
from ecosystem.imports.locations import Location, RegionFinder, find_place
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
    assert "located by its larger part, 台湾省" in part.message
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
