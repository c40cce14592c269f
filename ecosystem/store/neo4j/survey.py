"""What lies in a database: how many nodes of each label and links of each type, from the server's own count."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.client import Client


@dataclass(frozen=True, slots=True)
class Survey:
    """The labels and link types of which there is anything, with their numbers."""

    nodes: Mapping[str, int]
    links: Mapping[str, int]

    def __bool__(self) -> bool:
        return bool(self.nodes or self.links)

    def __str__(self) -> str:
        """`Person 133, Movie 38`, the most first; the others are only counted."""
        parts = sorted({**self.nodes, **self.links}.items(), key=lambda part: -part[1])
        listed = ", ".join(f"{name or 'nodes without a label'} {count:,}" for name, count in parts[:_SHOWN])
        return f"{listed} and {len(parts) - _SHOWN} kinds more" if len(parts) > _SHOWN else listed

    def without(self, nodes: Collection[str], links: Collection[str]) -> Survey:
        """The same without these labels and types."""
        return Survey(
            {name: count for name, count in self.nodes.items() if name not in nodes},
            {name: count for name, count in self.links.items() if name not in links},
        )


_SHOWN = 8


def survey(client: Client) -> Survey:
    """Everything that is there."""
    labels = [row[0] for row in client.rows("CALL db.labels() YIELD label RETURN label")]
    types = [row[0] for row in client.rows("CALL db.relationshipTypes() YIELD relationshipType AS type RETURN type")]
    found = counts(client, labels, types)
    unlabelled = client.rows("MATCH (n) RETURN count(n)")[0][0] - sum(found.nodes.values())
    if unlabelled > 0:  # with several labels a node is counted twice, so that it can be less
        return Survey({**found.nodes, "": unlabelled}, found.links)
    return found


def counts(client: Client, labels: Collection[str], types: Collection[str]) -> Survey:
    """How many nodes there are of these labels and links of these types; none is left out."""
    nodes = _counted(client, {label: f"MATCH (x:{name_text(label)})" for label in labels})
    links = _counted(client, {kind: f"MATCH ()-[x:{name_text(kind)}]->()" for kind in types})
    return Survey(
        {name: count for name, count in nodes.items() if count}, {name: count for name, count in links.items() if count}
    )


def _counted(client: Client, matches: Mapping[str, str]) -> dict[str, int]:
    """One question for all: the server looks each number up."""
    names = list(matches)
    parts = [f"{match} RETURN {place} AS place, count(x) AS count" for place, match in enumerate(matches.values())]
    rows = client.rows("\nUNION ALL\n".join(parts)) if parts else []
    return {names[place]: count for place, count in rows}
