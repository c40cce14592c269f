"""Random expressions as text: of each type what there is to say, on what is visible."""

from __future__ import annotations

from collections.abc import Mapping

from drawn_patterns import ENTITY, Names, Patterns, owners_of
from functions import CALLS, DAYS, LENGTHS, call

__all__ = ["BAG", "ENTITY", "LISTS", "SCALARS", "Names", "Values", "owners_of"]

BAG = "bag of "
"""The type of a list whose order nothing says."""
SCALARS = ("integer", "string", "boolean", "float", "date")
LISTS = ("list of integer", "list of string")
_TEXTS = ("'a'", "'ab'", "''", "'北京'", "'Company'", "'company1'", "'technology'", "null")
_WHOLE = ("0", "1", "2", "3", "-1", "2020", "2021", "null")
_REALS = ("0.5", "0.1", "-2.25", "1.5", "0.0", "1000000.0", "null")
_AT = ("0", "1", "-1", "2", "-2", "5", "null")
_ENDS = ("0", "1", "2", "-1", "-2", "4")


class Values(Patterns):
    """Draws expressions; `depth` is how many of them may stand in each other."""

    def where(self, names: Mapping[str, str], percent: int = 40) -> str:
        """A condition, or none; now and then a pattern is one."""
        if not self.chance(percent):
            return ""
        nodes = [name for name, kind in names.items() if kind.startswith("node ")]
        if nodes and self.chance(20):
            bare = self.bare(names, self.one(*nodes))
            return f" WHERE {self.one('', 'NOT ')}{bare}{self.one('', ' OR ' + self.value('boolean', names, 1))}"
        return f" WHERE {self.value('boolean', names, 2)}"

    def value(self, kind: str, names: Mapping[str, str], depth: int) -> str:
        """An expression of this type."""
        known = self.known(kind, names)
        if known and self.chance(55 if depth else 75):
            return self.one(*known)
        if depth > 0 and kind in CALLS and self.chance(40):
            return call(self, kind, names, depth)
        match kind:
            case "integer":
                return self.integer(names, depth)
            case "string":
                return self.string(names, depth)
            case "float":
                return self.real(names, depth)
            case "boolean":
                return self.truth(names, depth)
            case "date" | "duration":
                return call(self, kind, names, depth) if depth > 0 else self.one(*(DAYS if kind == "date" else LENGTHS))
            case "map":
                return f"{{a: {self.value('integer', names, depth - 1)}, b: {self.value('string', names, depth - 1)}}}"
            case _ if kind.startswith(BAG):
                return self.bag(kind.removeprefix(BAG), names)
            case _:
                return self.listed(kind.removeprefix("list of "), names, depth)

    def integer(self, names: Mapping[str, str], depth: int) -> str:
        if depth < 1:
            return self.one(*_WHOLE)
        paths = [name for name, kind in names.items() if kind == "path"]
        lengths = [name for name, kind in names.items() if kind in ("path", "length")]
        choices = ["plain", "sum", "element", "element", "reduce", "count", "case", "map", "coalesce", "statement"]
        choices += ["size", "size", "head"]
        choices += ["length", "length"] if lengths else []
        match self.one(*choices):
            case "sum":
                return f"({self.value('integer', names, 0)} {self.one('+', '-', '*')} {self.value('integer', names, depth - 1)})"
            case "element":
                return self.part_of("list of integer", names, depth - 1, self.one(*_AT))
            case "reduce":
                total, each = self.fresh("t"), self.fresh("e")
                return self.one(
                    f"reduce({total} = {self.one('0', '1', '10')}, {each} IN {self.value('list of integer', names, depth - 1)} | {total} {self.one('+', '-')} {each})",
                    f"reduce({total} = 1, {each} IN {self.value('list of integer', names, depth - 1)} | {total} + coalesce({each}, 7))",
                )
            case "count":
                return f"COUNT {{ {self.inner(names)} }}"
            case "statement":
                text, found = self.pattern(names, 1)
                return f"COUNT {{ MATCH {text}{self.where(found)} RETURN {self.one('', 'DISTINCT ')}{self.value('string', found, 0)} AS z }}"
            case "case":
                return f"CASE WHEN {self.value('boolean', names, depth - 1)} THEN {self.value('integer', names, 0)} ELSE {self.one(*_WHOLE)} END"
            case "map":
                maps = [name for name, kind in names.items() if kind == "map"]
                return f"{self.one(*maps)}.a" if maps else f"{self.value('map', names, depth)}.a"
            case "coalesce":
                return f"coalesce({self.value('integer', names, 0)}, {self.value('integer', names, 0)})"
            case "size":
                return f"size({self.value(self.one('list of integer', 'list of string', BAG + 'string'), names, depth - 1)})"
            case "head":
                return f"{self.one('head', 'last')}({self.value('list of integer', names, depth - 1)})"
            case "length":
                return f"length({self.one(*lengths)})"
            case _:
                return self.one(*_WHOLE) if not paths else f"length({self.one(*paths)})"

    def string(self, names: Mapping[str, str], depth: int) -> str:
        links = [name for name, kind in names.items() if kind.startswith("link ")]
        nodes = [name for name, kind in names.items() if kind.startswith("node ")]
        paths = [name for name, kind in names.items() if kind == "path"]
        choices = ["plain", "plain"]
        choices += ["type", "ends", "ends"] if links else []
        choices += ["labels", "projected"] if nodes else []
        choices += ["along"] if paths else []
        choices += ["element", "map", "joined", "case"] if depth > 0 else []
        match self.one(*choices):
            case "type":
                return f"type({self.one(*links)})"
            case "ends":
                return f"{self.one('startNode', 'endNode')}({self.one(*links)}).{self.one('id', 'id', 'name')}"
            case "labels":
                return f"labels({self.one(*nodes)})[{self.one('0', '0', '0', '-1', '1')}]"
            case "projected":
                return f"{self.one(*nodes)} {{.name, .id, k: {self.value('string', names, 0)}}}.{self.one('id', 'name', 'k')}"
            case "along":
                return f"nodes({self.one(*paths)})[{self.one('0', '1', '-1', '-2')}].{self.one('id', 'name')}"
            case "element":
                return self.part_of("list of string", names, depth - 1, self.one(*_AT))
            case "map":
                maps = [name for name, kind in names.items() if kind == "map"]
                return f"{self.one(*maps)}.b" if maps else f"{self.value('map', names, depth)}.b"
            case "joined":
                return f"{self.value('string', names, 0)} + {self.value('string', names, depth - 1)}"
            case "case":
                return f"CASE {self.value('integer', names, 0)} WHEN {self.value('integer', names, 0)} THEN 'x' ELSE {self.value('string', names, 0)} END"
            case _:
                return self.one(*_TEXTS)

    def real(self, names: Mapping[str, str], depth: int) -> str:
        if depth < 1:
            return self.one(*_REALS)
        return self.one(
            self.one(*_REALS),
            f"{self.value('float', names, 0)} {self.one('+', '-', '*')} {self.value('float', names, depth - 1)}",
            f"[{self.value('float', names, 0)}, {self.value('float', names, 0)}][{self.one(*_AT)}]",
            f"reduce(t = 0.5, e IN [{self.value('float', names, 0)}, 1.5] | t * e)",
            f"0.5 * {self.value('integer', names, 0)}",
        )

    def truth(self, names: Mapping[str, str], depth: int) -> str:
        if depth < 1:
            return self.comparison(names)
        entities = [name for name, kind in names.items() if kind.startswith("node ")]
        choices = [
            "compare",
            "in",
            "quantifier",
            "quantifier",
            "and",
            "not",
            "exists",
            "statement",
            "lists",
            "loose",
            "null",
        ]
        choices += ["label"] if entities else []
        match self.one(*choices):
            case "in":
                kind = self.one("integer", "string")
                return f"{self.value(kind, names, 0)} IN {self.value(f'list of {kind}', names, depth - 1)}"
            case "quantifier":
                kind, each = self.one("integer", "string", "date"), self.fresh("q")
                inner = Names(names, **{each: kind})
                return f"{self.one('any', 'all', 'none', 'single')}({each} IN {self.value(f'list of {kind}', names, depth - 1)} WHERE {self.comparison(inner, each, kind)})"
            case "and":
                return f"({self.value('boolean', names, depth - 1)} {self.one('AND', 'OR', 'XOR')} {self.value('boolean', names, depth - 1)})"
            case "not":
                return f"NOT ({self.value('boolean', names, depth - 1)})"
            case "exists":
                return f"EXISTS {{ {self.inner(names)} }}"
            case "statement":
                text, found = self.pattern(names, 1)
                return f"EXISTS {{ MATCH {text} WITH {self.value('integer', found, 0)} AS z WHERE {self.comparison(Names(z='integer'), 'z', 'integer')} RETURN z }}"
            case "label":
                name = self.one(*entities)
                return f"{name}:{self.one(*self.labels, 'Region')}"
            case "lists":
                kind = self.one("list of integer", "list of string")
                return (
                    f"{self.value(kind, names, depth - 1)} {self.one('=', '<>')} {self.value(kind, names, depth - 1)}"
                )
            case "loose":
                return f"coalesce({self.value('integer', names, 0)}, 0) > -5"
            case "null":
                return f"{self.value(self.one(*SCALARS[:2], *LISTS), names, depth - 1)} IS {self.one('', 'NOT ')}NULL"
            case _:
                return self.comparison(names)

    def comparison(self, names: Mapping[str, str], left: str = "", kind: str = "") -> str:
        """Two values of a type beside each other."""
        kind = kind or self.one("integer", "string", "float", "date")
        return f"{left or self.value(kind, names, 0)} {self.one('=', '<>', '<', '<=', '>', '>=')} {self.value(kind, names, 0)}"

    def inner(self, names: Mapping[str, str]) -> str:
        """What EXISTS and COUNT look for."""
        text, found = self.pattern(names, self.one(1, 1, 2))
        word = self.one("", "MATCH ")
        return f"{word}{text}{self.where(found, 30)}"

    def part_of(self, kind: str, names: Mapping[str, str], depth: int, place: str) -> str:
        """An element or a slice of a list.

        Not of COLLECT alone where it counts from the end or is null: the server makes a LIMIT of that, below 0.
        """
        listed = self.value(kind, names, depth)
        if listed.startswith("COLLECT") and ("-" in place or "null" in place):
            listed = f"({listed} + [])"
        return f"{listed}[{place}]"

    def bag(self, kind: str, names: Mapping[str, str]) -> str:
        """A list whose order nothing says."""
        text, found = self.pattern(names, self.one(1, 1, 2))
        where = self.where(found, 30)
        return self.one(
            f"[{text}{where} | {self.value(kind, found, 0)}]",
            f"COLLECT {{ MATCH {text}{where} RETURN {self.one('', 'DISTINCT ')}{self.value(kind, found, 0)} AS z }}",
        )

    def listed(self, kind: str, names: Mapping[str, str], depth: int) -> str:
        """A list in an order that is told."""
        whole = f"list of {kind}"
        literal = f"[{', '.join(self.value(kind, names, 0) for _ in range(self.one(0, 1, 2, 2, 3)))}]"
        if depth < 1:
            return literal
        each, path = self.fresh("e"), [name for name, its in names.items() if its == "path"]
        inner = Names(names, **{each: kind})
        choices = ["literal", "slice", "joined", "element more", "filtered", "changed", "both", "collect", "coalesce"]
        choices += ["range"] if kind == "integer" else []
        choices += ["path", "path"] if path and kind == "string" else []
        match self.one(*choices):
            case "slice":
                low, high = self.one(
                    ("", self.one(*_ENDS)), (self.one(*_ENDS), ""), (self.one(*_ENDS), self.one(*_ENDS))
                )
                return self.part_of(whole, names, depth - 1, f"{low}..{high}")
            case "joined":
                return f"({self.value(whole, names, depth - 1)} + {self.value(whole, names, depth - 1)})"
            case "element more":
                return (
                    self.one(
                        f"({self.value(whole, names, depth - 1)} + {self.value(kind, names, 0)})",
                        f"({self.value(kind, names, 0)} + {literal})",
                    )
                    if kind != "string"
                    else literal
                )
            case "filtered":
                return f"[{each} IN {self.value(whole, names, depth - 1)} WHERE {self.comparison(inner, each, kind)}]"
            case "changed":
                return f"[{each} IN {self.value(self.one(*LISTS), Names(names), depth - 1)} | {self.value(kind, names, 1)}]"
            case "both":
                return f"[{each} IN {self.value(whole, names, depth - 1)} WHERE {self.comparison(inner, each, kind)} | {self.value(kind, inner, 1)}]"
            case "collect":
                text, found = self.pattern(names, 1)
                return f"COLLECT {{ MATCH {text}{self.where(found, 30)} RETURN {self.value(kind, found, 0)} AS z ORDER BY z{self.one('', ' DESC', ' LIMIT 2', ' SKIP 1')} }}"
            case "coalesce":
                return f"coalesce({self.one('null', self.value(whole, names, 0))}, {literal})"
            case "range":
                # of range(1, 0, 2), whose step is longer than the way, the server makes [1]
                return f"range({self.one('0', '1', '-2')}, {self.one('2', '4', '-2')}{self.one('', ', 2', ', -1')})"
            case "path":
                function, name = self.one("nodes", "relationships"), self.one(*path)
                return f"[{each} IN {function}({name}) | {each}.id]"
            case _:
                return literal
