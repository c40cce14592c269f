"""What is in a dataset: nodes by region, links by year, how far properties are filled in, and what looks odd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.dataset import Dataset, TableCount
from ecosystem.errors import Finding, refuse_unknown
from ecosystem.headings import heading, headings
from ecosystem.messages import tr
from ecosystem.model import Model, kind_word, load_model
from ecosystem.notebook import few_lines, html_table
from ecosystem.regions import Regions

NOWHERE = "-"
"""Stands for the region of nodes that have none."""

UNDATED = "undated"
_OWN_COLUMNS = {"_id", "_src", "_dst", "_src_label", "_dst_label", "id"}
_UNCOUNTED = {"Region", "RegionValue"}


_FEW = 3


@dataclass(frozen=True, slots=True)
class Description:
    """Three tables about a dataset.

    `nodes`: `region`, `name`, `name_en`, then how many nodes of each label are there; `links`: `type`, then how many
    links per year, `undated`, `total`; `fill`: `table` (label or type), `property`, `rows`, `filled`, `share`.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    fill: pd.DataFrame
    model: Model = field(default_factory=load_model, repr=False)

    def __repr__(self) -> str:
        return few_lines(self._title, more="nodes, links, fill, tidy()")

    def _repr_html_(self) -> str:
        return html_table(self._title, self.nodes)

    @property
    def _title(self) -> str:
        return tr("nodes of {regions} regions, {types} types of links", regions=len(self.nodes), types=len(self.links))

    def said(self, lang: str) -> list[tuple[str, pd.DataFrame]]:
        """The three tables as a person reads them in a language, `zh` or `en`, each with its title.

        The years of links run down, and their types across.
        """
        nodes = self.nodes.drop(columns="name" if lang == "en" else "name_en")
        links = self.links if len(self.links) else self.links.iloc[:, :1]
        links = links.set_index("type").T.astype("int64").rename_axis(columns=None)
        links = links.rename(index=headings((UNDATED, "total"), lang)).reset_index(names=heading("year", lang))
        fill = self.fill
        if lang != "en":
            nodes, links = (
                frame.rename(columns={name: kind_word(str(name), self.model) for name in frame})
                for frame in (nodes, links)
            )
            words = _property_words(self.model)
            told = {
                "table": fill["table"].map(lambda name: kind_word(name, self.model)),
                "property": fill["property"].map(lambda name: words.get(name, name)),
            }
            fill = fill.assign(**told)
        frames = (frame.rename(columns=headings(frame.columns, lang)) for frame in (nodes, links, fill))
        titles = (tr("Nodes by region"), tr("Links by year"), tr("How far properties are filled in"))
        return list(zip(titles, frames, strict=True))

    def tidy(self) -> pd.DataFrame:
        """All three in one long table: `part`, `item`, `measure`, `value`."""
        nodes = self.nodes.drop(columns=["name", "name_en"]).rename(columns={"region": "item"})
        links = self.links.rename(columns={"type": "item"})
        fill = pd.DataFrame(
            {
                "part": "fill",
                "item": self.fill["table"],
                "measure": self.fill["property"],
                "value": self.fill["share"],
            }
        )
        long = [
            frame.melt(id_vars="item", var_name="measure", value_name="value").assign(part=part)
            for part, frame in (("nodes", nodes), ("links", links))
        ]
        return pd.concat([*long, fill], ignore_index=True)[["part", "item", "measure", "value"]]


def table_words(model: Model) -> dict[str, str]:
    """The tables of a dataset with the Chinese names of what they hold."""
    words = {label.table: label.zh for label in model.labels.values()}
    return words | {link.table: link.zh for link in model.link_tables}


def _property_words(model: Model) -> dict[str, str]:
    owners = [owner.properties for owner in model.labels.values()]
    owners += [owner.properties for owner in model.links.values()]
    return {name: entry.zh or name for own in owners for name, entry in own.items()}


def describe(dataset: Dataset, *, level: str = "province") -> Description:
    """Counts of nodes per region of `level`, of links per year, and the share of cells that are filled.

    A node lies in the region of that level above its own; without one (abroad) it counts for its country, and without a
    country for its own region. Nodes without any location are the last row, `-`. Regions without nodes are left out.
    UsageError for a level that no region has.
    """
    known = {*dataset.regions.levels, "province"}  # without provinces a region counts for itself
    refuse_unknown(level, known, tr("no region has the level {level!r}", level=level))
    return Description(_node_counts(dataset, level), _link_counts(dataset.links), _fill(dataset), dataset.model)


def _node_counts(dataset: Dataset, level: str) -> pd.DataFrame:
    labels = [label for label in dataset.nodes if label not in _UNCOUNTED]
    regions = dataset.regions
    places = [region.id for region in regions]
    homes = np.array([*_homes(regions, level), len(places)])
    home = homes[_locations(dataset, len(places))]
    counts = {
        label: np.bincount(home[dataset.nodes[label]["_id"].to_numpy()], minlength=len(places) + 1) for label in labels
    }
    frame = pd.DataFrame(
        {
            "region": [*places, NOWHERE],
            "name": [*(region.name for region in regions), "无地区"],
            "name_en": [*(region.name_en or region.name for region in regions), "no region"],
            **counts,
        }
    )
    return frame[frame[labels].sum(axis=1) > 0].reset_index(drop=True)


def _locations(dataset: Dataset, nowhere: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """For each node key the key of its region, which is the region's place in the hierarchy."""
    places = np.full(sum(table.num_rows for table in dataset.nodes.values()), nowhere, np.int64)
    if "LOCATED_IN" in dataset.links:
        table = dataset.links["LOCATED_IN"]
        places[table["_src"].to_numpy()] = table["_dst"].to_numpy()
    return places


def _homes(regions: Regions, level: str) -> list[int]:
    """For each region the place of the one that its nodes count for."""
    place = {region.id: number for number, region in enumerate(regions)}
    above: dict[str, list[str]] = {region.id: [] for region in regions}
    for lower, upper in regions.closure():
        above[lower].append(upper)
    homes = []
    for region in regions:
        chosen = (
            candidate
            for wanted in (level, "country")
            for candidate in sorted(above[region.id], key=place.__getitem__)
            if regions[candidate].level == wanted
        )
        homes.append(place[next(chosen, region.id)])
    return homes


def _link_counts(links: Mapping[str, pa.Table]) -> pd.DataFrame:
    rows = []
    for name, table in links.items():
        if name != "WITHIN":
            years = table["year"] if "year" in table.column_names else pa.nulls(table.num_rows, pa.int64())
            counted = {entry["values"]: entry["counts"] for entry in pc.value_counts(years).to_pylist()}
            rows.append({"type": name, **counted, "total": table.num_rows})
    found = sorted({year for row in rows for year in row if isinstance(year, int)})
    frame = pd.DataFrame(rows, columns=["type", *found, None, "total"], dtype=object)
    counts = frame.drop(columns="type").fillna(0).astype("int64")
    counts.columns = pd.Index([*map(str, found), UNDATED, "total"])
    return pd.concat([frame["type"], counts], axis=1)


def _fill(dataset: Dataset) -> pd.DataFrame:
    columns = ["table", "property", "rows", "filled", "share"]
    return pd.DataFrame([row for table in (dataset.nodes, dataset.links) for row in _filled(table)], columns=columns)


def _filled(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, str, int, int, float]]:
    for name, table in tables.items():
        for column in table.column_names:
            if name not in {"Region", "WITHIN"} and column not in _OWN_COLUMNS:
                filled = table.num_rows - table[column].null_count
                yield name, column, table.num_rows, filled, filled / table.num_rows


def suspicions(dataset: Dataset, counts: Sequence[TableCount], model: Model) -> Iterator[Finding]:
    """Warnings and information about the dataset as a whole."""
    yield from _empty_tables(counts)
    yield from _unlocated(dataset, model)
    if any(count.read for count in counts) and "RegionValue" not in dataset.nodes:
        message = tr(
            "there are no values of regions (table region_values): indicators with a `column:` source will be missing"
        )
        yield Finding("info", "no_region_values", message)


def _empty_tables(counts: Sequence[TableCount]) -> Iterator[Finding]:
    empty = [count.table for count in counts if count.read == 0]
    hint = tr("fill in rows below the header, or delete the files")
    if empty and len(empty) == len(counts):
        yield Finding(
            "warning", "no_rows", tr("the dataset has no rows: its tables have nothing but headers"), hint=hint
        )
    elif len(empty) > _FEW:
        yield Finding(
            "warning",
            "empty_table",
            tr("{count} tables have no rows: {empty}", count=len(empty), empty=", ".join(empty)),
            hint=hint,
        )
    else:
        for table in empty:
            yield Finding("warning", "empty_table", tr("the table {table} has no rows", table=table), table, hint=hint)


def _unlocated(dataset: Dataset, model: Model) -> Iterator[Finding]:
    """A warning for each label of which more than half the sample has no location."""
    located = np.zeros(sum(table.num_rows for table in dataset.nodes.values()), np.bool_)
    if "LOCATED_IN" in dataset.links:
        located[dataset.links["LOCATED_IN"]["_src"].to_numpy()] = True
    for label in model.links["LOCATED_IN"].sources:
        if label in dataset.nodes:
            table = dataset.nodes[label]
            sample = table.filter(table["in_sample"]) if "in_sample" in table.column_names else table
            missing = int(np.count_nonzero(~located[sample["_id"].to_numpy()]))
            if missing > sample.num_rows / 2:
                message = tr(
                    "{missing:,} of {total:,} nodes {label} have no location: no region counts them",
                    missing=missing,
                    total=sample.num_rows,
                    label=kind_word(label, model),
                )
                hint = tr("add a row (from, to) for each of them to located_in")
                yield Finding("warning", "no_location", message, model.labels[label].table, hint=hint)
