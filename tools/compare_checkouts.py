"""Whether two checkouts of the project say the same, byte for byte: imports, twin, scores, audits, receipts, exports.

    python -m tools.compare_checkouts BEFORE AFTER [--data ../shared/data/real] [--keep FOLDER]

Each checkout runs the same commands in a folder of its own, with the packages of this interpreter; then every file and
every stream is compared. It exits with 1 where one differs. For a change that must not change a result.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

CHINA = {
    "itjuzi_ai": "itjuzi_ai",
    "aiia": "aiia",
    "universities_gbk": "universities_gbk.csv",
    "ror_china": "ror_china.csv",
    "ccf_conference_editions": "ccf_conference_editions.csv",
    "cn_ai_policies": "cn_ai_policies.csv",
    "province_tech": "province_tech",
    "cn_pevc": "cn_pevc",
}
ABROAD = {"eto_chip": "eto_chip", "crunchbase2015_acquisitions": "crunchbase2015_acquisitions.csv.gz", "h2020": "."}
"""Sources that travel with the package, and their exports below the folder of real data."""

LOADED = ("twin", "china-ai", "made-up")
QUERY = """
MATCH (a:Company)-[t:INVESTED_IN]->(b:Company) RETURN a.name AS a, b.name AS b, t.amount_cny_m AS m ORDER BY m, a, b
"""


def commands(real: Path | None) -> list[str]:
    """The command lines, without `ecosystem`, in their order; those of real data only where it is given."""
    lines = [
        "dataset twin cingai-2023 twin",
        "dataset synthesize made-up --companies 400 --links 2500 --seed 5",
        "dataset synthesize parquet --companies 200 --links 900 --seed 6 --format parquet",
        "dataset template template",
        "dataset check made-up --format json",
    ]
    graphs = ["twin", "made-up"]
    if real is not None:
        lines += [f"dataset import {name} --from {real / file} --out china-ai" for name, file in CHINA.items()]
        lines += [f"dataset import {name} --from {real / file} --out {name}" for name, file in ABROAD.items()]
        graphs += ["china-ai", "eto_chip"]
    for graph in graphs:
        lines += [
            f"load {graph} --store {graph}.duckdb",
            f"dataset describe {graph} --format json",
            f"score cingai-2023 --groups --store {graph}.duckdb --out {graph}/scores.xlsx",
            f"score cingai-2023 --since 2015 --until 2022 --store {graph}.duckdb --format json",
            f"score tmtpost-2024 --store {graph}.duckdb --format csv --lang zh",
            f"score parks-20-cities --normalise zscore --weights entropy --store {graph}.duckdb --format csv",
            f"metrics run --store {graph}.duckdb --format csv",
            f"metrics run financing_links --evidence --store {graph}.duckdb --format csv",
            f"query {shlex.quote(QUERY)} --store {graph}.duckdb --format csv",
        ]
    for graph in ("twin", "made-up"):
        lines += [
            f"score cingai-2023 --store {graph}.duckdb --out {graph}-run/scores.csv",
            f"score --from {graph}-run/run.json --store {graph}.duckdb --format csv",
            f"explain cingai-2023 四川省 --store {graph}.duckdb --depth link --format json",
            f"explain cingai-2023 四川省 --versus 湖北省 --store {graph}.duckdb --format csv",
            f"knockout cingai-2023 --all Company --top 20 --store {graph}.duckdb --format csv",
            f"knockout cingai-2023 --link ENABLES --store {graph}.duckdb --format json --out {graph}-run/knockout.xlsx",
            f"export graphml {graph}.graphml --store {graph}.duckdb",
            f"export gexf {graph}.gexf --store {graph}.duckdb",
            f"export csv {graph}-csv --store {graph}.duckdb",
            f"export neo4j-admin {graph} --out {graph}-admin",
            f"compare published cingai-2023 --store {graph}.duckdb --format csv",
        ]
    return [*lines, "compare implied-weights cingai-2023 --format csv", "index show cingai-2023 --format csv"]


def run_all(checkout: Path, home: Path, lines: list[str]) -> None:
    """Run the commands of one checkout in `home`, and keep both streams and the exit code of each."""
    streams = home / "streams"
    streams.mkdir(parents=True)
    for graph in LOADED:
        (home / f"{graph}-run").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONUTF8": "1", "COLUMNS": "160", "LC_ALL": "C.UTF-8"}
    program = [sys.executable, "-c", "from ecosystem.cli.main import main; main()"]
    for number, line in enumerate(lines):
        done = subprocess.run(  # noqa: S603 the program of a checkout that the caller names
            [*program, *shlex.split(line)], cwd=home, env=environment, capture_output=True, check=False
        )
        told = re.sub(rb"in [\d.]+ s\b", b"in ... s", done.stderr)
        said = b"\n".join((line.encode(), str(done.returncode).encode(), done.stdout, told))
        (streams / f"{number:03}.txt").write_bytes(said)


def contents(home: Path) -> dict[str, bytes]:
    """Every file below a folder but the stores, whose bytes are the engine's."""
    files = [path for path in sorted(home.rglob("*")) if path.is_file() and ".duckdb" not in path.name]
    return {str(path.relative_to(home)): path.read_bytes() for path in files}


def main() -> int:
    """Run both, print what differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--data", type=Path, help="the folder with the real exports")
    parser.add_argument("--keep", type=Path, help="an empty folder for what both write; else it is deleted")
    given = parser.parse_args()
    lines = commands(given.data.resolve() if given.data else None)
    with tempfile.TemporaryDirectory() as scratch:
        top = given.keep or Path(scratch)
        homes = [top / "before", top / "after"]
        with concurrent.futures.ThreadPoolExecutor(2) as both:
            list(both.map(run_all, [given.before.resolve(), given.after.resolve()], homes, [lines, lines]))
        before, after = (contents(home) for home in homes)
    differing = [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
    for name in differing:
        where = "" if name in before and name in after else " (in one of them only)"
        print(f"differs: {name}{where}")
    print(f"{len(before)} files and streams of {len(lines)} commands, {len(differing)} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
