"""The region at the beginning of a legal name: 深圳市人马互动科技有限公司 is in 深圳."""

from __future__ import annotations

import unicodedata
from functools import cache

from ecosystem.regions import Regions, fold

_SUFFIXES = ("省", "市", "区", "自治州", "盟", "县", "旗")  # not 州: 杭州 is a short name
_NOT_SUFFIXES = ("市场", "区块", "区域")
_LONGEST = 14


def region_of_legal_name(name: str, regions: Regions) -> str | None:
    """The region at the beginning of a legal name, the smallest that is written out.

    A name counts with its suffix 省, 市, 区 ..., or as a province: 深圳市人马互动 is in 深圳, 北京智慧星光 in 北京,
    but 中山大学 is not in 中山.
    """
    rest = unicodedata.normalize("NFKC", name)
    region: str | None = None
    while hit := _longest_prefix(rest, region, regions):
        region, length = hit
        rest = rest[length:]
    return region


def _longest_prefix(text: str, within: str | None, regions: Regions) -> tuple[str, int] | None:
    for length in range(min(len(text), _LONGEST), 1, -1):
        prefix = text[:length]
        if not prefix[0].isalpha() or prefix[0].isascii():
            return None
        if prefix not in _names(regions):
            continue
        region = None
        if prefix.endswith(_SUFFIXES) and text[length - 1 : length + 1] not in _NOT_SUFFIXES:
            region = regions.find(prefix, within=within)
        if region is None and within is None:
            region = regions.find(prefix, level="province")
        if region is not None and region != within:
            return region, length
    return None


@cache
def _names(regions: Regions) -> frozenset[str]:
    return frozenset(fold(name) for region in regions for name in region.names)
