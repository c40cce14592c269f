"""The areas of the language that the suite's folders stand for, and counts of what became of their scenarios."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from features import Fault, Scenario
from outcomes import Outcome

_AREAS = {
    "patterns as conditions, EXISTS": ("expressions/pattern", "expressions/existentialSubqueries"),
    "aggregates": ("expressions/aggregation",),
    "dates": ("expressions/temporal",),
    "lists, UNWIND": ("expressions/list", "expressions/quantifier", "clauses/unwind"),
    "functions": (
        "expressions/string",
        "expressions/mathematical",
        "expressions/typeConversion",
        "expressions/graph",
        "expressions/map",
    ),
    "paths": ("expressions/path", "Match4", "Match5", "Match6", "Match9"),
    "MATCH, WHERE": (
        "clauses/match",
        "clauses/match-where",
        "useCases/triadicSelection",
        "useCases/countingSubgraphMatches",
    ),
    "WITH, UNION, CALL": (
        "clauses/with",
        "clauses/with-where",
        "clauses/with-orderBy",
        "clauses/with-skip-limit",
        "clauses/union",
        "clauses/call",
    ),
    "RETURN, ORDER BY": ("clauses/return", "clauses/return-orderby", "clauses/return-skip-limit"),
    "literals, logic, null, CASE": (
        "expressions/literals",
        "expressions/boolean",
        "expressions/comparison",
        "expressions/conditional",
        "expressions/null",
        "expressions/precedence",
    ),
    "writes": ("clauses/create", "clauses/delete", "clauses/merge", "clauses/remove", "clauses/set"),
}
"""Each with its folders, or with single features of a folder."""
_OF = {part: area for area, parts in _AREAS.items() for part in parts}


@dataclass
class Counts:
    """Of an area: scenarios by verdict, those that expect rows apart from those that expect an error.

    Only what can be expressed counts among the rows, and where a server was asked, what that answers as expected.
    """

    rows: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """The share of the rows that are right; not a number where none are asked for."""
        return self.rows["right"] / self.rows.total() if self.rows else float("nan")


def area_of(scenario: Scenario) -> str:
    """The area of a scenario, by its feature or folder."""
    return _OF.get(scenario.feature) or _OF.get(scenario.folder, "other")


def counted(outcomes: Iterable[Outcome]) -> dict[str, Counts]:
    """Counts by area, in the order of the areas, and of all together."""
    counts = {area: Counts() for area in (*_AREAS, "other", "all")}
    for outcome in outcomes:
        for area in (area_of(outcome.scenario), "all"):
            _add(counts[area], outcome)
    return {area: of for area, of in counts.items() if of.rows or of.errors or of.left_out}


def _add(counts: Counts, outcome: Outcome) -> None:
    if outcome.verdict == "inexpressible":
        counts.left_out[outcome.verdict] += 1
    elif isinstance(outcome.scenario.expected, Fault):
        counts.errors[outcome.verdict] += 1
    elif outcome.server not in ("", "right"):
        counts.left_out["not on Neo4j"] += 1
    else:
        counts.rows[outcome.verdict] += 1


def table(outcomes: Sequence[Outcome]) -> str:
    """The counts as text: scenarios that expect rows, those that expect an error, and what is left out of both."""
    heads = ["right", "wrong", "refused", "crash", "share"]
    heads += ["error:right", "lenient", "wrong", "crash", "inexpressible", "not on Neo4j"]
    lines = [f"{'area':31}" + "".join(f"{head:>14}" for head in heads)]
    for area, counts in counted(outcomes).items():
        numbers = [str(counts.rows[verdict]) for verdict in ("right", "wrong", "refused", "crash")]
        numbers.append(f"{counts.share:.1%}" if counts.rows else "")
        numbers += [str(counts.errors[verdict]) for verdict in ("right", "lenient", "wrong", "crash")]
        numbers += [str(counts.left_out[why]) for why in ("inexpressible", "not on Neo4j")]
        lines.append(f"{area:31}" + "".join(f"{number:>14}" for number in numbers))
    return "\n".join(lines)


def reasons(outcomes: Iterable[Outcome], verdict: str, most: int = 30) -> str:
    """The commonest reasons of a verdict, without the names and numbers in them."""
    told = Counter(_without_names(outcome.told) for outcome in outcomes if outcome.verdict == verdict)
    return "\n".join(f"{count:6}  {reason}" for reason, count in told.most_common(most))


def _without_names(text: str) -> str:
    return re.sub(r"'[^']*'|\d+", "...", text.splitlines()[0] if text else "")[:150]
