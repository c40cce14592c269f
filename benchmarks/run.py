"""Measure everything and write `results.json` and the tables in README.md: `python -m benchmarks.run [--quick]`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import machine, page
from benchmarks.audit import measure_audit
from benchmarks.csv_load import measure_csv
from benchmarks.draws import measure_draws
from benchmarks.graph import (
    HERE,
    made_up,
    measure_evidence,
    measure_load,
    measure_memory,
    measure_metrics,
    measure_pandas,
)
from benchmarks.imports import measure_imports
from benchmarks.index import measure_index
from benchmarks.network import measure_network
from benchmarks.paths import measure_paths
from benchmarks.report_page import measure_report
from benchmarks.sample import measure_sample
from benchmarks.server import NoServerError, measure_server
from benchmarks.timing import Times, in_turns
from ecosystem.store import open_store

PROGRAM = [sys.executable, "-c", "from ecosystem.cli.main import main; main()"]


RESULTS = HERE / "results.json"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--links", type=int, default=5_000_000, help="links of the large dataset")
    options.add_argument("--quick", action="store_true", help="a tenth of the size, three repeats; writes nothing")
    options.add_argument("--part", action="append", help="measure this part anew and keep what there is of the others")
    given = options.parse_args()
    links, repeat = (given.links // 10, 3) if given.quick else (given.links, 7)
    results: dict[str, Any] = kept(given.part) if given.part else {"links": links, "machine": machine.facts()}
    busy = machine.load_average()
    when = {"date": datetime.now(UTC).date().isoformat(), "load_average": busy}
    if given.part:
        results["since"] = {**results.get("since", {}), **dict.fromkeys(given.part, when)}
    else:
        results |= when
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts: dict[str, Callable[[], Any]] = {
            "small": lambda: measure_size(folder, links // 10, repeat),
            "large": lambda: measure_size(folder, links, repeat),
            "csv": lambda: {"links": links, **measure_csv(folder, links, min(repeat, 5))},
            "import": lambda: {"links": links, **measure_imports(folder, links)},
            "paths": lambda: measure_paths(folder, links // 5, min(repeat, 5)),
            "audit": lambda: measure_audit(folder, links // 5),
            "sample": lambda: measure_sample(folder, links // 25),
            "index": lambda: measure_index(repeat),
            "draws": lambda: measure_draws(repeat),
            "network": lambda: measure_network(repeat, 10 if given.quick else 1),
            "report": lambda: measure_report(folder, links // 5),
            "commands": lambda: measure_commands(folder, repeat),
            "server": lambda: measure_server(folder, links // 5, min(repeat, 3)),
        }
        if unknown := set(given.part or ()) - set(parts):
            options.error(f"{', '.join(unknown)} is none of {', '.join(parts)}")
        parts = {name: part for name, part in parts.items() if not given.part or name in given.part}
        lost = measure(parts, results, None if given.quick else RESULTS)
    text = page.markdown(results, page.rows(results))
    print(text)
    if busy > machine.IDLE:
        say("the machine was busy before the first run: the figures are noisy")
    if lost:
        sys.exit(f"not measured: {', '.join(lost)}; results.json has the others, README.md is as it was")
    if not given.quick:
        page.write(text)


def kept(anew: Collection[str]) -> dict[str, Any]:
    """What was measured before, but for the parts that are measured anew."""
    results: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return {name: found for name, found in results.items() if name not in anew}


def measure(parts: Mapping[str, Callable[[], Any]], results: dict[str, Any], file: Path | None) -> list[str]:
    """Measure part by part into `results`; the parts that failed, each of which has been said with its traceback.

    The file is written after every part: what has been measured is not lost with what comes behind it.
    """
    lost = []
    for name, part in parts.items():
        say(f"{name} of {', '.join(parts)}")
        try:
            results[name] = part()
        except NoServerError as err:
            say(f"nothing measured over Bolt: {err}")
        except Exception:
            traceback.print_exc()
            lost.append(name)
        results["table"] = [row.record() for row in page.rows(results)]
        if file is not None:
            file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return lost


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def measure_size(folder: Path, links: int, repeat: int) -> dict[str, Any]:
    """Every time of one size."""
    say(f"{links:,} links: generate")
    data = made_up(folder, links)
    say(f"{links:,} links: load")
    load, store = measure_load(folder, data, min(repeat, 5))
    say(f"{links:,} links: memory")
    memory = measure_memory(folder, data)
    say(f"{links:,} links: metrics")
    metrics = measure_metrics(store, repeat)
    say(f"{links:,} links: pandas")
    pandas = measure_pandas(store, data, min(repeat, 3))
    say(f"{links:,} links: evidence")
    graph = open_store(store)
    evidence = measure_evidence(graph)
    graph.close()
    return {"load": load, "memory": memory, "metrics": metrics, "pandas": pandas, "evidence": evidence}


def measure_commands(folder: Path, repeat: int) -> Times:
    """Seconds of `ecosystem --help`, and of the demo in a new folder."""

    fresh = iter(f"demo-{number}" for number in range(100))

    def run(*words: str) -> object:
        return subprocess.run([*PROGRAM, *words], cwd=folder, capture_output=True, check=True)

    help_times = in_turns({"help": lambda: run("--help")}, repeat)
    return help_times | in_turns({"demo": lambda: run("demo", next(fresh))}, 3, warm=False)


if __name__ == "__main__":
    main()
