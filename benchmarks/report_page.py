"""Run alone: the report of 338 cities by 25 indicators: its time and weight, and when a browser has it ready."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.audit import scored
from benchmarks.graph import HERE
from benchmarks.timing import in_turns
from ecosystem.dataset import read_dataset
from ecosystem.export import write_scores
from ecosystem.report import write_report
from ecosystem.store import open_store
from ecosystem.synthetic.synthesize import synthesize

OPENED = 5
"""How often the page is opened."""
READY = "return performance.getEntriesByName('report-ready')[0]?.startTime"
"""When the page was ready, in milliseconds from its start; nothing before that."""


def measure_report(folder: Path, links: int) -> dict[str, Any]:
    """The figures of a synthesized dataset with so many links, out of a process of its own."""
    data, store = folder / f"report-{links}", folder / "report.duckdb"
    synthesize(data, companies=links * 49 // 200, links=links, seed=1, format="parquet")
    graph = open_store(store, create=True)
    graph.load(read_dataset(data).dataset)
    graph.close()
    command = [sys.executable, "-m", "benchmarks.report_page", str(store), str(folder)]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"links": links}


def main() -> None:
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    store = open_store(path)
    scores = scored(store)
    page = folder / "report.html"
    times = in_turns(
        {
            "report": lambda: write_report(scores, page),
            "workbook": lambda: write_scores(scores, folder / "scores.xlsx"),
        },
        3,
    )
    shape = {"regions": len(scores.standing.regions), "indicators": len(scores.index.leaves)}
    store.close()
    print(json.dumps(shape | {"times": times, "bytes": page.stat().st_size, "ready": ready(page)}))


def ready(page: Path) -> list[float] | None:
    """Seconds from the start of the page to its being ready, each time in a new tab; None without a browser."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if browser is None or driver is None:
        return None
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService
    from selenium.webdriver.support.ui import WebDriverWait

    options = ChromeOptions()
    options.binary_location = browser
    for switch in ("--headless=new", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"):
        options.add_argument(switch)
    opened = Chrome(options=options, service=ChromeService(executable_path=driver))
    found = []
    try:
        for _ in range(OPENED):
            opened.get("about:blank")
            opened.get(page.resolve().as_uri())
            found.append(WebDriverWait(opened, 60).until(lambda shown: shown.execute_script(READY)) / 1e3)
    finally:
        opened.quit()
    return found


if __name__ == "__main__":
    main()
