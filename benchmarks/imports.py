"""An export of many links, imported by a mapping, beside pandas writing the same two tables by hand.

`python -m benchmarks.imports ours|pandas EXPORT OUT` runs one of them alone and prints seconds and peak bytes as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.graph import HERE
from benchmarks.memory import peak
from benchmarks.timing import seconds

MAPPING = """
title = "deals"
files.list = { path = "deals.csv" }
money = { currencies = { "元" = 1 }, default = "元" }

[nodes.buyer]
label = "Company"
id = { column = "buyer", prefix = "c-" }
name = "buyer"
region = "buyer_city"

[nodes.seller]
label = "Company"
id = { column = "seller", prefix = "c-" }
name = "seller"
region = "seller_city"

[links.deal]
type = "INVESTED_IN"
from = "seller"
to = "buyer"
event = "deal"
share = { amount_cny_m = "round_amount_cny_m" }

[links.deal.properties]
year = { column = "day", as = "year" }
round_amount_cny_m = { column = "amount", as = "amount" }
"""
CITIES = ("深圳", "北京", "上海", "杭州", "武汉", "成都", "南京", "广州")


def export(folder: Path, links: int) -> Path:
    """An export with a row for every link: two companies of 150,000 with their cities, a day, an amount, an event."""
    folder.mkdir()
    with (folder / "deals.csv").open("w", encoding="utf-8", newline="") as file:
        file.write("buyer,buyer_city,seller,seller_city,day,amount,deal\n")
        for row in range(links):
            buyer, seller = row * 7919 % 50_021, 50_021 + row * 104_729 % 99_991
            ends = f"企业{buyer},{CITIES[buyer % 8]},企业{seller},{CITIES[seller % 8]}"
            file.write(f"{ends},{2010 + row % 14}-{1 + row % 12:02}-{1 + row % 28:02},{row // 2 % 9999}万,{row // 2}\n")
    (folder / "deals.toml").write_text(MAPPING, encoding="utf-8")
    return folder


def ours(folder: Path, out: Path) -> None:
    """Import the export as a user would."""
    from ecosystem.imports import import_source

    import_source(str(folder / "deals.toml"), folder, out)


def by_hand(folder: Path, out: Path) -> None:
    """What an analyst would write: the same companies and links, without ids of links, origins, checks or merging."""
    import pandas as pd

    frame = pd.read_csv(folder / "deals.csv", dtype=str)
    amount = frame["amount"].str.removesuffix("万").astype(float) / 100
    share = amount / frame.groupby("deal")["deal"].transform("size")
    ends = [frame[[end, f"{end}_city"]].set_axis(["name", "city"], axis=1) for end in ("buyer", "seller")]
    companies = pd.concat(ends).drop_duplicates("name")
    out.mkdir()
    companies.assign(id="c-" + companies["name"]).to_csv(out / "companies.csv", index=False)
    links = pd.DataFrame({"from": "c-" + frame["seller"], "to": "c-" + frame["buyer"], "amount_cny_m": share})
    links.assign(year=frame["day"].str[:4]).to_csv(out / "invested_in.csv", index=False)


def measure_import(folder: Path, links: int) -> dict[str, dict[str, float]]:
    """Seconds and peak bytes of both, each in a process of its own."""
    made = export(folder / "export", links)
    found = {}
    for who in ("ours", "pandas"):
        command = [sys.executable, "-m", "benchmarks.imports", who, str(made), str(folder / f"imported-{who}")]
        done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True)
        found[who] = json.loads(done.stdout)
    return found


def measure_imports(folder: Path, links: int) -> dict[str, Any]:
    """The figures of both, and ours of a tenth of the links."""
    (folder / "tenth").mkdir()
    return {**measure_import(folder, links), "tenth": measure_import(folder / "tenth", links // 10)["ours"]}


def main() -> None:
    who, folder, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    work = {"ours": ours, "pandas": by_hand}[who]
    taken = seconds(lambda: work(folder, out))
    print(json.dumps({"seconds": taken, "peak": peak()}))


if __name__ == "__main__":
    main()
