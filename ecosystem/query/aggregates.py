"""The aggregates of the language, each a record: what it goes over, what it gives, what it is made of, and its SQL.

Of a null argument an aggregate sees nothing. `collect` gives a list, and is written where lists are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Literal as OneOf

from ecosystem.query.aggregate_dialect import Range
from ecosystem.query.dialect import Dialect
from ecosystem.query.kinds import NUMBERS
from ecosystem.query.tree import Call, Literal

Made = OneOf["sum", "mean", "order", "spread"]
"""A sum over the matches, a mean, a place in the order of the values, or how far they lie from their mean."""
ORDERED = ("integer", "float", "string", "boolean", "date", "datetime")
"""What a minimum and a maximum are found among."""


@dataclass(frozen=True, slots=True)
class Values:
    """The values that an aggregate goes over, as SQL.

    `ranges` are those of the numbers that they are chosen among (None: not known), `share` the second argument of a
    percentile.
    """

    dialect: Dialect
    text: str
    kind: str
    distinct: bool
    may_be_nan: bool
    ranges: Sequence[Range | None]
    share: str = ""

    @property
    def count(self) -> str:
        """How many there are; not-a-number is another each time."""
        if not (self.distinct and self.may_be_nan):
            return f"count({'DISTINCT ' if self.distinct else ''}{self.text})"
        undefined = self.dialect.is_nan(self.text)
        numbers = f"count(DISTINCT CASE WHEN NOT {undefined} THEN {self.text} END)"
        return f"({numbers} + count(CASE WHEN {undefined} THEN 1 END))"

    @property
    def total(self) -> str:
        """Their sum; null of nothing."""
        if self.kind == "integer":
            return self.dialect.aggregates.integer_sum(self.text, distinct=self.distinct)
        return self.dialect.aggregates.float_sum(self.text, self.ranges, distinct=self.distinct)

    def ordered(self, kind: str) -> str:
        """A list of them as this type, ascending."""
        text = self.text if kind == self.kind else self.dialect.cast(self.text, kind)
        return self.dialect.aggregates.sorted_values(text, distinct=self.distinct, may_be_nan=self.may_be_nan)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate as it is called in Cypher, in lower case.

    `takes` are the types of what it goes over, `gives` the type of the result, empty for that of the argument. `shared`
    ones take a second argument, a number from 0 to 1. Of nothing it is `nothing`, NaN where that is null.
    """

    name: str
    takes: tuple[str, ...]
    gives: str
    made: Made
    sql: Callable[[Values], str]
    nothing: float = nan
    shared: bool = False

    def result(self, kind: str) -> str:
        """The type of the result for an argument of this type; that of a sum of nulls is an integer's."""
        return self.gives or ("integer" if kind == "null" and self.made == "sum" else kind)


def _mean(values: Values) -> str:
    return f"({values.dialect.cast(values.total, 'float')} / nullif({values.count}, 0))"


def _percentile(values: Values, *, between: bool) -> str:
    write = values.dialect.aggregates.value_between if between else values.dialect.aggregates.value_at
    return write(values.ordered("float" if between else values.kind), values.share, values.count)


_RECORDS = (
    Aggregate("count", (), "integer", "sum", lambda values: values.count, nothing=0.0),
    Aggregate("sum", NUMBERS, "", "sum", lambda values: f"coalesce({values.total}, 0)", nothing=0.0),
    Aggregate("avg", NUMBERS, "float", "mean", _mean),
    Aggregate("min", ORDERED, "", "order", lambda values: f"min({values.text})"),
    Aggregate("max", ORDERED, "", "order", lambda values: f"max({values.text})"),
    Aggregate(
        "percentilecont", NUMBERS, "float", "order", lambda values: _percentile(values, between=True), shared=True
    ),
    Aggregate("percentiledisc", NUMBERS, "", "order", lambda values: _percentile(values, between=False), shared=True),
    Aggregate("stdev", NUMBERS, "float", "spread", lambda values: _deviation(values, of_sample=True)),
    Aggregate("stdevp", NUMBERS, "float", "spread", lambda values: _deviation(values, of_sample=False)),
)
KNOWN: Mapping[str, Aggregate] = {record.name: record for record in _RECORDS}
"""Every aggregate of numbers, and of what has an order, by its name in lower case."""


def _deviation(values: Values, *, of_sample: bool) -> str:
    return values.dialect.aggregates.deviation(values.ordered("float"), of_sample=of_sample)


def made(call: Call) -> Made:
    """What an aggregate of a value is made of."""
    return KNOWN[call.function].made


def outside_share(value: object) -> bool:
    """Whether it is a number that no percentile can have as its second argument."""
    return isinstance(value, int | float) and not 0 <= value <= 1


def share_of(call: Call, parameters: Mapping[str, object]) -> float:
    """The second argument of a percentile, a constant or a parameter."""
    given = call.arguments[1]
    value = given.value if isinstance(given, Literal) else parameters.get(getattr(given, "name", ""))
    return float(value) if isinstance(value, int | float) else nan
