"""All Chinese sources as one dataset: counts, money, provenance, bytes; beside what pandas finds in the raw files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from exports import every_byte

from ecosystem.dataset import read_dataset

pytestmark = pytest.mark.long  # two imports of all sources, a minute together

SOURCES = {
    "itjuzi_ai": "itjuzi_ai",
    "aiia": "aiia",
    "universities_gbk": "universities_gbk.csv",
    "ror_china": "ror_china.csv",
    "ccf_conference_editions": "ccf_conference_editions.csv",
    "cn_ai_policies": "cn_ai_policies.csv",
    "province_tech": "province_tech",
    "cn_pevc": "cn_pevc",
}
NOT_FINANCING = {"新三板挂牌", "IPO", "上市（非IPO）", "并购", "股权转让", "私有化", "债权融资", "未披露", "不明确"}
IMPORT_ALL = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from typing import Any
from ecosystem.imports import import_source, source_contents
from ecosystem.index import load_index
from ecosystem.metrics import load_metrics
from ecosystem.metrics.metric_check import unfed
real, out = Path(sys.argv[1]), Path(sys.argv[2])
metrics, told = load_metrics(), {}
CINGAI = sorted(leaf.source.name for leaf in load_index("cingai-2023").leaves)
for source, place in json.loads(sys.argv[3]).items():
    report = import_source(source, real / place, out)
    held = source_contents(out, source, "province")
    told[source] = {
        "files": [asdict(count) for count in report.files],
        "flows": [asdict(flow) for flow in report.flows],
        "feeds": [name for name in CINGAI if unfed(metrics[name], held) is None],
        "giants": [str(finding) for finding in report.findings if finding.code == "giant_node"],
    }
print(json.dumps(told))
"""

Told = dict[str, dict[str, list[Any]]]


@pytest.fixture(scope="module")
def imports(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Told]:
    """Two folders, imported by two processes that hash texts differently; what the first said."""
    home, real = tmp_path_factory.mktemp("china"), shared / "data" / "real"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", IMPORT_ALL, str(real), str(home / seed / "china-ai"), json.dumps(SOURCES)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    said = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    return home / "1" / "china-ai", home / "2" / "china-ai", json.loads(said[0])


@pytest.fixture(scope="module")
def folder(imports: tuple[Path, Path, Told]) -> Path:
    return imports[0]


@pytest.fixture(scope="module")
def told(imports: tuple[Path, Path, Told]) -> Told:
    return imports[2]


def rows(folder: Path, table: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{table}.csv", dtype=str, encoding="utf-8-sig")


@pytest.mark.long
def test_twice_the_same_bytes(imports: tuple[Path, Path, Told]) -> None:
    assert every_byte(imports[0]) == every_byte(imports[1])


def test_the_result_is_clean(folder: Path) -> None:
    reading = read_dataset(folder)
    assert reading.clean
    assert reading.dataset.nodes["Company"].num_rows == len(rows(folder, "companies"))


def test_rows_in_are_rows_out(folder: Path, told: Told, shared: Path) -> None:
    """The rows of the raw files counted by pandas; the rows of the tables counted in the CSV files."""
    files = {count["file"]: count for said in told.values() for count in said["files"]}
    exports: dict[str, dict[str, Any]] = {
        "cn_pevc/events.csv.gz": {},
        "itjuzi_ai/companies_and_rounds.csv": {},
        "ccf_conference_editions.csv": {},
        "universities_gbk.csv": {"encoding": "gbk", "header": None, "names": list("abcde")},
        "ror_china.csv": {},
        "cn_ai_policies.csv": {},
    }
    for name, options in exports.items():
        raw = pd.read_csv(shared / "data" / "real" / name, dtype=str, keep_default_na=False, **options)
        count = files[name.rpartition("/")[2]]
        assert count["rows"] == len(raw), name
        assert count["rows"] == count["used"] + count["skipped"] + count["quarantined"], name
    for flow in told["cn_pevc"]["flows"]:
        assert flow["rows"] == flow["out"] + flow["quarantined"] + flow["merged"]
        assert flow["out"] == len(rows(folder, flow["table"]))


def test_money_counts_once(folder: Path, shared: Path) -> None:
    """What a company got is the sum over its distinct rounds, and that is what the raw amounts say, read by pandas.

    The second program reads only plain amounts (500万人民币), so it looks at the companies that have no others.
    """
    links = rows(folder, "invested_in").astype({"amount_cny_m": float, "round_amount_cny_m": float})
    by_links = links.groupby("to")["amount_cny_m"].sum()
    rounds = links.drop_duplicates(["to", "round_id"])
    by_rounds = rounds.groupby("to")["round_amount_cny_m"].sum()
    pd.testing.assert_series_equal(by_links, by_rounds, check_names=False, rtol=1e-9)

    raw = pd.read_csv(shared / "data" / "real" / "cn_pevc" / "events.csv.gz", dtype=str, keep_default_na=False)
    taken = set(rounds["round_id"])
    raw = raw[("pevc-" + raw["event_id"]).isin(taken) & ~raw["series"].isin(NOT_FINANCING)]
    parts = raw["amount"].str.extract(r"^([0-9.]+)(万|亿)(?:人民币|元)$")
    raw["plain"] = pd.to_numeric(parts[0]) * parts[1].map({"万": 0.01, "亿": 100.0})
    unknown = raw["amount"].isin({"未披露", "未透露", "未公开"})
    # an event that stands there twice has the first amount that is told; one that is not plain spoils its company
    raw["order"] = unknown.astype(int)
    raw.loc[unknown, "plain"] = 0.0
    raw = raw.sort_values("order", kind="stable").drop_duplicates("event_id")
    plain = raw.groupby("investee_id")["plain"].agg(lambda column: column.sum(skipna=False)).dropna()
    plain.index = "pevc-" + plain.index
    # only companies of this source alone: another may tell rounds, or amounts that this one does not know
    own = links[links["round_id"].str.startswith("pevc-")].groupby("to")["to"].size()
    alone = own[own == links.groupby("to").size().reindex(own.index)].index
    pairs = rows(folder, "merges").query("merged == 'yes'")
    again = {*pairs["id_a"], *pairs["id_b"]}
    compared = [key for key in plain.index.intersection(alone) if key not in again]
    assert len(compared) > 8_000
    pd.testing.assert_series_equal(by_links[compared], plain[compared], check_names=False, rtol=1e-9)


def test_nobody_has_a_twentieth_of_all_links_without_being_named(folder: Path, told: Told) -> None:
    """The alliance has, as long as few other links are there; then the import names it."""
    links = pd.concat([rows(folder, name)[["from", "to"]] for name in ("invested_in", "member_of")])
    assert pd.concat([links["from"], links["to"]]).value_counts().iloc[0] < len(links) / 20
    assert told["cn_pevc"]["giants"] == told["itjuzi_ai"]["giants"] == []
    (named,) = told["aiia"]["giants"]
    assert "中国人工智能产业发展联盟 has 549 of" in str(named)


def test_every_node_and_link_knows_its_lines(folder: Path, shared: Path) -> None:
    origins = pq.read_table(folder / "origins.parquet").to_pandas()
    for table in ("companies", "investors", "universities", "conferences", "policies", "invested_in", "member_of"):
        ids = set(rows(folder, table)["id"])
        assert set(origins[origins["table"] == table]["id"]) == ids, table
    raw = (shared / "data" / "real" / "ccf_conference_editions.csv").read_text(encoding="utf-8").splitlines()
    conferences = rows(folder, "conferences").set_index("id")["name"]
    told = origins[origins["table"] == "conferences"]
    for key, line in zip(told["id"], told["line"], strict=True):
        assert conferences[key].split()[0] in raw[line - 1]


def test_what_each_source_feeds(told: Told) -> None:
    assert {source: said["feeds"] for source, said in told.items()} == {
        "itjuzi_ai": [
            "company_count",
            "company_mean_valuation",
            "financing_amount",
            "financing_links",
            "investment_links",
        ],
        "aiia": ["alliance_count", "company_count", "institute_count", "university_count"],
        "universities_gbk": [],
        "ror_china": [],
        "ccf_conference_editions": ["conference_count"],
        "cn_ai_policies": [],
        "province_tech": [],
        "cn_pevc": ["company_count", "financing_amount", "financing_links", "foundation_technology_companies"],
    }
