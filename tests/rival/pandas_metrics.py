"""The 24 CINGAI metrics in pandas, from a dataset folder alone: a second program, and the rival in the benchmark.

`tables` reads the files and codes the ids as integers, once; `measure` merges and groups them for a level and a window.
It imports nothing of the package.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from pandas_regions import NOWHERE, REGION_COLUMNS, countries, fold, lookup, within

SHIPPED_REGIONS = Path(__file__).parents[2] / "data" / "regions" / "regions"

NUMBER = "float64"
BODY = dict.fromkeys(("founded_year", "papers_domestic", "papers_intl", "patents"), NUMBER)
NODES: dict[str, dict[str, str]] = {
    "companies": dict.fromkeys(("founded_year", "valuation_cny_m", "market_cap_cny_m", "patents"), NUMBER)
    | {"layer": "str"},
    "investors": {},
    "universities": BODY,
    "institutes": BODY,
    "alliances": {"year": NUMBER},
    "conferences": {"year": NUMBER},
    "parks": {"year": NUMBER},
    "policies": {"year": NUMBER},
    "people": {},
}
LINKS: dict[str, dict[str, str]] = {
    "enables": {"year": NUMBER},
    "invested_in": {"year": NUMBER, "amount_cny_m": NUMBER, "disclosed": "str"},
    "works_for": {},
    "worked_at": {},
    "studied_at": {},
}

Frames = dict[str, pd.DataFrame]
Window = tuple[int | None, int | None]


def tables(folder: Path, *, coded: bool = True) -> Frames:
    """The dataset with integer keys: a node is its position over all node tables, a region that in the hierarchy.

    Without `coded` the ids of the files stay the keys of the nodes: quicker to read, and slower in every merge.
    Node tables have `node`, `in_sample` and properties; link tables `src`, `dst` and properties; `located_in` has
    `node`, `place`; `within` has `place`, `home`; `regions` has `id`, `level`, `country` among others.
    """
    regions = _read(folder / "regions", REGION_COLUMNS)
    if regions.empty:
        regions = _read(SHIPPED_REGIONS, REGION_COLUMNS)
    regions["country"] = countries(regions)
    files = {name: _read(folder / name, {"id": "str", "in_sample": "str"} | columns) for name, columns in NODES.items()}
    keys = pd.Index(pd.concat([file["id"] for file in files.values()])) if coded else None
    frames = {"regions": regions, "within": within(regions), "located_in": _located(folder, regions, keys)}
    for name, file in files.items():
        frames[name] = _keyed(file.assign(node=file["id"], in_sample=_truth(file["in_sample"])), ["node"], keys)
    for name, columns in LINKS.items():
        frames[name] = _links(_read(folder / name, {"from": "str", "to": "str"} | columns), keys)
    return frames


def measure(
    frames: Frames, level: str = "province", since: int | None = None, until: int | None = None
) -> pd.DataFrame:
    """Columns metric, region, value: all 24 metrics for each region of the level.

    A count or sum of nothing is 0, a mean of nothing is NaN.
    """
    window, homes = (since, until), _homes(frames, level)
    companies = _placed(frames["companies"], homes)
    found = (
        _companies(_stock(companies, "founded_year", window))
        | _bodies(_placed(frames["universities"], homes), "university", window)
        | _bodies(_placed(frames["institutes"], homes), "institute", window)
        | _company_links(frames, companies[["node", "home"]], window)
        | _openness(frames, companies[["node", "home", "home_country"]], window)
        | {
            "conference_count": _flow(_placed(frames["conferences"], homes), "year", window).groupby("home").size(),
            "alliance_count": _stock(_placed(frames["alliances"], homes), "year", window).groupby("home").size(),
            "park_count": _stock(_placed(frames["parks"], homes), "year", window).groupby("home").size(),
            "policy_count": _flow(_placed(frames["policies"], homes), "year", window).groupby("home").size(),
        }
    )
    regions = frames["regions"].loc[frames["regions"]["level"] == level, "id"]
    wide = pd.DataFrame({name: series.astype(NUMBER) for name, series in found.items()}, index=regions.index)
    wide = wide.fillna({name: 0.0 for name in wide if "_mean_" not in name}).set_axis(regions, axis="index")
    return wide.rename_axis(index="region", columns="metric").unstack().rename("value").reset_index()


def _companies(companies: pd.DataFrame) -> dict[str, pd.Series]:
    valuation = companies["valuation_cny_m"].fillna(companies["market_cap_cny_m"])
    basic = companies[companies["layer"].isin(["foundation", "technology"])]
    return {
        "company_count": companies.groupby("home").size(),
        "company_mean_valuation": valuation.groupby(companies["home"]).mean(),
        "company_mean_patents": companies.groupby("home")["patents"].mean(),
        "foundation_technology_companies": basic.groupby("home").size(),
    }


def _bodies(bodies: pd.DataFrame, name: str, window: Window) -> dict[str, pd.Series]:
    """The four metrics of universities or of institutes."""
    by_home = _stock(bodies, "founded_year", window).groupby("home")
    means = {
        f"{name}_mean_{column}": by_home[column].mean() for column in ("papers_domestic", "papers_intl", "patents")
    }
    return {f"{name}_count": by_home.size()} | means


def _company_links(frames: Frames, companies: pd.DataFrame, window: Window) -> dict[str, pd.Series]:
    """The links of the companies of the sample."""
    enables = _flow(frames["enables"], "year", window)
    invested = _flow(frames["invested_in"], "year", window)
    into_company = invested[invested["dst"].isin(frames["companies"]["node"])]
    financing = invested.merge(companies, left_on="dst", right_on="node")
    return {
        "enablement_links": enables.merge(companies, left_on="src", right_on="node").groupby("home").size(),
        "financing_links": financing[financing["disclosed"]].groupby("home").size(),
        "financing_amount": financing.groupby("home")["amount_cny_m"].sum(),
        "investment_links": into_company.merge(companies, left_on="src", right_on="node").groupby("home").size(),
    }


def _openness(frames: Frames, companies: pd.DataFrame, window: Window) -> dict[str, pd.Series]:
    """The links of companies of the sample, and of their people, with organisations in another country."""
    enables = _flow(frames["enables"], "year", window)
    people = frames["people"]
    works = frames["works_for"].merge(people.loc[people["in_sample"], ["node"]], left_on="src", right_on="node")
    posts = works[["src", "dst"]].merge(companies, left_on="dst", right_on="node")[["src", "home", "home_country"]]
    country = frames["located_in"].join(frames["regions"]["country"], on="place")[["node", "country"]].dropna()
    to_company = enables.merge(companies, left_on="dst", right_on="node").drop(columns="node")
    from_company = enables.merge(companies, left_on="src", right_on="node").drop(columns="node")
    return {
        "intl_study": _abroad(posts.merge(frames["studied_at"], on="src"), "dst", country)["src"].nunique(),
        "intl_work": _abroad(posts.merge(frames["worked_at"], on="src"), "dst", country)["src"].nunique(),
        "intl_technology_input": _abroad(to_company, "src", country).size(),
        "intl_enablement": _abroad(from_company, "dst", country).size(),
    }


def _abroad(links: pd.DataFrame, far: str, country: pd.DataFrame) -> pd.api.typing.DataFrameGroupBy:
    """The links whose `far` end lies in a known country other than that of the home region, by home region."""
    located = links.dropna(subset="home_country").merge(country, left_on=far, right_on="node")
    return located[located["country"] != located["home_country"]].groupby("home")


def _homes(frames: Frames, level: str) -> pd.DataFrame:
    """Columns node, home, home_country: the regions of the level that each node lies in."""
    regions = frames["regions"]
    of_level = regions.loc[regions["level"] == level, "country"].rename("home_country")
    reached = frames["within"].join(of_level, on="home", how="inner")
    return frames["located_in"].merge(reached, on="place").drop(columns="place")


def _placed(nodes: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    """The nodes of the sample with each home region."""
    return nodes[nodes["in_sample"]].merge(homes, on="node")


def _flow(frame: pd.DataFrame, column: str, window: Window) -> pd.DataFrame:
    """The rows dated inside the window; without a window all."""
    since, until = window
    if since is None and until is None:
        return frame
    return frame[frame[column].between(-np.inf if since is None else since, np.inf if until is None else until)]


def _stock(frame: pd.DataFrame, column: str, window: Window) -> pd.DataFrame:
    """The rows dated up to the end of the window, and the undated."""
    _, until = window
    return frame if until is None else frame[~(frame[column] > until)]


def _read(stem: Path, columns: dict[str, str]) -> pd.DataFrame:
    """The columns of `stem.csv` or `stem.parquet`, blank where the file or a column is absent."""
    text, binary = stem.with_suffix(".csv"), stem.with_suffix(".parquet")
    if text.exists():
        blank = {"keep_default_na": False, "na_values": [""]}  # "NA" is Namibia
        frame = pd.read_csv(text, usecols=lambda name: name in columns, dtype=columns, encoding="utf-8-sig", **blank)
    else:
        frame = pd.read_parquet(binary) if binary.exists() else pd.DataFrame()
    return frame.reindex(columns=list(columns)).astype({c: t for c, t in columns.items() if t == NUMBER})


def _truth(column: pd.Series) -> pd.Series:
    """Booleans out of true/false, 1/0, yes/no, 是/否; blank is true."""
    return ~column.astype("str").str.strip().str.lower().isin(["false", "0", "0.0", "no", "否"])


def _keyed(frame: pd.DataFrame, columns: list[str], keys: pd.Index | None) -> pd.DataFrame:
    """The rows whose ids in these columns are known, with their positions; with no keys the frame as it is."""
    if keys is None:
        return frame
    coded = frame.assign(**{column: keys.get_indexer(frame[column]) for column in columns})
    return coded[(coded[columns] != NOWHERE).all(axis="columns")]


def _links(frame: pd.DataFrame, keys: pd.Index | None) -> pd.DataFrame:
    """The links between known nodes."""
    coded = _keyed(frame.rename(columns={"from": "src", "to": "dst"}), ["src", "dst"], keys)
    return coded.assign(disclosed=_truth(coded["disclosed"])) if "disclosed" in coded else coded


def _located(folder: Path, regions: pd.DataFrame, keys: pd.Index | None) -> pd.DataFrame:
    """Columns node, place: the region that a node is located in."""
    located = _read(folder / "located_in", {"from": "str", "to": "str"}).drop_duplicates("from")
    position = lookup(regions)
    names = {name: position.get(fold(name), NOWHERE) for name in located["to"].dropna().unique()}
    known = located.assign(place=located["to"].map(names).fillna(NOWHERE).astype("int64"), node=located["from"])
    return _keyed(known.loc[known["place"] != NOWHERE, ["node", "place"]], ["node"], keys)
