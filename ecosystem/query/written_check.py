"""What must hold of a query as it is written, before anything in it is bound: its names, locations and clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ecosystem.errors import Finding, did_you_mean
from ecosystem.messages import tr, tr_later
from ecosystem.query.location_chain import one_match_per_chain, repeated_location
from ecosystem.query.printer import match_text
from ecosystem.query.schema import Schema
from ecosystem.query.syntax import SyntaxNode, is_unnamed
from ecosystem.query.temporal_types import is_clock
from ecosystem.query.traversal import walk
from ecosystem.query.tree import LinkPattern, Match, NodePattern


def check_names(query: SyntaxNode, schema: Schema, file: str | None, *, metric: bool = True) -> Iterator[Finding]:
    """Unknown labels and types, links without a type, reserved names: what must hold before anything is bound."""
    for node in walk(query):
        if isinstance(node, NodePattern):
            yield from _unknown(node, node.labels, schema.model.labels, "unknown_label", file)
        if isinstance(node, LinkPattern):
            yield from _unknown(node, node.types, schema.model.links, "unknown_link_type", file)
            if metric and not node.types and node.further is None:
                hint = tr("for example -[t:ENABLES]->; the types are {links}", links=", ".join(schema.model.links))
                yield finding(node, "untyped_link", tr("a link needs its type"), file, hint)
        if isinstance(node, NodePattern | LinkPattern) and is_unnamed(node.variable):
            yield finding(
                node,
                "reserved_name",
                tr("names that begin with _ are the library's: {variable}", variable=node.variable),
                file,
            )


def _unknown(
    node: SyntaxNode, names: Iterable[str], known: Iterable[str], code: str, file: str | None
) -> Iterator[Finding]:
    text = _NO_LABEL if code == "unknown_label" else _NO_TYPE
    for name in names:
        if name not in known:
            yield finding(node, code, tr(text, name=name), file, did_you_mean(name, known))


_NO_LABEL, _NO_TYPE = tr_later("{name} is not a label"), tr_later("{name} is not a link type")


def check_location_chains(query: SyntaxNode, file: str | None) -> Iterator[Finding]:
    """LOCATED_IN or WITHIN twice in one MATCH: pairs that sit in the same region would be lost."""
    for match in walk(query):
        if isinstance(match, Match) and (found := repeated_location(match)):
            kind, link = found
            message = tr(
                "{kind} stands twice in one MATCH: two nodes of one region would share the link and drop out", kind=kind
            )
            lines = [tr("write one MATCH per location chain:"), *map(match_text, one_match_per_chain(match))]
            yield finding(link, "shared_place", message, file, "\n".join(lines))


def check_clocks(query: SyntaxNode, file: str | None) -> Iterator[Finding]:
    """What is now, in the query of a metric or network: tomorrow the same file would give another number."""
    for node in walk(query):
        if is_clock(node):
            message = tr("what a metric gives must be the same tomorrow: what day it is now is refused")
            hint = tr("declare a parameter, // param: day = '2021-05-01', and write date($day)")
            yield finding(node, "clock", message, file, hint)


def finding(node: SyntaxNode, code: str, message: str, file: str | None, hint: str | None = None) -> Finding:
    """A fault at a node of a query."""
    return Finding("error", code, message, file, node.position.line, str(node.position.column), hint=hint)
