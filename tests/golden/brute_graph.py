"""The rows of a dataset's CSV files and where its nodes lie, looked up by plain loops; standard library only."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

Row = dict[str, str]
Graph = Mapping[str, list[Row]]


def read(folder: Path) -> dict[str, list[Row]]:
    """The rows of every CSV file of the folder, by table name."""
    graph = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            graph[path.stem] = list(csv.DictReader(file))
    return graph


def number(row: Row, column: str) -> float | None:
    """The number in the cell, None where it is blank."""
    return float(row[column]) if row[column] else None


def year_of(row: Row, column: str = "year") -> int | None:
    """The year in the cell, None where it is blank."""
    return int(row[column]) if row[column] else None


def sample(row: Row) -> bool:
    """Whether the node belongs to the sample: a blank cell says yes."""
    return row["in_sample"] != "false"


def region_of(graph: Graph, text: str) -> Row:
    """The region with this id, or the one with this name; of a municipality the province, which stands first."""
    for region in graph["regions"]:
        if region["id"] == text:
            return region
    return next(region for region in graph["regions"] if region["name"] == text)


def within(graph: Graph, region: str) -> set[str]:
    """Ids of the region, its ancestors, its municipal twin, and the groups that any of these is a member of."""
    found = {region}
    while True:
        before = len(found)
        for child in graph["regions"]:
            if child["id"] in found and child["parent"]:
                found.add(child["parent"])
            if set(child["members"].split("|")) & found:
                found.add(child["id"])
            for parent in graph["regions"]:
                if parent["id"] == child["parent"] and parent["name"] == child["name"] and parent["id"] in found:
                    found.add(child["id"])
        if len(found) == before:
            return found


def places(graph: Graph, node: str, level: str) -> Iterator[tuple[Row, str]]:
    """Each region of the level that the node lies in, with the id of the LOCATED_IN link."""
    for link in graph["located_in"]:
        if link["from"] == node:
            reached = within(graph, region_of(graph, link["to"])["id"])
            for region in graph["regions"]:
                if region["level"] == level and region["id"] in reached:
                    yield region, link["id"]


def abroad(graph: Graph, node: str, home: Row) -> Iterator[str]:
    """The node's LOCATED_IN link when it leads into another country than `home`; an unknown country is not another."""
    for link in graph["located_in"]:
        if link["from"] == node:
            country = region_of(graph, link["to"])["country"]
            if country and home["country"] and country != home["country"]:
                yield link["id"]
