"""A graph in the form that drawing programs read: plain attributes, each with one name and one type."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.dataset import Dataset
from ecosystem.errors import UsageError, did_you_mean
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_rows
from ecosystem.progress import Progress
from ecosystem.regions import Regions

NODE_TYPE, LINK_TYPE, DIRECTED = "node_type", "link_type", "directed"
"""Attributes that every node or link has; `type` alone would be lost: a GEXF edge has an attribute of that name."""
SOURCE, TARGET = "_source", "_target"
REGION = "Region"
"""The label of regions."""
_ENDS, _KEYS = (SOURCE, TARGET), ("_src", "_dst")
_TAKEN_BY_NODES = {"id", "label", NODE_TYPE}
_TAKEN_BY_LINKS = {"id", "label", "source", "target", "type", LINK_TYPE, DIRECTED}


@dataclass(frozen=True, slots=True)
class GraphPart:
    """The nodes of one label, or the links of one type.

    `table` has `id`, of links `_source` and `_target` (ids), then the attributes; integers, floats, booleans and texts.
    """

    kind: str
    table: pa.Table
    directed: bool = True


@dataclass(frozen=True, slots=True)
class GraphParts:
    """The graph that is written. An attribute has one type in all parts of `nodes`, and one in all parts of `links`.

    `directed` says how a program reads its links: those of a whole graph, where some have a direction and some have
    none, all as directed, since readers of mixed graphs are few.
    """

    name: str
    nodes: tuple[GraphPart, ...]
    links: tuple[GraphPart, ...]
    directed: bool = True

    @property
    def edge_type(self) -> str:
        """How formats of XML name the direction of the links."""
        return "directed" if self.directed else "undirected"

    def __repr__(self) -> str:
        counts = (
            ", ".join(f"{part.kind} {part.table.num_rows:,}" for part in some) for some in (self.nodes, self.links)
        )
        nodes, links = counts
        return few_lines(self.name, tr("nodes: {counts}", counts=nodes), tr("links: {counts}", counts=links))

    def _repr_html_(self) -> str:
        kinds = ((tr("node"), self.nodes), (tr("link"), self.links))
        rows = [(kind, part.kind, part.table.num_rows) for kind, parts in kinds for part in parts]
        return html_rows(self.name, (tr("kind"), tr("name"), tr("number")), rows)

    @property
    def node_attributes(self) -> Mapping[str, pa.DataType]:
        """Name and type of all attributes of nodes, those of the first part first."""
        return _types(part.table for part in self.nodes)

    @property
    def link_attributes(self) -> Mapping[str, pa.DataType]:
        """Name and type of all attributes of links."""
        return _types(part.table for part in self.links)

    def meter(self, progress: Progress) -> Callable[[int], None]:
        """A callback for a writer: given the rows just written, it reports the progress."""
        total = sum(part.table.num_rows for part in (*self.nodes, *self.links))
        done = 0

        def written(rows: int) -> None:
            nonlocal done
            done += rows
            progress(tr("write"), done, total)

        return written


def graph_parts(dataset: Dataset, only: Collection[str] = ()) -> GraphParts:
    """The nodes and links of a dataset.

    With `only` these link types and the nodes at their ends; without, every node and all links but those that are made
    at load (`WITHIN`: a region's property `parent` says the same). Of the regions those at the end of a link are there,
    and what they lie in: a hierarchy has thousands in which there is nothing. Values of regions
    (`RegionValue`) are a table, no part of the graph, and are left out. An attribute that a program would take for one
    of its own is written with a stroke behind it. UsageError for a link type that does not exist.
    """
    model = dataset.model
    unknown = [name for name in only if name not in model.links]
    if unknown:
        raise UsageError(
            tr("there is no link type {unknown!r}", unknown=unknown[0]), hint=did_you_mean(unknown[0], model.links)
        )
    wanted = set(only) or {kind.name for kind in model.link_tables}
    nodes = {name: table for name, table in dataset.nodes.items() if not model.labels[name].keyless}
    ids = pa.concat_tables([table.select(["_id", "id"]) for table in nodes.values()]).combine_chunks()
    links = {name: _with_ends(table, ids) for name, table in dataset.links.items() if name in wanted}
    if not only and REGION in nodes:
        nodes[REGION] = _used(nodes[REGION], links.values(), dataset.regions)
    if only:
        chunks = [chunk for each in links.values() for end in _ENDS for chunk in each[end].chunks]
        ends = pa.chunked_array(chunks, pa.string())
        kept = ((name, table.filter(pc.is_in(table["id"], ends))) for name, table in nodes.items())
        nodes = {name: table for name, table in kept if table.num_rows}
    directions = {name: model.links[name].directed for name in links}
    return parts_of(dataset.name, nodes, links, directions)


def _used(regions: pa.Table, links: Iterable[pa.Table], hierarchy: Regions) -> pa.Table:
    """The regions at the ends of links, and what these lie in."""
    known = regions["id"].combine_chunks()
    ends = (table[end] for table in links for end in _ENDS)  # millions: each is looked up, none is put into a set
    used = {one for end in ends for one in pc.unique(end.filter(pc.is_in(end, known))).to_pylist()}
    return regions.filter(pc.is_in(regions["id"], pa.array(sorted(hierarchy.above(used)), pa.string())))


def parts_of(
    name: str,
    nodes: Mapping[str, pa.Table],
    links: Mapping[str, pa.Table],
    directions: Mapping[str, bool],
    *,
    directed: bool = True,
) -> GraphParts:
    """The graph of tables of nodes by label, with `id`, and of links by type, with `id`, `_source`, `_target`.

    `directions` says which types of links have one.
    """
    return GraphParts(
        name,
        tuple(GraphPart(kind, table) for kind, table in _plain(nodes, _TAKEN_BY_NODES).items()),
        tuple(GraphPart(kind, table, directions[kind]) for kind, table in _plain(links, _TAKEN_BY_LINKS).items()),
        directed,
    )


def _with_ends(table: pa.Table, ids: pa.Table) -> pa.Table:
    """A table of links with the ids of their ends."""
    ends = {end: pc.take(ids["id"], pc.index_in(table[key], ids["_id"])) for end, key in zip(_ENDS, _KEYS, strict=True)}
    properties = [name for name in table.column_names if not name.startswith("_") and name != "id"]
    return pa.table({"id": table["id"], **ends, **{name: table[name] for name in properties}})


def _plain(tables: Mapping[str, pa.Table], taken: Collection[str]) -> dict[str, pa.Table]:
    """The tables with attributes of one type each, by names not taken; without those that are always missing."""
    named = {kind: _renamed(table, taken) for kind, table in tables.items()}
    types = _types(named.values())
    return {
        kind: pa.table({name: table[name].cast(types.get(name, pa.string())) for name in table.column_names})
        for kind, table in named.items()
    }


def _renamed(table: pa.Table, taken: Collection[str]) -> pa.Table:
    own = {"id", *_ENDS}
    kept = [
        name
        for name in table.column_names
        if name in own or (not name.startswith("_") and table[name].null_count < table.num_rows)
    ]
    fold = {name.casefold() for name in kept}

    def free(name: str) -> str:
        while name.casefold() in taken or (name.endswith("_") and name.casefold() in fold):
            name += "_"
        return name

    return table.select(kept).rename_columns([name if name in own else free(name) for name in kept])


def _types(tables: Iterable[pa.Table]) -> dict[str, pa.DataType]:
    """One type for each attribute: float where it is integer here and float there, else text."""
    found: dict[str, pa.DataType] = {}
    for table in tables:
        for field in table.schema:
            if field.name not in ("id", *_ENDS):
                found[field.name] = _common(found.get(field.name), field.type)
    return found


def _common(one: pa.DataType | None, other: pa.DataType) -> pa.DataType:
    plain = other if other in (pa.int64(), pa.float64(), pa.bool_()) else pa.string()
    if one is None or one == plain:
        return plain
    return pa.float64() if {one, plain} == {pa.int64(), pa.float64()} else pa.string()
