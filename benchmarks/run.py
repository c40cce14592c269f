"""Measure everything and write `results.json` and the table in README.md: `python -m benchmarks.run [--quick]`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.graph import (
    HERE,
    made_up,
    measure_evidence,
    measure_load,
    measure_memory,
    measure_metrics,
    measure_pandas,
)
from benchmarks.timing import medians
from ecosystem.scoring.tables import versions
from ecosystem.store import open_store

BEGIN, END = "<!-- results: written by benchmarks.run -->", "<!-- end of results -->"
PROGRAM = [sys.executable, "-c", "from ecosystem.cli.main import main; main()"]


@dataclass(frozen=True)
class Row:
    """A line of the table: what was measured, against whom, the figure, and the goal that it may not exceed."""

    what: str
    against: str
    figure: float
    unit: str
    goal: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.figure >= self.goal if self.at_least else self.figure <= self.goal


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--links", type=int, default=5_000_000, help="links of the large dataset")
    options.add_argument("--quick", action="store_true", help="a tenth of the size, three repeats: to see that it runs")
    given = options.parse_args()
    links, repeat = (given.links // 10, 3) if given.quick else (given.links, 7)
    with tempfile.TemporaryDirectory() as folder:
        small = measure_size(Path(folder), links // 10, repeat)
        large = measure_size(Path(folder), links, repeat)
        commands = measure_commands(Path(folder), repeat)
    rows = table(small, large, commands)
    results = {
        "machine": {"cores": os.cpu_count(), "system": platform.system(), "processor": platform.machine()},
        "versions": versions(),
        "links": links,
        "small": small,
        "large": large,
        "commands": commands,
        "table": [asdict(row) | {"met": row.met} for row in rows],
    }
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    write_table(rows, links)
    print(markdown(rows))


def measure_size(folder: Path, links: int, repeat: int) -> dict[str, Any]:
    """Every figure of one size."""

    def say(what: str) -> None:
        print(f"{links:,} links: {what}", file=sys.stderr, flush=True)

    say("generate")
    data = made_up(folder, links)
    say("load")
    load, store = measure_load(folder, data, min(repeat, 5))
    say("memory")
    memory = measure_memory(folder, data)
    say("metrics")
    metrics = measure_metrics(store, repeat)
    say("pandas")
    pandas = measure_pandas(store, data, min(repeat, 3))
    say("evidence")
    graph = open_store(store)
    evidence = measure_evidence(graph)
    graph.close()
    return {"load": load, "memory": memory, "metrics": metrics, "pandas": pandas, "evidence": evidence}


def measure_commands(folder: Path, repeat: int) -> dict[str, float]:
    """Seconds of `ecosystem --help`, and of the demo in a new folder."""

    fresh = iter(f"demo-{number}" for number in range(100))

    def run(*words: str) -> object:
        return subprocess.run([*PROGRAM, *words], cwd=folder, capture_output=True, check=True)

    found = medians({"help": lambda: run("--help")}, repeat)
    return found | medians({"demo": lambda: run("demo", next(fresh))}, 3, warm=False)


def table(small: dict[str, Any], large: dict[str, Any], commands: dict[str, float]) -> list[Row]:
    """The figures with their goals."""
    load, memory, pandas, evidence = large["load"], large["memory"], large["pandas"], large["evidence"]
    ours, hand = (sum(times[who] for times in large["metrics"].values()) for who in ("ours", "hand"))
    before = sum(times["ours"] for times in small["metrics"].values())
    bare = load["create_table_as"]
    return [
        Row("load", "DuckDB's CREATE TABLE AS from the same Arrow tables", load["load"] / bare, "times", 1.5),
        Row(
            "read, check and load",
            "the same CREATE TABLE AS",
            (load["read_and_check"] + load["load"]) / bare,
            "times",
            4.0,
        ),
        Row("all 24 metrics, SQL of the tree", "hand-written SQL on the same file", ours / hand, "times", 1.2),
        Row(
            "all 24 value tables",
            "pandas on ids, as the files have them",
            pandas["pandas_ids"] / pandas["ours"],
            "times faster",
            5,
            True,
        ),
        Row(
            "all 24 value tables",
            "pandas on integer codes made beforehand",
            pandas["pandas_codes"] / pandas["ours"],
            "times faster",
        ),
        Row(
            "peak memory of reading and loading",
            "the Arrow tables",
            memory["read_and_load"] / memory["arrow"],
            "times",
            3.0,
        ),
        Row("load, ten times the links", "itself", load["load"] / small["load"]["load"], "times", 11.0),
        Row("metrics, ten times the links", "themselves", ours / before, "times", 11.0),
        Row("load", "", load["load"], "s"),
        Row("all 24 metrics", "", ours, "s"),
        Row("evidence as keys", "", evidence["keys_per_second"] / 1e6, "million rows/s"),
        Row("evidence decoded to ids", "", evidence["decoded_per_second"] / 1e6, "million rows/s"),
        Row("ecosystem demo", "", commands["demo"], "s", 15.0),
        Row("ecosystem --help", "", commands["help"], "s", 0.5),
    ]


def markdown(rows: list[Row]) -> str:
    lines = ["| what | against | figure | goal | |", "|---|---|---:|---:|---|"]
    for row in rows:
        sign = "" if row.goal is None else f"{'≥' if row.at_least else '≤'} {row.goal:g}"
        met = {None: "", True: "met", False: "**missed**"}[row.met]
        lines.append(f"| {row.what} | {row.against} | {row.figure:.2f} {row.unit} | {sign} | {met} |")
    return "\n".join(lines)


def write_table(rows: list[Row], links: int) -> None:
    """Put the table between the marks of README.md; the text around it is written by hand."""
    page = HERE / "README.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    body = f"{BEGIN}\n{links:,} links, {os.cpu_count()} cores.\n\n{markdown(rows)}\n{END}"
    page.write_text(before + body + after, encoding="utf-8")


if __name__ == "__main__":
    main()
