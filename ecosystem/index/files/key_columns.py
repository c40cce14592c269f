"""Which columns of a table of values name the regions and the years: as a person says, else by their headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecosystem.errors import Finding, did_you_mean
from ecosystem.headings import keys_of
from ecosystem.index.spec import TableColumns
from ecosystem.messages import either, tr
from ecosystem.tables.words import is_missing

Cells = Sequence[str | None]

_OF_LONG = ("indicator", "metric", "指标")
LONG = {"region", "indicator", "value"}
REGION = ("region", "ucode", "region_id", "region_code", "unit_code", "地区", "区域", "编号", "代码")
NAME = ("name", "uname", "region_name", "unit_name", "名称", "地区名称")
NAME_ZH, NAME_EN = ("name_zh", "region_zh", "中文名"), ("name_en", "region_en", "英文名")
YEAR = ("year", "time", "年", "年份", "年度", "time_period", "yr")
SERIES = ("indicator", "metric", "variables", "variable", "series", "指标", "变量")
VALUE = ("value", "obs_value", "值", "数值")

_OURS = ("region", "region_zh", "region_en", "name", "name_zh", "name_en", "year", "indicator", "metric", "value")
"""Keys that files of our own have in either language, or in both."""

CODES = (
    "iso3", "iso3c", "iso_3", "iso_alpha_3", "iso_code", "cca3", "iso", "iso2", "iso_2", "country_code", "nuts",
    "nuts_id", "geo", "geoid", "fips", "adcode", "province_code", "city_code", "state_code", "code", "行政区划代码",
    "区划代码", "国家代码",
)  # fmt: skip
"""Headings of codes of regions, folded, the surest first."""

PLACES = (
    "district", "county", "municipality", "区县", "city", "city_name", "城市", "地市", "province", "province_name",
    "prov", "state", "省份", "省", "省市", "country", "country_name", "nation", "economy", "国家", "国家地区", "entity",
    "territory", "area", "location", "place", "name", "名称", "地名", "id",
)  # fmt: skip
"""Headings of names of regions, folded: the smaller places first, since the larger ones repeat beside them."""

_COUNTERS = ("index", "no", "no.", "#", "row", "序号")
_YEAR, _LIKE_A_YEAR = re.compile(r"(\d{1,4})(?:\.0+)?年?"), re.compile(r"[12]\d{3}(?:\.0+)?年?")


@dataclass(frozen=True, slots=True)
class Keys:
    """What the key columns are called in a table: `region` None where none was found, the rest where there is one.

    `guessed`: the region's column by a heading that is not `region` itself. `series`, `value`: those of a long table.
    """

    region: str | None
    year: str | None = None
    name: str | None = None
    zh: str | None = None
    en: str | None = None
    series: str | None = None
    value: str | None = None
    guessed: bool = False

    @property
    def taken(self) -> set[str]:
        """The columns that are no indicators."""
        return {name for name in (self.region, self.year, self.name, self.zh, self.en) if name is not None}


def find_keys(
    texts: Mapping[str, Cells], given: TableColumns, file: str, lines: Sequence[int]
) -> tuple[Keys, list[Finding]]:
    """The key columns of a table, and an error for each that is given and not there, or that does not name its rows.

    What is given counts. A heading that says region counts next, and is asked about where its cells repeat and another
    column tells the rows apart: that may be a continent. Else the first code, then the first name of a place that no
    two rows (of one year) share.
    """
    absent = [
        Finding(
            "error", "no_column", tr("there is no column {name!r}", name=name), file, 1, hint=did_you_mean(name, texts)
        )
        for name in (given.id, given.name, given.year)
        if name is not None and name not in texts
    ]
    if absent:
        return Keys(None), absent
    folded = {fold(name): name for name in reversed([*texts])}

    def first(headings: Sequence[str], *but: str | None) -> str | None:
        return next((folded[one] for one in headings if one in folded and folded[one] not in but), None)

    year = given.year or first(YEAR, given.id, given.name)
    likely = [folded[heading] for heading in (*CODES, *PLACES) if heading in folded and folded[heading] != year]
    said = given.id or first(REGION)
    apart = (name for name in likely if tells_apart(texts, name, year))
    region = said or next(apart, None) or next(iter(likely), None)
    if region is None:
        return Keys(None, year), [_no_region(texts, year, file)]
    series, value = first(SERIES, region, year), first(VALUE, region, year)
    if (
        series
        and value
        and ((fold(series) in _OF_LONG and fold(value) in ("value", "数值")) or not tells_apart(texts, region, year))
    ):
        zh, en = first(NAME_ZH, region), first(NAME_EN, region)
        return Keys(region, year, zh=zh, en=en, series=series, value=value, guessed=said is None), []
    name = given.name or first(NAME, region) or first(PLACES[:-1], region, year) if fold(region) != "name" else None
    keys = Keys(region, year, name, first(NAME_ZH, region), first(NAME_EN, region), guessed=said is None)
    return keys, _asked(texts, keys, file, lines)


def fold(heading: str) -> str:
    """A heading as it is compared: `Country Code` and `country-code` are `country_code`, 地区 / region is `region`."""
    (name,) = keys_of([heading], _OURS)
    return re.sub(r"[\s_-]+", "_", name.strip()).casefold()


def tells_apart(texts: Mapping[str, Cells], name: str, year: str | None) -> bool:
    """True where every row has a cell in the column, and no two rows of one year the same."""
    cells = texts[name]
    rows = list(zip(cells, texts[year] if year is not None else [None] * len(cells), strict=True))
    return all(cell and not is_missing(cell) for cell in cells) and len(set(rows)) == len(rows)


def is_code(heading: str, cells: Cells = ()) -> bool:
    """True for a column of codes of regions, or of numbers of rows: no values, though they look like numbers."""
    if fold(heading) in _COUNTERS and len(cells) > 1:
        first = 0 if cells[0] == "0" else 1
        return all(re.sub(r"\.0+$", "", cell or "") == str(at) for at, cell in enumerate(cells, first))
    return fold(heading) in CODES or fold(heading) == "id"


def years_of(
    cells: Cells | None, lines: Sequence[int], file: str, name: str | None
) -> tuple[list[int | None], list[Finding]]:
    """The years of a column, row by row, None where blank or where there is no column; an error for what is none."""
    years: list[int | None] = []
    findings = []
    for cell, line in zip(cells or [None] * len(lines), lines, strict=True):
        text = cell or ""
        known = _YEAR.fullmatch(text)
        years.append(int(known[1]) if known else None)
        if not known and not is_missing(text):
            hint = tr("write a year as 2022; if this column holds something else, name the column of years with --year")
            findings.append(
                Finding(
                    "error", "bad_year", tr("{cell!r} is not a year", cell=text[:40]), file, line, name, text[:80], hint
                )
            )
    return years, findings


def _asked(texts: Mapping[str, Cells], keys: Keys, file: str, lines: Sequence[int]) -> list[Finding]:
    """An error for a column of regions whose cells repeat, where another column tells the rows apart."""
    region = str(keys.region)
    if tells_apart(texts, region, keys.year) or not all(texts[region]):
        return []
    others = [name for name in texts if name not in (region, keys.year) and _may_name(texts, name)]
    better = [f"--id {_quoted(name)}" for name in others if tells_apart(texts, name, keys.year)]
    if keys.year is None:
        dated = [name for name, cells in texts.items() if all(_LIKE_A_YEAR.fullmatch(cell or "") for cell in cells)]
        better += [f"--year {_quoted(name)}" for name in dated if name != region and tells_apart(texts, region, name)]
    if not better:
        return []
    first: dict[tuple[str | None, str | None], int] = {}
    years = texts[keys.year] if keys.year is not None else [None] * len(lines)
    for cell, year, line in zip(texts[region], years, lines, strict=True):
        if (cell, year) in first:
            message = tr(
                "the column {column!r} does not tell the rows apart: {cell!r} is in lines {first} and {line}",
                column=region,
                cell=(cell or "")[:80],
                first=first[cell, year],
                line=line,
            )
            hint = tr("say which column does: {options}", options=either(better))
            return [Finding("error", "region_repeats", message, file, line, region, (cell or "")[:80], hint)]
        first[cell, year] = line
    return []


def _no_region(texts: Mapping[str, Cells], year: str | None, file: str) -> Finding:
    names = [name for name in texts if name != year and _may_name(texts, name) and tells_apart(texts, name, year)]
    columns = ", ".join([*texts][:8])
    hint = tr(
        "name one column 'region' (or country, city, province, iso3 ...); the columns are {columns}", columns=columns
    )
    if names:
        hint = tr(
            "say which does, e.g. --id {name}, or name one column 'region' (or country, city, province, iso3 ...); "
            "the columns are {columns}",
            name=_quoted(names[0]),
            columns=columns,
        )
    return Finding("error", "missing_column", tr("no column names the region"), file, 1, hint=hint)


def _may_name(texts: Mapping[str, Cells], name: str) -> bool:
    """True for a column of codes, or one in which some cell is no number."""
    return is_code(name) or any(
        cell and not re.fullmatch(r"[-+]?[\d.,]+(?:[eE][-+]?\d+)?%?", cell) for cell in texts[name]
    )


def _quoted(name: str) -> str:
    return f'"{name}"' if re.search(r"[^\w.-]", name) else name
