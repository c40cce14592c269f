"""Random statements of lists, maps, loops, subqueries, walks and paths, as text: the clauses.

A name that is visible has a type, in the words of `ecosystem.query.kinds`; a list whose order nothing says is a `bag`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aggregates import aggregate
from values import BAG, ENTITY, LISTS, SCALARS, Names, Values, owners_of

from ecosystem.query import Schema

_WALKED = ("ENABLES", "INVESTED_IN", "COLLABORATES_WITH", "WORKS_FOR", "WORKED_AT", "LOCATED_IN", "WITHIN")
_HOPS = ("*", "*1..2", "*0..1", "*0..2", "*2", "*..2", "*1..3", "*2..3", "*0..3", "*0")


def statement(seed: str, schema: Schema) -> str:
    """The text of a seed's statement."""
    rng = random.Random(seed)  # noqa: S311 - nothing here is a secret
    return Clauses(rng, schema).whole()


@dataclass
class Columns:
    """What WITH or RETURN says: the text of each column, its name and its type."""

    texts: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    grouped: bool = False

    def add(self, text: str, name: str, kind: str) -> None:
        """One more column."""
        self.texts.append(text if text == name else f"{text} AS {name}")
        self.names[name] = kind


class Clauses(Values):
    """Draws clauses one behind the other, each on what is visible there."""

    def whole(self) -> str:
        """A statement, or now and then a union of two."""
        if self.chance(8):
            kinds = tuple(self.one(*SCALARS, "list of integer") for _ in range(self.one(1, 2)))
            word = self.one("UNION", "UNION ALL")
            return f" {word} ".join(self.branch({}, kinds, "c") for _ in range(2))
        text, names = "", Names()
        for at in range(self.one(1, 1, 1, 2, 2, 3)):
            if at:
                added, names = self.with_(names)
                text += added
            added, names = self.clauses(names, first=not at)
            text += added
        return text + self.return_(names)

    def branch(self, names: Mapping[str, str], kinds: tuple[str, ...], letter: str) -> str:
        """A statement that ends in columns of these types."""
        added, inner = self.clauses(Names(names), first=True)
        columns = [f"{self.value(kind, inner, 2)} AS {letter}{at}" for at, kind in enumerate(kinds)]
        return f"{added}RETURN {self.one('', 'DISTINCT ')}{', '.join(columns)}"

    def clauses(self, names: Names, *, first: bool) -> tuple[str, Names]:
        """One to three clauses, and what is visible behind them."""
        text = ""
        for at in range(self.one(1, 1, 2, 2, 3) if first else self.one(0, 1, 1)):
            draw = self.match if first and not at and self.chance(75) else self.clause(names)
            added, names = draw(names)
            text += added
        return text, names

    def clause(self, names: Names) -> Callable[[Names], tuple[str, Names]]:
        """How the next clause is drawn."""
        nodes = [name for name, kind in names.items() if kind.startswith("node ")]
        choices = [self.match, self.match, self.optional, self.unwind, self.unwind, self.call, self.call, self.walk]
        return self.one(*choices, *([self.shortest] if len(nodes) < 3 else []), self.path_match)

    def match(self, names: Names) -> tuple[str, Names]:
        """MATCH of one or two links, with or without a condition."""
        text, found = self.pattern(names, self.one(0, 1, 1, 1, 2))
        return f"MATCH {text}{self.where(found)} ", found

    def optional(self, names: Names) -> tuple[str, Names]:
        """OPTIONAL MATCH of a link or two."""
        text, found = self.pattern(names, self.one(1, 1, 2))
        return f"OPTIONAL MATCH {text}{self.where(found)} ", found

    def path_match(self, names: Names) -> tuple[str, Names]:
        """MATCH of a path that has a name."""
        text, found = self.pattern(names, self.one(0, 1, 2))
        # where all of it is bound before, and the condition does not hold, the server's path is not null
        word = self.one("", "", "OPTIONAL ") if len(found) > len(names) or "[" in text else ""
        name = self.fresh("p")
        found = Names(found, **{name: "path"})
        return f"{word}MATCH {name} = {text}{self.where(found)} ", found

    def walk(self, names: Names) -> tuple[str, Names]:
        """A walk of several links of given types, or of at most two of any."""
        found = Names(names)
        start, begins = self.node(found, self.labels)
        kinds = [kind for kind in _WALKED if self.beyond(kind, "both", begins)]
        types = list(dict.fromkeys(self.one(*(kinds or _WALKED)) for _ in range(self.one(1, 1, 2))))
        hops = self.one(*_HOPS) if types != ["COLLABORATES_WITH"] else self.one(*_HOPS[1:])
        if self.chance(10):
            types, hops = [], self.one("*1..2", "*0..1", "*2")
        link = self.fresh("k") if self.chance(25) else ""
        if link:
            found[link] = "list of link " + "|".join(types) if types else "links"
        end, _ = self.node(found, (*self.labels, "Region"), again=20)
        left, right = self.one(("-", "->"), ("-", "->"), ("<-", "-"), ("-", "-"))
        if left == right and hops == "*":
            hops = "*1..2"
        text = f"{start}{left}[{link}{':' if types else ''}{'|'.join(types)}{hops}]{right}{end}"
        if self.chance(30):
            name = self.fresh("p")
            found[name] = "path"
            text = f"{name} = {text}"
        return f"{self.one('', '', 'OPTIONAL ')}MATCH {text}{self.where(found)} ", found

    def shortest(self, names: Names) -> tuple[str, Names]:
        """A shortest path between two nodes that are not one, or all of the shortest."""
        found = Names(names)
        first, last, path = self.fresh("a"), self.fresh("b"), self.fresh("p")
        one, other = self.one("Company", "University"), self.one("Investor", "Person", "Institute")
        every = self.chance(50)
        types = self.one(":ENABLES|COLLABORATES_WITH", ":ENABLES|WORKS_FOR", ":LOCATED_IN|WITHIN", "", ":ENABLES")
        hops = self.one("*", "*..3", "*1..4", "*..2", "*")
        left, right = self.one(("-", "-"), ("-", "-"), ("-", "->"), ("<-", "-"))
        word = "allShortestPaths" if every else "shortestPath"
        # which of several shortest ones is taken is open: only its length is spoken of
        found |= {first: f"node {one}", last: f"node {other}", path: "path" if every else "length"}
        return (
            f"MATCH ({first}:{one}), ({last}:{other}) {self.one('', 'OPTIONAL ')}"
            f"MATCH {path} = {word}(({first}){left}[{types}{hops}]{right}({last})) "
        ), found

    def unwind(self, names: Names) -> tuple[str, Names]:
        """UNWIND of a list, which may be empty or null."""
        kind = self.one(
            "list of integer", "list of integer", "list of string", "list of float", "list of boolean", "list of date"
        )
        lists = [name for name, its in names.items() if its.startswith(BAG) or its in ("nodes", "links")]
        name = self.fresh("u")
        if lists and self.chance(40):
            source = self.one(*lists)
            its = names[source]
            inside = f"node {'|'.join(self.labels)}|Region" if its == "nodes" else its.removeprefix(BAG)
            return f"UNWIND {source} AS {name} ", Names(names, **{name: "any" if its == "links" else inside})
        text = self.one("[]", "null") if self.chance(6) else self.value(kind, names, 2)
        return f"UNWIND {text} AS {name} ", Names(names, **{name: kind.removeprefix("list of ")})

    def call(self, names: Names) -> tuple[str, Names]:
        """CALL of a subquery for each row: by itself or on what it imports, cut, grouped, or a union."""
        usable = [name for name, kind in names.items() if kind.startswith((*ENTITY, *SCALARS))]
        imports = self.rng.sample(usable, min(len(usable), self.one(0, 1, 1, 2)))
        inner = Names({name: names[name] for name in imports})
        kinds = tuple(self.one(*SCALARS) for _ in range(self.one(1, 1, 2)))
        new = self.fresh("y")
        columns = {f"{new}{at}": kind for at, kind in enumerate(kinds)}
        new_way = self.chance(50)
        first = "" if new_way or not imports else f"WITH {', '.join(imports)} "
        parts = [first + self.inside_call(inner, kinds, new) for _ in range(self.one(1, 1, 1, 2))]
        body = self.one(" UNION ", " UNION ALL ").join(parts)
        head = f"CALL ({', '.join(imports)})" if new_way else "CALL"
        optional = "OPTIONAL " if self.chance(15) else ""
        return f"{optional}{head} {{ {body} }} ", Names(names, **columns)

    def inside_call(self, names: Names, kinds: tuple[str, ...], letter: str) -> str:
        added, inner = self.clause_inside(names)
        if self.chance(35):
            texts = [f"{self.aggregate(inner, kind)} AS {letter}{at}" for at, kind in enumerate(kinds)]
            return f"{added}RETURN {', '.join(texts)}"
        texts = [f"{self.value(kind, inner, 1)} AS {letter}{at}" for at, kind in enumerate(kinds)]
        aliases = [f"{letter}{at}" for at in range(len(kinds))]
        cut = f" ORDER BY {', '.join(self.turned(aliases))} {self.cut()}" if self.chance(50) else ""
        return f"{added}RETURN {self.one('', '', 'DISTINCT ')}{', '.join(texts)}{cut}"

    def clause_inside(self, names: Names) -> tuple[str, Names]:
        draw = self.one(self.match, self.match, self.optional, self.unwind, self.walk)
        return draw(names)

    def turned(self, keys: list[str]) -> list[str]:
        return [key + self.one("", " DESC") for key in keys]

    def cut(self) -> str:
        return self.one("LIMIT 1", "LIMIT 2", "SKIP 1", "SKIP 1 LIMIT 2", "LIMIT 0")

    def with_(self, names: Names) -> tuple[str, Names]:
        """WITH: everything, or some columns, grouped or not; or in an order that lists keep."""
        if names and self.chance(15):
            name = self.fresh("w")
            kind = self.one(*SCALARS, *LISTS)
            return f"WITH *, {self.value(kind, names, 2)} AS {name} ", Names(names, **{name: kind})
        if self.chance(25) and (found := self.ordered_lists(names)):
            return found
        columns = self.columns(names, last=False)
        where = self.where(columns.names, 30)
        distinct = "DISTINCT " if self.chance(20) and self.comparable(columns) else ""
        return f"WITH {distinct}{', '.join(columns.texts)}{where} ", Names(columns.names)

    def ordered_lists(self, names: Names) -> tuple[str, Names] | None:
        """Sorted rows, and lists of them in this order."""
        scalars = [name for name, kind in names.items() if kind in SCALARS]
        nodes = [name for name, kind in names.items() if kind.startswith("node ")]
        keys = [*scalars, *(f"{name}.id" for name in nodes)]
        if not keys:
            return None
        kept, at, listed = [*scalars, *nodes], self.fresh("o"), self.one(*keys)
        kind = names.get(listed, "string")
        text = f"WITH {', '.join(kept)} ORDER BY {', '.join(self.turned(keys))} "
        groups = self.rng.sample(nodes, min(len(nodes), self.one(0, 1)))
        heads = "".join(f"{name}, " for name in groups)
        collected = f"collect({self.one('', '', 'DISTINCT ')}{listed})"
        return f"{text}WITH {heads}{collected} AS {at} ", Names(
            {name: names[name] for name in groups}, **{at: f"list of {kind}"}
        )

    def columns(self, names: Names, *, last: bool) -> Columns:
        """Some of what is visible, values, and now and then aggregates."""
        found = Columns(grouped=self.chance(35))
        bags = () if found.grouped else tuple(name for name, kind in names.items() if kind.startswith(BAG))
        kept = [
            name
            for name, kind in names.items()
            if kind not in ("length", "any", "links", "nodes") and not kind.startswith(BAG)
        ]
        for name in self.rng.sample(kept, min(len(kept), self.one(0, 1, 2, 2))):
            entity = names[name].startswith("node ") or names[name].startswith("link ")
            if last and entity and self.chance(50):
                found.add(f"{name}.id", self.fresh("x"), "string")
            else:
                found.add(name, name, names[name])
        for name in bags[:1]:
            found.add(name, name, names[name])
        for _ in range(self.one(0, 1, 2) if found.texts else self.one(1, 2)):
            kind = (
                self.one(*SCALARS, *LISTS, "map", "duration")
                if found.grouped
                else self.one(*SCALARS, *LISTS, "map", "duration", BAG + "string")
            )
            found.add(self.value(kind, names, 2), self.fresh("v"), kind)
        lengths = [name for name, kind in names.items() if kind == "length"]
        if lengths:
            found.add(f"length({lengths[0]})", self.fresh("h"), "integer")
        if found.grouped:
            kind = self.one(*SCALARS, "integer", "float", BAG + "string", BAG + "integer", BAG + "date")
            found.add(self.aggregate(names, kind), self.fresh("g"), kind)
            if last and (listed := self.entities(names)):
                found.add(f"collect({self.one('', '', 'DISTINCT ')}{listed})", self.fresh("g"), BAG + "any")
        return found

    def entities(self, names: Names) -> str:
        """Something in which nodes, links or paths are; nothing where none is to be had, or most of the time."""
        paths = [name for name, kind in names.items() if kind == "path"]
        nodes = [name for name, kind in names.items() if kind.startswith("node ")]
        choices = [f"{self.one('', 'nodes', 'relationships')}({name})" for name in paths]
        choices += [self.one(name, f"[{name}, {self.one(*nodes)}]", f"{{a: {name}, b: 1}}") for name in nodes]
        return self.one(*choices) if choices and self.chance(40) else ""

    def aggregate(self, names: Names, kind: str) -> str:
        """An aggregate of this type."""
        if not kind.startswith(BAG):
            return aggregate(self, kind, names)
        return f"collect({self.one('', '', 'DISTINCT ')}{self.value(kind.removeprefix(BAG), names, 1)})"

    def comparable(self, columns: Columns) -> bool:
        """Whether the engines need not agree on an order inside to find the same rows equal."""
        return not any(kind.startswith(BAG) for kind in columns.names.values())

    def return_(self, names: Names) -> str:
        """RETURN, sorted or cut now and then; the cut only where the order leaves nothing open."""
        if self.chance(8) and names and not {"any", "length", "links"} & {*names.values()}:
            return "RETURN *"
        columns = self.columns(names, last=True)
        plain = self.comparable(columns) and not {"path", "duration"} & {*columns.names.values()}
        distinct = "DISTINCT " if plain and self.chance(25) else ""
        text = f"RETURN {distinct}{', '.join(columns.texts)}"
        sortable = all(
            kind in SCALARS or kind.startswith(("list of", "node ", "link ")) for kind in columns.names.values()
        )
        if plain and sortable and self.chance(40):
            keys = [f"{name}.id" if owners_of(kind) else name for name, kind in columns.names.items()]
            text += f" ORDER BY {', '.join(self.turned(keys))}{self.one('', ' LIMIT 3', ' SKIP 1 LIMIT 4', ' SKIP 2')}"
        return text
