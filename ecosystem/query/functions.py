"""The functions of the language, each a record: what it takes, what it gives, and its SQL.

What goes over the rows of a group is no function but an aggregate; coalesce and nullIf, whose arguments need one type,
and the functions of nodes, links and paths, which depend on what is bound, are typed and written where these are.
"""

from __future__ import annotations

from collections.abc import Mapping

from ecosystem.messages import tr_later
from ecosystem.query.conversion_functions import CONVERSION_FUNCTIONS
from ecosystem.query.function_record import ANY, LIST, Function, Kinds
from ecosystem.query.list_functions import LIST_FUNCTIONS
from ecosystem.query.number_functions import NUMBER_FUNCTIONS
from ecosystem.query.text_functions import TEXT_FUNCTIONS

__all__ = ["ANY", "FUNCTIONS", "LIST", "REFUSED", "Function", "Kinds"]

FUNCTIONS: Mapping[str, Function] = {**TEXT_FUNCTIONS, **CONVERSION_FUNCTIONS, **NUMBER_FUNCTIONS, **LIST_FUNCTIONS}
"""Every function by its name in lower case."""

_KEY, _OWN = (
    tr_later("{name}() is the key of a store, which another load changes"),
    tr_later("each node and link has an id of its own: n.id"),
)
_CHANCE = tr_later("{name}() gives another value on every run, and a result has the same digits on each")
OF_CHANCE = ("rand",)
"""What a question may call and a metric may not: its value would be another one on every run."""
REFUSED: Mapping[str, tuple[str, str]] = {
    "id": (_KEY, _OWN),
    "elementid": (_KEY, _OWN),
    "rand": (_CHANCE, tr_later("order by n.id and take every tenth; a draw with a seed is for ecosystem robustness")),
    "randomuuid": (_CHANCE, _OWN),
}
"""What Cypher has, or had, and no engine is asked: why, and what to write."""
