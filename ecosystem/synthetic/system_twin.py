"""The twin of a system whose values are given metric by metric: nodes, links and values of regions that give them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from ecosystem.errors import SpecError
from ecosystem.index import Index, load_index
from ecosystem.messages import tr
from ecosystem.model import load_model
from ecosystem.regions import shipped_regions
from ecosystem.synthetic import recipes
from ecosystem.synthetic.company_recipe import companies
from ecosystem.synthetic.draws import Floats, stream
from ecosystem.synthetic.recipes import SEGMENTS
from ecosystem.synthetic.twin_nodes import ABROAD, ABROAD_EACH, Nodes, make_others, named_nodes
from ecosystem.synthetic.wanted import Wanted
from ecosystem.tables.packed import content_of
from ecosystem.tables.records import parse_table

REGION, NAME, LEVEL, PARENT = "region", "name", "level", "parent"
YEARS = {"aitisa-2021": 2021, "tmtpost-2024": 2023}
"""The last year of the data of a system; 2024 of any other."""
INVESTORS = 300
NODES = {
    "Company": companies,
    "Policy": recipes.policies,
    "Park": recipes.parks,
    "Platform": recipes.platforms,
    "University": recipes.universities,
    "Institute": recipes.institutes,
    "Alliance": recipes.alliances,
}
"""The recipe of each kind of node."""


def system_tables(index: str, path: Path, seed: int) -> dict[str, pa.Table]:
    """Every file of the dataset by its name, from the table of a twin: a row per region, a column per source.

    A column is called like the source of an indicator: a metric without its parameters, or a column of values. Regions
    that the shipped hierarchy does not know have `name`, `level` and `parent`. SpecError for a table that cannot be
    read, and one that lacks a source of the index.
    """
    spec = load_index(index)
    rows = _rows(path)
    places = [row[REGION] for row in rows]
    metrics, columns = _sources(spec, rows, path)
    wanted = Wanted(seed, len(places), metrics, YEARS.get(index, 2024))
    made = {label: recipe(wanted) for label, recipe in NODES.items()}
    tables = _nodes(made) | _links(wanted, made)
    if not tables["invested_in"].num_rows:
        del tables["investors"]
    if not tables["collaborates_with"].num_rows:  # nobody abroad is needed
        tables["companies"] = made["Company"].table
    if not tables["active_in"].num_rows:
        del tables["segments"]
    tables["located_in"] = _located(made, pa.array(places), tables, seed)
    tables["region_values"] = _values(places, columns, wanted.year)
    if NAME in rows[0]:
        tables["regions"] = _regions(rows)
    return {name: table for name, table in tables.items() if table.num_rows}


def _regions(rows: list[Mapping[str, str]]) -> pa.Table:
    """The regions of a table that brings its own, below all those that they lie in."""
    known, above = shipped_regions(), dict[str, None]()
    for row in rows:
        parent: str | None = row[PARENT]
        while parent is not None:
            above[parent] = None
            parent = known[parent].parent
    upper = [known[region] for region in reversed(above)]
    cells = [(one.id, one.name, one.level, one.parent, one.country, one.name_en) for one in upper]
    cells += [(row[REGION], row[NAME], row[LEVEL], row[PARENT], known[row[PARENT]].country, None) for row in rows]
    names = ("id", NAME, LEVEL, PARENT, "country", "name_en")
    return pa.table({name: list(column) for name, column in zip(names, zip(*cells, strict=True), strict=True)})


def _rows(path: Path) -> list[Mapping[str, str]]:
    table = parse_table(content_of(path), path.name)
    if table.findings:
        raise SpecError(tr("{path} cannot be used", path=path), findings=table.findings)
    return [row for _, row in table.rows]


def _sources(index: Index, rows: list[Mapping[str, str]], path: Path) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """The values of the metrics and of the columns of an index, by the names of their sources."""
    metrics, columns = dict[str, Floats](), dict[str, Floats]()
    for leaf in index.leaves:
        if leaf.source is None:
            continue
        name = leaf.source.name.partition("(")[0]
        if name not in rows[0]:
            raise SpecError(tr("{path} has no column {name!r}", path=path, name=name))
        values = np.array([float(row[name] or "nan") for row in rows])
        (metrics if leaf.source.kind == "metric" else columns)[name] = values
    return metrics, columns


def _nodes(made: Mapping[str, Nodes]) -> dict[str, pa.Table]:
    model = load_model()
    tables = {model.labels[label].table: nodes.table for label, nodes in made.items()}
    abroad = make_others("Company", "XC", "示例境外企业", len(ABROAD) * ABROAD_EACH).table
    tables["companies"] = pa.concat_tables([tables["companies"], abroad], promote_options="default")
    kind = pa.array(["institution"] * INVESTORS)
    tables["investors"] = pa.table(named_nodes("I", "示例投资机构", INVESTORS) | {"kind": kind})
    tables["segments"] = pa.table(named_nodes("S", "示例环节", SEGMENTS))
    return tables


def _links(wanted: Wanted, made: Mapping[str, Nodes]) -> dict[str, pa.Table]:
    investors = named_nodes("I", "", INVESTORS)["id"]
    abroad = named_nodes("XC", "", len(ABROAD) * ABROAD_EACH)["id"]
    return {
        "invested_in": recipes.financing(wanted, made["Company"], investors),
        "active_in": recipes.chain(wanted, made["Company"], named_nodes("S", "", SEGMENTS)["id"]),
        "collaborates_with": recipes.joint_patents(wanted, made["Company"], abroad),
    }


def _located(made: Mapping[str, Nodes], places: pa.Array, tables: Mapping[str, pa.Table], seed: int) -> pa.Table:
    parts = [
        pa.table({"from": nodes.ids, "to": places.take(pa.array(nodes.place))})
        for nodes in made.values()
        if nodes.table.num_rows
    ]
    if tables["invested_in"].num_rows:
        rng = stream(seed, "Investor")
        homes = places.take(pa.array(rng.integers(0, len(places), INVESTORS)))
        parts.append(pa.table({"from": tables["investors"]["id"].combine_chunks(), "to": homes}))
    countries = pa.array(np.repeat(ABROAD, ABROAD_EACH))
    if tables["collaborates_with"].num_rows:
        abroad = tables["companies"]["id"].combine_chunks()[-len(countries) :]
        parts.append(pa.table({"from": abroad, "to": countries}))
    return pa.concat_tables(parts)


def _values(places: list[str], columns: Mapping[str, Floats], year: int) -> pa.Table:
    """The columns of values in long form, blank ones left out."""
    regions, names, values = list[str](), list[str](), list[float]()
    for name, column in columns.items():
        known = np.flatnonzero(~np.isnan(column))
        regions += [places[at] for at in known]
        names += [name] * len(known)
        values += column[known].tolist()
    count = len(values)
    return pa.table(
        {"region": regions, "indicator": names, "year": pa.array([year] * count, pa.int64()), "value": values}
    )
