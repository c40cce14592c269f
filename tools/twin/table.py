"""The calibrated values as twin.csv, and the check that they meet what is printed."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from ecosystem.index import Index

REGION = "region"
INVESTORS = "investor_count"
MEMBERS = {"company": "company_count", "university": "university_count", "institute": "institute_count"}


def write_table(path: Path, index: Index, rows: Mapping[str, Mapping[str, int]]) -> None:
    """Write a row per region and a column per indicator; a mean is blank where there is nobody.

    `rows` has counts and, for means, totals. A mean is written so that mean times members rounds to its total.
    """
    codes = [*(leaf.code for leaf in index.leaves), INVESTORS]
    beside = path.with_name(f".{path.name}")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([REGION, *codes])
        for region, amounts in rows.items():
            writer.writerow([region, *(_cell(code, amounts) for code in codes)])
    beside.replace(path)


def members_of(code: str) -> str | None:
    """The count behind a mean, None for what is no mean."""
    subject, found, _ = code.partition("_mean_")
    return MEMBERS[subject] if found else None


def _cell(code: str, amounts: Mapping[str, int]) -> str:
    members = members_of(code)
    if members is None:
        return str(amounts.get(code, 0))
    count = amounts.get(members, 0)
    return f"{amounts[code] / count:.12g}" if count else ""


def by_region(amounts: Mapping[str, Mapping[str, int]], regions: Sequence[str]) -> dict[str, dict[str, int]]:
    """Amounts by indicator and region turned into amounts by region and indicator."""
    return {region: {code: values[region] for code, values in amounts.items()} for region in regions}


def shared(whole: int, weights: Mapping[str, int]) -> dict[str, int]:
    """A whole number shared out in proportion to the weights, by largest remainders."""
    total = sum(weights.values())
    parts = {region: whole * weight // total for region, weight in weights.items()}
    order = sorted(weights, key=lambda region: (-(whole * weights[region] % total), region))
    for region in order[: whole - sum(parts.values())]:
        parts[region] += 1
    return parts
