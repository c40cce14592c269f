"""A second program: the 24 indicators, scores and ranks of a dataset folder, from its CSV files alone, in pandas.

Nothing of the package is used but the path of the printed tables; weights are those of table 2. Written from the
text under table 2 of the report: a count of nothing is 0, a mean of nothing has no score, minimum to maximum becomes
0 to 100, a pillar is the sum of its weighted indicators, a circle that of its provinces.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

PILLARS = {
    "company_capability": (
        "company_count",
        "company_mean_valuation",
        "company_mean_patents",
        "foundation_technology_companies",
        "enablement_links",
    ),
    "academic_ecology": tuple(
        f"{kind}_{what}"
        for kind in ("university", "institute")
        for what in ("count", "mean_papers_domestic", "mean_papers_intl", "mean_patents")
    ),
    "capital_environment": ("financing_links", "financing_amount", "investment_links"),
    "international_openness": ("intl_study", "intl_work", "intl_technology_input", "intl_enablement"),
    "linking_capability": ("conference_count", "alliance_count"),
    "government_responsiveness": ("park_count", "policy_count"),
}
CIRCLES = {
    "group:jing-jin-ji": ("110000", "120000", "130000"),
    "group:yangtze-delta": ("310000", "320000", "330000", "340000"),
    "group:pearl-delta": ("440000",),
    "group:chuan-yu": ("500000", "510000"),
}
COLUMNS = ("jing_jin_ji", "yangtze_delta", "pearl_delta", "chuan_yu")
SAMPLE = ("companies", "investors", "universities", "institutes", "alliances", "conferences", "policies", "parks")
PROVINCES = (
    *("110000", "120000", "130000", "140000", "150000", "210000", "220000", "230000", "310000", "320000", "330000"),
    *("340000", "350000", "360000", "370000", "410000", "420000", "430000", "440000", "450000", "460000", "500000"),
    *("510000", "520000", "530000", "540000", "610000", "620000", "630000", "640000", "650000"),
)
NOT_PROVINCIAL = {"419": "410000", "429": "420000", "469": "460000", "659": "650000"}


@dataclass(frozen=True)
class Files:
    """The tables of a folder that the indicators need, and where every organisation is."""

    nodes: dict[str, pd.DataFrame]
    links: dict[str, pd.DataFrame]
    place: pd.Series[str]

    def without(self, company: str) -> Files:
        """The same without a company and its links."""
        nodes = {**self.nodes, "companies": self.nodes["companies"].query("id != @company")}
        links = {
            name: frame[(frame["from"] != company) & (frame["to"] != company)] for name, frame in self.links.items()
        }
        return replace(self, nodes=nodes, links=links)


def read_files(folder: Path) -> Files:
    """The CSV files of a dataset folder."""
    nodes = {name: _read(folder, name) for name in SAMPLE}
    links = {name: _read(folder, name) for name in ("invested_in", "enables", "works_for", "worked_at", "studied_at")}
    place = _read(folder, "located_in").set_index("from")["to"]
    return Files(nodes, links, place)


def _read(folder: Path, name: str) -> pd.DataFrame:
    text = {"id": "str", "from": "str", "to": "str", "name": "str"}
    return pd.read_csv(folder / f"{name}.csv", dtype=text)


def indicators(files: Files) -> pd.DataFrame:
    """The values: a row per province, a column per indicator."""
    at = files.place
    province = at[at.str.isdigit()].map(lambda code: code[:2] + "0000")
    sample = {name: sampled(frame) for name, frame in files.nodes.items()}
    company = sample["companies"]
    own = set(company["id"])
    abroad = set(at[~at.str.isdigit()].index)
    enables, invested = files.links["enables"], files.links["invested_in"]
    gives, takes = enables[enables["from"].isin(own)], enables[enables["to"].isin(own)]
    funded = invested[invested["to"].isin(own)]
    worth = company["valuation_cny_m"].fillna(company["market_cap_cny_m"])
    found = {
        "company_count": _count(company["id"], province),
        "company_mean_valuation": worth.groupby(company["id"].map(province)).mean(),
        "company_mean_patents": company["patents"].groupby(company["id"].map(province)).mean(),
        "foundation_technology_companies": _count(company.loc[company["layer"] != "application", "id"], province),
        "enablement_links": _count(gives["from"], province),
        "financing_links": _count(funded["from"].index.to_series().map(funded["to"]), province),
        "financing_amount": funded["amount_cny_m"].groupby(funded["to"].map(province)).sum(),
        "investment_links": _count(invested.loc[invested["from"].isin(own), "from"], province),
        "intl_study": _people(files, "studied_at", own, abroad, province),
        "intl_work": _people(files, "worked_at", own, abroad, province),
        "intl_technology_input": _count(takes.loc[takes["from"].isin(abroad), "to"], province),
        "intl_enablement": _count(gives.loc[gives["to"].isin(abroad), "from"], province),
    }
    for kind, table in (("university", "universities"), ("institute", "institutes")):
        frame = sample[table]
        found[f"{kind}_count"] = _count(frame["id"], province)
        for what in ("papers_domestic", "papers_intl", "patents"):
            found[f"{kind}_mean_{what}"] = frame[what].groupby(frame["id"].map(province)).mean()
    for kind, table in (
        ("conference", "conferences"),
        ("alliance", "alliances"),
        ("park", "parks"),
        ("policy", "policies"),
    ):
        found[f"{kind}_count"] = _count(sample[table]["id"], province)
    values = pd.DataFrame(found).reindex(list(PROVINCES))
    counts = [code for code in found if "_mean_" not in code]
    return values.fillna(dict.fromkeys(counts, 0.0))


def sampled(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that belong to the sample: blank means true."""
    return frame[frame["in_sample"].fillna(True).astype(bool)] if "in_sample" in frame else frame


def _count(ids: pd.Series[str], province: pd.Series[str]) -> pd.Series[int]:
    return ids.map(province).value_counts()


def _people(files: Files, link: str, own: set[str], abroad: set[str], province: pd.Series[str]) -> pd.Series[int]:
    went = set(files.links[link].loc[files.links[link]["to"].isin(abroad), "from"])
    works = files.links["works_for"]
    here = works[works["from"].isin(went) & works["to"].isin(own)]
    return here.assign(province=here["to"].map(province)).groupby("province")["from"].nunique()


def reproduced(files: Files, published: Path) -> dict[str, tuple[int, int]]:
    """How many printed figures the values give, and how many there are, by kind."""
    values = indicators(files)
    weights = pd.read_csv(published / "table_02_weights.csv").set_index("code")["weight"]
    scaled = (values - values.min()) / (values.max() - values.min()) * 100
    points = scaled.fillna(0.0) * weights.reindex(values.columns)
    scores = pd.DataFrame({pillar: points[list(leaves)].sum(axis=1) for pillar, leaves in PILLARS.items()})
    scores["overall"] = scores.sum(axis=1)
    circles = pd.DataFrame({circle: scores.loc[list(members)].sum() for circle, members in CIRCLES.items()}).T
    parts = pd.DataFrame({circle: points.loc[list(members)].sum() for circle, members in CIRCLES.items()})
    found: dict[str, list[bool]] = {"overall": [], "pillar": [], "rank": [], "circle": [], "circle rank": []}
    codes = [*PILLARS, "overall"]
    for row in _rows(published, "text_scores"):
        if row["level"] == "province":
            kind, of = "overall" if row["code"] == "overall" else "pillar", scores[row["code"]]
            found[kind].append(_rounds(of[row["region"]], row["score"]))
            found["rank"].append(_rank(of, row["region"]) == int(row["rank"]))
    for row in _rows(published, "table_04_provinces"):
        found["rank"] += [_rank(scores[code], row["region"]) == int(row[f"{code}_2023"]) for code in codes]
    for row in _rows(published, "table_05_circles"):
        found["circle"] += [_rounds(circles[code][row["region"]], row[f"{code}_score"]) for code in codes]
        found["circle rank"] += [_rank(circles[code], row["region"]) == int(row[f"{code}_rank"]) for code in codes]
    for row in _rows(published, "tables_06_12_circle_ranks"):
        of = parts.T[row["code"]]
        found["circle rank"] += [
            _rank(of, circle) == int(row[each]) for circle, each in zip(CIRCLES, COLUMNS, strict=True)
        ]
    sizes = pd.read_csv(published / "table_01_sample.csv").set_index("code")["count_2023"]
    found["sample"] = [len(sampled(files.nodes[name])) == sizes[name] for name in SAMPLE]
    return {kind: (int(np.sum(met)), len(met)) for kind, met in found.items()}


def _rows(published: Path, table: str) -> list[dict[str, str]]:
    with (published / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _rounds(value: float, printed: str) -> bool:
    return abs(value - float(printed)) <= 0.005 + 1e-9


def _rank(scores: pd.Series[float], region: str) -> int:
    return 1 + int((scores > scores[region] + 1e-9).sum())
