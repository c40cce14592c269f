"""Random patterns as text, and what they make visible."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import TypeVar

from queries import Drawing

from ecosystem.query import Schema

ENTITY = ("node ", "link ")
_WAYS = (("-", "->"), ("<-", "-"), ("-", "-"))
_OF_WAYS = {("-", "->"): "out", ("<-", "-"): "in", ("-", "-"): "both"}
_T = TypeVar("_T")


class Names(dict[str, str]):
    """What is visible: the type of each name."""


def owners_of(kind: str) -> tuple[str, ...]:
    """The labels or types of a node or link of this type."""
    return tuple(kind.partition(" ")[2].split("|")) if kind.startswith(ENTITY) else ()


class Patterns:
    """Draws patterns on what is visible."""

    labels: tuple[str, ...] = ("Company", "University", "Investor", "Person", "Institute", "Conference", "Park")
    types = (
        *("ENABLES", "ENABLES", "INVESTED_IN", "COLLABORATES_WITH", "COLLABORATES_WITH"),
        *("WORKS_FOR", "STUDIED_AT", "WORKED_AT", "LOCATED_IN", "WITHIN"),
    )

    def __init__(self, rng: random.Random, schema: Schema) -> None:
        self.rng, self.schema = rng, schema
        self.drawing = Drawing(rng, schema)
        self.drawing.labels = self.labels
        self.fresh, self.chance, self.beyond = self.drawing.fresh, self.drawing.chance, self.drawing.beyond

    def one(self, *choices: _T) -> _T:
        """One of them."""
        return self.rng.choice(choices)

    def node(self, names: dict[str, str], fitting: tuple[str, ...], *, again: int = 55) -> tuple[str, tuple[str, ...]]:
        """A node that may have these labels, and which of them; `names` gains what it binds."""
        known = [name for name, kind in names.items() if kind.startswith("node ") and {*owners_of(kind)} & {*fitting}]
        if known and self.chance(again):
            name = self.one(*known)
            return f"({name})", tuple(label for label in owners_of(names[name]) if label in fitting)
        kept = (self.one(*fitting),) if self.chance(40) else fitting
        label = f":{kept[0]}" if kept != fitting else ""
        if self.chance(20):
            return f"({label})", kept
        name = self.fresh("n")
        names[name] = f"node {'|'.join(kept)}"
        return f"({name}{label})", kept

    def pattern(self, names: Mapping[str, str], links: int, *, silent: bool = False) -> tuple[str, Names]:
        """A chain of so many links, and what is visible behind it; `silent` ones bind nothing."""
        found = Names(names)
        text, here = self.node(found, (*self.labels, "Region"))
        for _ in range(links):
            fitting = [(kind, way) for kind in self.types for way in _WAYS if self.beyond(kind, _OF_WAYS[way], here)]
            if not fitting:
                break
            kind, (left, right) = self.one(*fitting)
            ends = self.beyond(kind, _OF_WAYS[left, right], here)
            name = "" if silent or self.chance(45) else self.fresh("l")
            if name:
                found[name] = f"link {kind}"
            untyped = self.chance(10) and not name
            node, here = self.node(found, (*self.labels, "Region") if untyped else ends, again=15)
            text += f"{left}[{name}{'' if untyped else ':' + kind}]{right}{node}"
        return text, found

    def known(self, kind: str, names: Mapping[str, str]) -> list[str]:
        """The names and the properties of this type."""
        found = [name for name, its in names.items() if its == kind]
        for name, its in names.items():
            owners = owners_of(its)
            node = its.startswith("node ")
            look = self.schema.node_property if node else self.schema.link_property
            every = self.schema.node_properties if node else self.schema.link_properties
            for each in dict.fromkeys(each for owner in owners for each in every(owner)):
                if {look(owner, each) for owner in owners} <= ({kind} if len(owners) > 1 else {kind, None}):
                    found.append(f"{name}.{each}")
        return found

    def bare(self, names: Mapping[str, str], start: str) -> str:
        """A pattern as a condition: it names nothing new."""
        here = owners_of(names[start])
        fitting = [(kind, way) for kind in self.types for way in _WAYS if self.beyond(kind, _OF_WAYS[way], here)]
        kind, (left, right) = self.one(*fitting) if fitting else ("ENABLES", _WAYS[2])
        ends = self.beyond(kind, _OF_WAYS[left, right], here)
        end = f":{self.one(*ends)}" if ends and self.chance(40) else ""
        return f"({start}){left}[:{kind}{self.one('', '', '', '*1..2')}]{right}({end})"
