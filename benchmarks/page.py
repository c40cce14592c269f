"""The tables of README.md, out of the results: figures with their goals, and each metric beside its rival."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.draws import ALONE, FEW

PAGE = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- results: written by benchmarks.run -->", "<!-- end of results -->"


@dataclass(frozen=True, slots=True)
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
        """Whether the goal is met; None without one."""
        if self.goal is None:
            return None
        return self.figure >= self.goal if self.at_least else self.figure <= self.goal

    def record(self) -> dict[str, object]:
        """What goes into `results.json`."""
        return asdict(self) | {"met": self.met}


def rows(results: dict[str, Any]) -> list[Row]:
    """The figures with their goals, of the parts that were measured: both sizes, the commands, a server ..."""
    parts: list[tuple[Callable[..., Iterator[Row]], tuple[str, ...]]] = [
        (_loading, ("small", "large")),
        (_csv, ("csv",)),
        (_import, ("import",)),
        (_metrics, ("small", "large")),
        (_evidence, ("large",)),
        (_paths, ("paths",)),
        (_audit, ("audit",)),
        (_sample, ("sample",)),
        (_index, ("index",)),
        (_draws, ("draws",)),
        (_network, ("network",)),
        (_report, ("report",)),
        (_commands, ("commands",)),
        (_server, ("server",)),
    ]
    there = (part for part in parts if all(name in results for name in part[1]))
    return [row for table, names in there for row in table(*(results[name] for name in names))]


def _loading(small: dict[str, Any], large: dict[str, Any]) -> Iterator[Row]:
    load, memory = large["load"], large["memory"]
    ours, bare, read = (median(load[name]) for name in ("load", "create_table_as", "read_and_check"))
    same = "DuckDB's CREATE TABLE AS from the same Arrow tables"
    yield Row("load", same, ours / bare, "times", 1.5)
    yield Row("read Parquet, check and load", "the same CREATE TABLE AS", (read + ours) / bare, "times", 4.0)
    yield Row(
        "peak memory of reading and loading",
        "the Arrow tables",
        memory["read_and_load"] / memory["arrow"],
        "times",
        3.0,
    )
    yield Row("load, ten times the links", "itself", ours / median(small["load"]["load"]), "times", 11.0)
    yield Row("load", "", ours, "s")
    yield Row("read and check Parquet", "", read, "s")


def _csv(results: dict[str, Any]) -> Iterator[Row]:
    names = ("seconds", "peak")
    ours, rival = ({name: median(run[name] for run in results[who]) for name in names} for who in ("ours", "duckdb"))
    what = f"check and load {results['links']:,} links from CSV"
    against = "DuckDB's read_csv of the same files: no checks, ids of links, keys"
    yield Row(what, against, ours["seconds"] / rival["seconds"], "times", 2.5)
    yield Row(f"{what}, peak memory", against, ours["peak"] / rival["peak"], "times")
    yield Row(what, "", ours["seconds"], "s")
    yield Row("read and check CSV", "", median(run["check"] for run in results["ours"]), "s")


def _import(results: dict[str, Any]) -> Iterator[Row]:
    ours, pandas = results["ours"], results["pandas"]
    size = f"import an export of {results['links']:,} links"
    rival = "pandas by hand: no ids of links, origins, checks, merging"
    yield Row(size, rival, ours["seconds"] / pandas["seconds"], "times", 2.5)
    yield Row(f"{size}, peak memory", rival, ours["peak"] / pandas["peak"], "times", 1.0)
    yield Row(size, "a tenth of them", ours["seconds"] / results["tenth"]["seconds"], "times", 11.0)
    yield Row(size, "", results["links"] / ours["seconds"] / 1e3, "thousand rows/s", 150.0, True)
    yield Row(f"{size}, peak memory", "", ours["peak"] / 2**20, "MiB")


def _metrics(small: dict[str, Any], large: dict[str, Any]) -> Iterator[Row]:
    ours, hand = total(large["metrics"], "ours"), total(large["metrics"], "hand")
    pandas = {name: median(times) for name, times in large["pandas"].items()}
    yield Row("all 24 metrics, SQL of the tree", "hand-written SQL on the same file", ours / hand, "times", 1.2)
    yield Row(
        "all 24 value tables",
        "pandas on ids, as the files have them",
        pandas["pandas_ids"] / pandas["ours"],
        "times faster",
        5,
        True,
    )
    yield Row(
        "all 24 value tables",
        "pandas on integer codes made beforehand",
        pandas["pandas_codes"] / pandas["ours"],
        "times faster",
    )
    yield Row("metrics, ten times the links", "themselves", ours / total(small["metrics"], "ours"), "times", 11.0)
    yield Row("all 24 metrics", "", ours, "s")


def _evidence(large: dict[str, Any]) -> Iterator[Row]:
    evidence = large["evidence"]
    yield Row("evidence as keys", "", evidence["keys_per_second"] / 1e6, "million rows/s")
    yield Row("evidence decoded to ids", "", evidence["decoded_per_second"] / 1e6, "million rows/s")


def _paths(paths: dict[str, Any]) -> Iterator[Row]:
    asked = (
        ("three_steps", "who is at most three steps from an organisation", 0.5),
        ("shortest_path", "a shortest path over links in either direction", 2.0),
        ("shortest_path_directed", "a shortest path along links", 2.0),
    )
    for name, what, goal in asked:
        times = {who: median(taken) for who, taken in paths["times"][name].items()}
        hand = "recursive SQL by hand on the same file" + ("" if goal < 1 else ", which gives its length alone")
        yield Row(f"{what}, {paths['links']:,} links", "", times["ours"], "s", goal)
        yield Row("the same, the first question of a process, file not in memory", "", median(paths["cold"][name]), "s")
        yield Row("the same", hand, times["ours"] / times["hand"], "times")
        yield Row("the same", "networkx, all links in its memory", times["ours"] / times["networkx"], "times")
    yield Row("these links read out of the file into networkx", "", paths["networkx_made"], "s")


def _audit(audit: dict[str, Any]) -> Iterator[Row]:
    size = f"{audit['companies']:,} companies x {audit['indicators']} indicators x {audit['cities']} cities"
    yield Row(f"each alone taken out: {size}", "", audit["all"], "s", 10.0)
    faster = audit["naive_all"] / audit["all"]
    naive = f"scoring anew from evidence in memory, extrapolated from {audit['sample']}"
    yield Row("the same", naive, faster, "times faster", 1000, True)
    yield Row("the same, peak memory of the process", "", audit["peak_bytes"] / 1e9, "GB", 2.0)
    yield Row(f"one taken out, {audit['links']:,} links", "", median(audit["knockout"]), "s", 1.0)
    yield Row("a score walked back to organisations", "", median(audit["explain"]), "s", 2.0)
    yield Row("the same, to the links", "", median(audit["explain_links"]), "s")
    yield Row("the same, to file and line", "", median(audit["explain_rows"]), "s")


def _sample(sample: dict[str, Any]) -> Iterator[Row]:
    size = f"{sample['entities']:,} entities drawn anew {sample['draws']:,} times, {sample['links']:,} links"
    yield Row(size, "", sample["draws_seconds"], "s", 5.0)
    naive = f"the same draws one by one in pandas, extrapolated from {sample['by_hand']}"
    yield Row("the same", naive, sample["naive"] / sample["draws_seconds"], "times faster")
    yield Row(
        "the same, memory beyond that of the scores",
        "",
        (sample["peak_bytes"] - sample["before_bytes"]) / 1e6,
        "MB",
        500.0,
    )
    yield Row("confidence sets of all ranks, one by one and at once", "", sample["sets"], "s")


def _index(index: dict[str, list[float]]) -> Iterator[Row]:
    times = {name: 1e3 * median(seconds) for name, seconds in index.items()}
    yield Row("an index, 338 regions x 25 indicators x 3 levels", "", times["ours"], "ms", 1.0)
    for name, rival in (("pymcdm", "pymcdm"), ("scikit_criteria", "scikit-criteria")):
        yield Row("the same", f"{rival}, the weighted sum alone", times[name] / times["ours"], "times faster")
    yield Row("1,000 variants of it", "", times["variants"], "ms", 200.0)
    yield Row("1,000 matrices with weights of their own", "", times["matrices"], "ms")


def _draws(draws: dict[str, Any]) -> Iterator[Row]:
    few, many, alone = (median(draws["times"][name]) for name in ("few", "many", "one_by_one"))
    yield Row("1,000 draws of four choices, 338 regions x 25 indicators x 3 levels", "", 1e3 * few, "ms", 150.0)
    rival = f"the same draws one by one through score, extrapolated from {ALONE}"
    yield Row("the same", rival, alone * FEW / ALONE / few, "times faster")
    yield Row("10,000 draws of them", "", many, "s", 1.5)
    yield Row("the same, peak memory", "", draws["peak_bytes"] / 1e6, "MB", 500.0)
    space, programs = (median(draws["times"][name]) for name in ("space", "programs"))
    yield Row("weight space of 338 regions and five pillars, 10,000 draws, who can be first", "", 1e3 * space, "ms")
    yield Row("the same", "a linear program for each region, without draws", programs / space, "times faster")


def _network(network: dict[str, Any]) -> Iterator[Row]:
    of = f"{network['nodes']:,} organisations and {network['edges']:,} edges"
    ours = {name: median(rivals["ours"]) for name, rivals in network["times"].items()}
    theirs = {
        name: median(rivals["networkx"]) * network["extrapolated"].get(name, 1.0)
        for name, rivals in network["times"].items()
    }
    for name, what, rival, goal in (
        ("roles", "brokerage roles", "plain loops over a networkx graph", 1.0),
        (
            "permutations",
            "499 permutations of the E-I index",
            "plain loops over a networkx graph, extrapolated from 5",
            1.5,
        ),
        ("holes", "structural holes", "networkx, extrapolated from 20 without hubs; without hierarchy", None),
        ("pagerank", "PageRank", "networkx", None),
    ):
        yield Row(f"{what} of {of}", "", ours[name], "s", goal)
        yield Row("the same", rival, theirs[name] / ours[name], "times faster")
    large = network["large"]
    what = f"all {large['measures']} measures of organisations but betweenness"
    yield Row(f"{what}, {large['nodes']:,} of them and {large['edges']:,} edges", "", network["all_large"], "s", 60.0)


def _report(report: dict[str, Any]) -> Iterator[Row]:
    made, workbook = (median(report["times"][name]) for name in ("report", "workbook"))
    size = f"{report['regions']} regions x {report['indicators']} indicators, {report['links']:,} links"
    yield Row(f"the report as a page: {size}", "", made, "s")
    yield Row("the same", "the workbook of the same scores, without lineage", made / workbook, "times")
    yield Row("its weight", "", report["bytes"] / 1e6, "MB", 8.0)
    if report["ready"] is not None:
        yield Row("until headless Chromium has it ready", "", median(report["ready"]), "s", 2.0)


def _commands(commands: dict[str, Any]) -> Iterator[Row]:
    yield Row("ecosystem demo", "", median(commands["demo"]), "s", 15.0)
    yield Row("ecosystem --help", "", median(commands["help"]), "s", 0.5)


def _server(server: dict[str, Any]) -> Iterator[Row]:
    theirs, ours = (total(server["metrics"], who) for who in ("server", "embedded"))
    size = f"{server['links']:,} links"
    yield Row(f"Neo4j, {size}: load over Bolt", "", server["rows"] / server["load"] / 1e3, "thousand rows/s")
    first = {name: median(times) for name, times in server["first_load"].items() if name != "rows"}
    importer = "its offline importer, server stopped"
    whole = "the importer with its files, the server's start and the constraints"
    plain = "a map per row, links by type alone, one session"
    what = f"Neo4j, {size}: first load"
    yield Row(what, importer, first["ours"] / first["offline"], "times", 2.5)
    yield Row(f"{what}, server just started", importer, first["started"] / first["offline"], "times", 2.5)
    yield Row(f"{what}, server just started", whole, first["started"] / first["whole"], "times")
    yield Row(what, plain, first["plain"] / first["ours"], "times faster", 2.0, True)
    yield Row(what, "", first["ours"], "s")
    yield Row("its offline importer, the same", "", first["offline"], "s")
    yield Row(f"Neo4j, {size}: all 24 metrics", "the embedded store", theirs / ours, "times")
    yield Row(f"Neo4j, {size}: all 24 metrics", "", theirs, "s")
    evidence = server["evidence"]["keys_per_second"] / 1e3
    yield Row(f"Neo4j, {size}: evidence over Bolt", "", evidence, "thousand rows/s")


def total(metrics: dict[str, dict[str, list[float]]], who: str) -> float:
    """The sum of the medians of all metrics."""
    return sum(median(times[who]) for times in metrics.values())


def markdown(results: dict[str, Any], figures: list[Row]) -> str:
    """Where and when it was measured, the figures, and each metric."""
    machine = results["machine"]
    place = f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']:g} GiB"
    busy = f"load average {results['load_average']:g} before the first run"
    lines = [f"{results['links']:,} links; {results['date']}; {place}; {busy}."]
    for part, when in results.get("since", {}).items():
        load = f"load average {when['load_average']:g}"
        lines.append(f"Measured since, at the size that the row says: {part}, {when['date']}, {load}.")
    lines.append("")
    lines += ["| what | against | figure | goal | |", "|---|---|---:|---:|---|", *map(_line, figures), ""]
    lines += ["| metric | SQL of the tree, ms | by hand, ms | ratio |", "|---|---:|---:|---:|"]
    for name, times in results.get("large", {"metrics": {}})["metrics"].items():
        ours, hand = median(times["ours"]), median(times["hand"])
        lines.append(f"| {name} | {1e3 * ours:.1f} | {1e3 * hand:.1f} | {ours / hand:.2f} |")
    return "\n".join(lines)


def _line(row: Row) -> str:
    goal = "" if row.goal is None else f"{'≥' if row.at_least else '≤'} {row.goal:g}"
    met = {None: "", True: "met", False: "**missed**"}[row.met]
    return f"| {row.what} | {row.against} | {row.figure:.2f} {row.unit} | {goal} | {met} |"


def write(text: str) -> None:
    """Put the tables between the marks of README.md; the words around them are written by hand."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
