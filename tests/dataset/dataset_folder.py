"""A small dataset without faults, as text, for tests to change one thing in."""

from __future__ import annotations

from pathlib import Path

TABLES = {
    "companies": """
id,name,in_sample,layer,founded_year,valuation_cny_m,patents,listed
c1,甲科技,true,foundation,2015,120.5,3,true
c2,乙智能,,technology,,,0,
c3,丙数据,false,application,2019,8,,false
""",
    "investors": """
id,name
i1,红树资本
i2,蓝海基金
""",
    "universities": """
id,name,papers_intl
u1,东湖大学,12
""",
    "people": """
id,name
p1,张三
""",
    "alliances": """
id,name,year,date
a1,智能联盟,2020,2020-05-06
""",
    "located_in": """
from,to
c1,北京市
c2,Guangdong
c3,310000
i1,北京
i2,US
u1,440300
p1,上海市
a1,110000
""",
    "invested_in": """
from,to,id,year,round_id,round,amount_cny_m,disclosed,date
i1,c1,,2020,r1,A轮,10.5,true,2020-03-04
i2,c1,,2020,r1,A轮,10.5,,2020-03-04
c1,c2,link-7,,r2,天使轮,,false,
""",
    "enables": """
from,to,year,field
c1,c2,2021,vision
c1,c2,2021,vision
u1,c1,,
""",
    "works_for": """
from,to
p1,c1
""",
    "studied_at": """
from,to
p1,u1
""",
    "region_values": """
region,indicator,year,value
北京市,gdp,2022,41610.9
广东,gdp,2022,129118.6
广东,gdp,,1
""",
}
"""Per table its CSV text; it has no findings at all."""


def write_small(folder: Path) -> Path:
    """Write the dataset into `folder`, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, text in TABLES.items():
        (folder / f"{table}.csv").write_text(text.lstrip(), encoding="utf-8")
    return folder


def change(folder: Path, table: str, old: str, new: str) -> None:
    """Replace the one place where `old` stands in a table."""
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {table}"
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


def append(folder: Path, table: str, line: str) -> None:
    """Add a line to a table."""
    with (folder / f"{table}.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(f"{line}\n")
