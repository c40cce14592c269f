"""A function of the language as a record: what it takes, what it gives, and how its SQL comes about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ecosystem.query.dialect import Dialect

Kinds = tuple[str, ...]
Sql = Callable[[Dialect, Sequence[str], Kinds], str]
ANY: Kinds = ("any",)
"""An argument of whatever type."""
LIST: Kinds = ("list",)
"""An argument that is a list of whatever."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function as Cypher spells it; it may be written in any case.

    `takes` are the types that each argument may have, in their order; `optional` of the last ones may be left out.
    `gives` is the type of the result, or finds it from the types of the arguments. `sql` writes it: the dialect, the
    arguments as SQL, their types; without it the dialect has a function of this name. Of a null argument every
    function is null.
    """

    name: str
    takes: tuple[Kinds, ...]
    gives: str | Callable[[Kinds], str]
    sql: Sql | None = None
    optional: int = 0

    def result(self, kinds: Kinds) -> str:
        """The type of the result for arguments of these types."""
        return self.gives if isinstance(self.gives, str) else self.gives(kinds)

    def written(self, dialect: Dialect, texts: Sequence[str], kinds: Kinds) -> str:
        """The SQL of a call with these arguments, which have these types."""
        if self.sql is None:
            return dialect.function(self.name.lower(), texts, kinds)
        return self.sql(dialect, texts, kinds)


def by_name(*functions: Function) -> Mapping[str, Function]:
    """Functions by their names in lower case."""
    return {function.name.lower(): function for function in functions}
