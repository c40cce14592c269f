"""Whether a mapping makes sense: its names, its references, and the types of its properties, against the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ecosystem.errors import Finding, did_you_mean
from ecosystem.imports.cell_check import idle_options
from ecosystem.imports.language import EndSpec, FileSpec, LinkSpec, MappingSpec, NodeSpec
from ecosystem.imports.property_types import TYPES, cell_type, type_of, typed_cells
from ecosystem.messages import either, together, tr, tr_later
from ecosystem.model import Label, Model, PropertyType

_KEYS_OF_NODES = ("id", "name", "in_sample")
_KEYS_OF_LINKS = ("from", "to")


def check_mapping(mapping: MappingSpec, model: Model) -> list[Finding]:
    """Every fault of the mapping that shows without its files; empty when there is none."""
    faults = [*_files(mapping), *_types(mapping, model)]
    for key, node in mapping.nodes.items():
        faults += _node(f"nodes.{key}", key, node, mapping, model)
    for key, link in mapping.links.items():
        faults += _link(f"links.{key}", link, mapping, model)
    return faults


def _fault(place: str, message: str, hint: str | None = None) -> Finding:
    return Finding("error", "mapping", message, column=place, hint=hint)


def _files(mapping: MappingSpec) -> Iterator[Finding]:
    for key, file in mapping.files.items():
        later = list(file.add)
        for name, cell in file.add.items():
            for column in set(cell.columns) & set(later):
                yield _fault(
                    f"files.{key}.add.{name}",
                    tr("takes {column!r}, which is added after it", column=column),
                    tr("change the order"),
                )
            later.remove(name)
            for message, hint in idle_options(cell, cell_type(cell), mapping.money):
                yield _fault(f"files.{key}.add.{name}", message, hint)
        yield from _made_too_late(key, file)
        for name, join in file.join.items():
            place = f"files.{key}.join.{name}"
            yield from _reference(f"{place}.file", join.file, mapping.files, tr("a file"))
            if _leads_back(join.file, key, mapping):
                yield _fault(
                    f"{place}.file",
                    tr("{file!r} is joined with {key!r} in turn", file=join.file, key=key),
                    tr("give one of them a copy"),
                )


def _made_too_late(key: str, file: FileSpec) -> Iterator[Finding]:
    """Whether a column is wanted before there is one: blocks are filled, columns added, files joined, in this order."""
    fill = (file.fill_down.key, *file.fill_down.columns) if file.fill_down else ()
    for column in dict.fromkeys(fill):
        if column in file.add or file.is_joined(column):
            yield _fault(
                f"files.{key}.fill_down",
                tr("takes {column!r}, which is made after blocks are filled", column=column),
                tr(_OF_FILE),
            )
    for name, join in file.join.items():
        for column in join.on:
            if column in file.added_late or file.is_joined(column):
                yield _fault(
                    f"files.{key}.join.{name}.on",
                    tr("takes {column!r}, which is made after the join", column=column),
                    tr(_OF_FILE),
                )


_OF_FILE = tr_later("take a column of the file itself")


def _leads_back(file: str, start: str, mapping: MappingSpec) -> bool:
    """Whether the joins of a file lead to another one."""
    seen, open_ends = set(), [file]
    while open_ends:
        one = open_ends.pop()
        if one == start:
            return True
        if one not in seen and one in mapping.files:
            seen.add(one)
            open_ends.extend(join.file for join in mapping.files[one].join.values())
    return False


def _reference(place: str, key: str | None, known: Iterable[str], what: str) -> Iterator[Finding]:
    if key is not None and key not in known:
        yield _fault(place, tr("{key!r} is not {what} of this mapping", key=key, what=what), did_you_mean(key, known))


def _file_of(place: str, file: str | None, mapping: MappingSpec) -> Iterator[Finding]:
    if file is None and len(mapping.files) > 1:
        yield _fault(
            place,
            tr("does not say which file it is made from"),
            tr("set file = {files}", files=either(map(repr, mapping.files))),
        )
    yield from _reference(f"{place}.file", file, mapping.files, tr("a file"))


def _node(place: str, key: str, node: NodeSpec, mapping: MappingSpec, model: Model) -> Iterator[Finding]:
    yield from _file_of(place, node.file, mapping)
    makes = [name for name in model.labels if name != "Region"]  # regions come from regions.csv, not from an export
    if node.label not in makes:
        yield _fault(
            f"{place}.label", tr("{label!r} is not a label", label=node.label), did_you_mean(node.label, makes)
        )
        return
    label = model.labels[node.label]
    if label.keyless and node.model_fields_set - {"label", "file", "keep", "properties", "region"}:
        yield _fault(
            place, tr("{name} has no id: it takes label, file, keep, region and properties only", name=label.name)
        )
    if not label.keyless and node.id is None:
        yield _fault(place, tr("has no id"), tr('for example id = { column = "...", as = "hash", prefix = "c:" }'))
    above = list(mapping.nodes)[: list(mapping.nodes).index(key)]
    for other in node.same_as:
        yield from _reference(f"{place}.same_as", other, above, tr("a node table above this one"))
    if node.region and not label.keyless and label.name not in model.links["LOCATED_IN"].sources:
        yield _fault(f"{place}.region", tr("{name} nodes are not located in regions", name=label.name))
    for name in node.collect:
        yield from _reference(f"{place}.collect", name, node.properties, tr("a property"))
    yield from _names(place, node.properties, _KEYS_OF_NODES)
    yield from _optional(place, node, label)
    required = {name for name, known in label.properties.items() if known.required and name != "id"}
    if label.keyless and node.region:
        required.discard("region")
    for name in sorted(required - set(node.cells)):
        yield _fault(f"{place}.properties", tr("{label} needs the property {name!r}", label=label.name, name=name))


def _optional(place: str, node: NodeSpec, label: Label) -> Iterator[Finding]:
    """Whether nothing is optional that a node cannot be without, or that tells it from others."""
    unnamed = {"unnamed.id": node.unnamed.id, "unnamed.name": node.unnamed.name} if node.unnamed else {}
    for name, cell in {**node.cells, **unnamed}.items():
        known = label.properties.get(name)
        needed = name not in node.properties or (known is not None and (known.required or label.keyless))
        if cell.optional and needed:
            key = f"properties.{name}" if name in node.properties else name
            yield _fault(f"{place}.{key}", tr("cannot be optional: rows in which it cannot be read go to quarantine"))


def _link(place: str, link: LinkSpec, mapping: MappingSpec, model: Model) -> Iterator[Finding]:
    yield from _file_of(place, link.file, mapping)
    makes = [kind.name for kind in model.link_tables]
    if link.type not in makes:
        yield _fault(f"{place}.type", tr("{type!r} is not a link type", type=link.type), did_you_mean(link.type, makes))
        return
    kind = model.links[link.type]
    yield from _end(f"{place}.from", link, link.source, kind.sources, mapping)
    yield from _end(f"{place}.to", link, link.target, kind.targets, mapping)
    yield from _pairs(place, link, mapping, directed=kind.directed)
    yield from _names(place, link.properties, (*_KEYS_OF_LINKS, *((link.named,) if link.named else ())))
    for part, whole in link.share.items():
        yield from _reference(f"{place}.share", whole, link.properties, tr("a property of the link"))
        if part in link.share.values():
            yield _fault(f"{place}.share", tr("{part!r} is a part, and a whole of which there are parts", part=part))


def _pairs(place: str, link: LinkSpec, mapping: MappingSpec, *, directed: bool) -> Iterator[Finding]:
    """Whether the nodes of a row are joined with each other, and only where the mapping says that pairs are meant."""
    ends = [{_makes(table, mapping) for table in end.node} for end in (link.source, link.target)]
    told = [{_told(table, end, link, mapping) for table in end.node} for end in (link.source, link.target)]
    of_the_row = link.source.column is None and link.target.column is None
    if link.pairs == "event" and link.event is None:
        yield _fault(f"{place}.pairs", tr("needs an event"), tr("say which column tells events apart: event = '...'"))
    if not link.pairs:
        if both := {table for table, _ in told[0] & told[1]}:
            yield _fault(
                place,
                tr(
                    "from and to are both {both} of one row: every node would have a link to itself, and "
                    "every two nodes two links",
                    both=together(sorted(both)),
                ),
                tr("pairs = true makes one link for every two nodes of a row; or name the other end by another column"),
            )
    elif not of_the_row or ends[0] != ends[1]:
        yield _fault(
            f"{place}.pairs",
            tr("needs the same node tables of the row as from and to, without a column"),
            tr(_PAIRS_HINT),
        )
    elif directed:
        yield _fault(
            f"{place}.pairs", tr("a pair has no direction, and {type} has one", type=link.type), tr(_PAIRS_HINT)
        )


def _told(table: str, end: EndSpec, link: LinkSpec, mapping: MappingSpec) -> tuple[str, tuple[str, str] | None]:
    """The node table that an end is of, and the column that names the node; None where that is the row's own node."""
    node = mapping.nodes.get(table)
    if end.column is None or node is None:
        return _makes(table, mapping), None
    cell = node.id if end.by == "id" else node.name
    own = cell is not None and cell.columns == (end.column,) and mapping.file_of(node) == mapping.file_of(link)
    return _makes(table, mapping), None if own and not node.each else (end.column, end.by)


def _makes(table: str, mapping: MappingSpec) -> str:
    """The first node table that makes of a row the very nodes that this one makes."""
    own = mapping.nodes.get(table)
    for other, node in mapping.nodes.items():
        if own is not None and _nodes_of(node, mapping) == _nodes_of(own, mapping):
            return other
    return table


def _nodes_of(node: NodeSpec, mapping: MappingSpec) -> tuple[object, ...]:
    return mapping.file_of(node), node.label, node.id, node.each


_PAIRS_HINT = tr_later("links between two tables are a link table of their own, with from = one and to = the other")


def _end(place: str, link: LinkSpec, end: EndSpec, allowed: tuple[str, ...], mapping: MappingSpec) -> Iterator[Finding]:
    for table in end.node:
        if table not in mapping.nodes:
            yield from _reference(place, table, mapping.nodes, tr("a node table"))
            continue
        node = mapping.nodes[table]
        if end.column is not None and end.by == "id" and node.id is not None and node.id.join:
            yield _fault(
                place,
                tr("the id of {table!r} is made of several columns", table=table),
                tr("add the column to the file, or use by = 'name'"),
            )
        if end.column is None and mapping.file_of(node) != mapping.file_of(link):
            yield _fault(
                place,
                tr("the rows of another file make {table!r}", table=table),
                tr('name it: { node = "...", column = "..." }'),
            )
        labels = [node.label, *(mapping.nodes[other].label for other in node.same_as if other in mapping.nodes)]
        for label in dict.fromkeys(labels):
            if label not in allowed:
                yield _fault(
                    place,
                    tr("{type} takes no {label} there", type=link.type, label=label),
                    tr("it takes {allowed}", allowed=", ".join(allowed)),
                )


def _names(place: str, properties: Iterable[str], taken: Iterable[str]) -> Iterator[Finding]:
    seen = {name.casefold() for name in taken}
    for name in properties:
        if name.casefold() in seen:
            yield _fault(f"{place}.properties.{name}", tr("is a name that is taken here (case does not count)"))
        if name.startswith("_") or not name.isidentifier():
            yield _fault(
                f"{place}.properties.{name}",
                tr("is not a name for a property"),
                tr("letters, digits, _; a letter first"),
            )
        seen.add(name.casefold())


def _types(mapping: MappingSpec, model: Model) -> Iterator[Finding]:
    """Whether every cell makes what the model, or another table for the same label, expects."""
    extra: dict[tuple[str, str], PropertyType] = {}
    for one in typed_cells(mapping, model):
        place, cell = one.place, one.cell
        declared = one.known.type if one.known else None
        made = cell_type(cell, declared or "string")
        wanted = declared or extra.setdefault((one.kind, one.name), made)
        if not _fits(made, wanted):
            yield _fault(place, tr("is made as {made}, but it is {wanted}", made=made, wanted=wanted), _how(wanted))
        constants = [*(cell.translate or {}).values(), *(() if cell.default is None else (cell.default,))]
        if odd := [value for value in constants if not _fits(type_of(value), wanted)]:
            yield _fault(place, tr("has the constant {odd!r}, but it is {wanted}", odd=odd[0], wanted=wanted))
        for message, hint in idle_options(cell, declared or made, mapping.money):
            yield _fault(place, message, hint)


def _fits(made: PropertyType, wanted: PropertyType) -> bool:
    return made == wanted or (made, wanted) == ("integer", "float")


def _how(wanted: PropertyType) -> str:
    return tr("set as = {types}", types=either(repr(reading) for reading, kind in TYPES.items() if kind == wanted))
