"""Write the values of the twin of the parks of 20 cities: `python -m tools.twin.parks`. All are drawn: none is printed.

The cities are the first 20 of TMTPost's ranking, which is a reading: the report does not list its own.
"""

from __future__ import annotations

import csv

import numpy as np

from ecosystem.index import index_folder
from ecosystem.regions import shipped_regions

CITIES, EACH, SEED = 20, 3, 1
INDEX, RANKING = "parks-20-cities", "tmtpost-2024"


def main() -> None:
    """A row per park: its id, name, level and city, and what it has; larger in the cities that rank first."""
    rng, regions = np.random.default_rng(SEED), shipped_regions()
    with (index_folder(RANKING) / "published" / "total.csv").open(encoding="utf-8-sig", newline="") as file:
        cities = [row["region"] for row in csv.DictReader(file)][:CITIES]
    with (index_folder(INDEX) / "twin.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["region", "name", "level", "parent", "company_invention_patents", "company_count", "regional_support"]
        )
        for rank, city in enumerate(cities):
            for park in range(1, EACH + 1):
                size = np.exp(-1.5 * rank / CITIES) * rng.lognormal(0, 0.4)
                companies = int(np.rint(8 + 90 * size))
                patents = int(np.rint(companies * rng.lognormal(1.2, 0.5)))
                name = f"{regions[city].name}示例园区 {park}"
                support = round(float(np.clip(40 + 45 * size * rng.lognormal(0, 0.2), 0, 100)), 1)
                writer.writerow([f"park-{city}-{park}", name, "park", city, patents, companies, support])


if __name__ == "__main__":
    main()
