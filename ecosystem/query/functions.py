"""The functions of the language, each a record: what it takes, what it gives, and its SQL.

What goes over the rows of a group is no function but an aggregate; coalesce, whose arguments need one type, and the
functions of nodes, links and paths, which depend on what is bound, are typed and written where these are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ecosystem.query.dialect import Dialect

Kinds = tuple[str, ...]
ANY = ("any",)
"""An argument of whatever type."""
LIST = ("list",)
"""An argument that is a list of whatever."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function as it is called in Cypher, in lower case.

    `takes` are the types that each argument may have, in their order; `optional` of the last ones may be left out.
    `gives` is the type of the result, or finds it from the types of the arguments. `sql` writes it: the dialect, the
    arguments as SQL, their types. Of a null argument every function is null.
    """

    name: str
    takes: tuple[Kinds, ...]
    gives: str | Callable[[Kinds], str]
    sql: Callable[[Dialect, Sequence[str], Kinds], str]
    optional: int = 0

    def result(self, kinds: Kinds) -> str:
        """The type of the result for arguments of these types."""
        return self.gives if isinstance(self.gives, str) else self.gives(kinds)


FUNCTIONS: Mapping[str, Function] = {}
"""Every function by its name in lower case."""
