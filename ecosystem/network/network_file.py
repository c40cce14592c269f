"""A network file: Cypher that returns `source, target, weight`, and whether the edges have a direction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from ecosystem.errors import Finding, NetworkError
from ecosystem.messages import tr, tr_later
from ecosystem.notebook import few_lines, one_language, record_table
from ecosystem.query import BoundQuery, Schema
from ecosystem.query.file_check import bind_files, fault
from ecosystem.query.printer import expression_text
from ecosystem.query.query_file import FileKind, QueryFile, find_file, load_files, parse_file
from ecosystem.query.traversal import aggregates
from ecosystem.query.tree import Expression, PropertyOf
from ecosystem.resources import resource

COLUMNS = ("source", "target", "weight")

NETWORK = FileKind(
    NetworkError,
    keys={"directed": "yes"},
    example="co_investment.cypher",
    faulty=tr_later("the networks in {folder} have errors"),
    not_one=tr_later("{file} is not a network"),
    unfit=tr_later("a network does not fit the graph"),
    unknown=tr_later("there is no network {name!r}"),
    shared=tr_later("{name!r} is the title of {count} networks: {ids}"),
    no_folder=tr_later("name a folder of .cypher files"),
    none_there=tr_later("put a network file there"),
)


@dataclass(frozen=True, slots=True, repr=False)
class NetworkFile(QueryFile):
    """One network: a query that returns `source, target, weight`; whether its edges are `directed`; its header."""

    directed: bool

    def __repr__(self) -> str:
        return few_lines(f"<NetworkFile {self.id}: {self.title(one_language())} ({self.unit}), {self.provenance}>")

    def _repr_html_(self) -> str:
        return record_table(f"{self.title(one_language())} ({self.id})", self)


def load_networks(folder: str | Path | None = None) -> dict[str, NetworkFile]:
    """The network files of a folder (else those of the package), by id, in the order of their ids.

    Raises NetworkError with every fault of every file.
    """
    place = resource("cypher", "networks") if folder is None else Path(folder)
    return load_files(place, NETWORK, parse_network)


def find_network(name: str, networks: Mapping[str, NetworkFile]) -> NetworkFile:
    """The network that an id means, or a title in either language; case, width and spaces do not matter.

    Raises NetworkError, with the nearest ids and titles, for a name that none has or several share.
    """
    return find_file(name, networks, NETWORK)


def parse_network(text: str, file: str) -> NetworkFile:
    """The network in a text; its id is the file's name without the suffix. Raises NetworkError with every fault."""
    made, own = parse_file(text, file, NETWORK)
    directed, line = own["directed"]
    if directed not in ("yes", "no"):
        message = tr("directed: {value!r} is not valid", value=directed)
        finding = Finding("error", "header_directed", message, file, line, hint=tr("write yes or no"))
        raise NetworkError(tr(NETWORK.not_one, file=file), findings=[finding])
    same = {field.name: getattr(made, field.name) for field in fields(made)}
    return NetworkFile(**same, directed=directed == "yes")


def check_network(network: NetworkFile, schema: Schema) -> tuple[Finding, ...]:
    """Every fault of a network file, against the schema of a loaded dataset."""
    try:
        bind_networks([network], schema)
    except NetworkError as err:
        return err.findings
    return ()


def bind_networks(networks: Iterable[NetworkFile], schema: Schema) -> dict[str, BoundQuery]:
    """The query of each network, checked and bound, by its id. Raises NetworkError with the faults of all."""
    return bind_files(networks, schema, NETWORK, _columns)


def _columns(network: NetworkFile, bound: BoundQuery) -> Iterator[Finding]:
    items = network.query.items
    names = tuple(item.alias for item in items)
    if names != COLUMNS:
        message = tr("a network returns source, target, weight, not {names}", names=", ".join(names))
        hint = tr("end with: RETURN a.id AS source, b.id AS target, count(t) AS weight")
        yield fault(network, items[0], "columns", message, hint)
        return
    for item in items[:2]:
        if not _is_node_id(item.expression, bound):
            text = expression_text(item.expression)
            message = tr("{column} is the id of a node, not {text}", column=item.alias, text=text)
            yield fault(network, item, "end_column", message, tr("write a.id, with (a) a node that is no Region"))
    if not aggregates(items[2].expression):
        message = tr("weight is an aggregate, not {text}", text=expression_text(items[2].expression))
        hint = tr("use count(x), count(DISTINCT x), sum(x) or avg(x)")
        yield fault(network, items[2], "weight_column", message, hint)


def _is_node_id(expression: Expression, bound: BoundQuery) -> bool:
    if not isinstance(expression, PropertyOf) or expression.name != "id":
        return False
    labels = bound.bindings.nodes.get(expression.variable, ())
    return bool(labels) and "Region" not in labels
