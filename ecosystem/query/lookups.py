"""Which matches only say where a node lies: SQL makes each of them a table of its own, with the node in it.

An engine guesses how many rows a join leaves. Where links meet LOCATED_IN, which holds the nodes of every label, DuckDB
guesses far too few; it then builds its hash tables of links, the many, instead of nodes, the few, and takes many times
as long. A table of its own keeps the few together. What matches is the same: inner joins may be made in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ecosystem.query.bindings import Bindings
from ecosystem.query.schema import Schema
from ecosystem.query.traversal import subqueries, walk
from ecosystem.query.tree import Expression, Match, NodePattern, Path, PropertyOf

REGION = ("Region",)


def look_ups(matches: tuple[Match, ...], bindings: Bindings, schema: Schema) -> tuple[tuple[str, Match], ...]:
    """The matches that only say where a node lies, each with the variable of that node.

    Such a match is one chain from the node over regions, and shares nothing but the node with the other matches. There
    is none where no other match has a link: nothing is to be kept apart then. Every pattern must be named.
    """
    found = []
    for match in matches:
        elsewhere = {node.variable for other in matches if other is not match for node in other.nodes()}
        shared = {node.variable for node in match.nodes()} & elsewhere
        variable = next(iter(shared), "")
        if len(shared) == 1 and _leads_to_regions(match, variable, bindings, schema):
            found.append((variable, match))
    chains = [match for _, match in found]
    links = (link for match in matches if match not in chains for link in match.links())
    return tuple(found) if any(True for _ in links) else ()


def _leads_to_regions(match: Match, variable: str, bindings: Bindings, schema: Schema) -> bool:
    """A single chain with the node at one end and nothing but regions behind it."""
    if len(match.paths) != 1 or not match.paths[0].links:
        return False
    nodes = [node.variable for node in match.paths[0].nodes]
    kinds = {kind for link in match.links() for kind in bindings.links[link.variable]}
    return (
        variable in (nodes[0], nodes[-1])
        and len(set(nodes)) == len(nodes)
        and all(schema.link(kind).targets == REGION for kind in kinds)
        and all((bindings.nodes[name] == REGION) is (name != variable) for name in nodes)
    )


def chain(match: Match, variable: str, labels: tuple[str, ...]) -> Match:
    """The look-up without its conditions; its node has the labels that the whole query leaves it."""
    (path,) = match.paths
    nodes = tuple(NodePattern(node.variable, labels if node.variable == variable else REGION) for node in path.nodes)
    return Match((Path(nodes, tuple(replace(link, properties=()) for link in path.links)),))


def compares(condition: Expression, tables: Mapping[str, str]) -> bool:
    """True for a condition over two of the tables in which variables are carried, and over no subquery."""
    names = {node.variable for node in walk(condition) if isinstance(node, PropertyOf)}
    over = {tables[name] for name in names if name in tables}
    return len(over) > 1 and not any(True for _ in subqueries(condition))
