"""Audits as tables: the one that a program reads, and the sheets of a workbook."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ecosystem.audit.audit_words import DEPTHS, Depth
from ecosystem.audit.curve import Curves
from ecosystem.audit.each import Loads
from ecosystem.audit.explain import Explanation
from ecosystem.audit.explain_group import GroupExplanation
from ecosystem.audit.knockout import Knockout
from ecosystem.audit.needed_values import NeededValues
from ecosystem.audit.overtake import Overtaking
from ecosystem.audit.trace import Trace
from ecosystem.audit.versus import Versus
from ecosystem.headings import heading
from ecosystem.messages import BETWEEN
from ecosystem.scoring import Scores
from ecosystem.scoring.score_tables import method_table

Result = Explanation | Versus | Trace | Overtaking | NeededValues | Knockout | Loads | Curves


def scores_of(result: Result) -> Scores:
    """The scores that a result is about."""
    match result:
        case Versus():
            return result.one.scores
        case Trace():
            return result.knockout.scores
        case _:
            return result.scores


def main_table(result: Result, depth: Depth = "entity", folder: Path | None = None) -> pd.DataFrame:
    """The one table that a program reads; of an explanation that of the depth, where anything stands behind values."""
    if isinstance(result, Versus):
        both = result.one.has_organisations or result.other.has_organisations
        return result.parts if both and DEPTHS.index(depth) >= DEPTHS.index("entity") else result.steps
    if not isinstance(result, Explanation):
        return result.to_pandas()
    match depth:
        case "pillar":
            return result.steps[result.steps["level"] >= result.scores.index.depth - 1].reset_index(drop=True)
        case "indicator":
            return result.steps
        case "entity":
            # where all values are columns of tables, the indicators are as far as it goes
            return result.parts if result.has_organisations else result.steps
        case "link":
            return result.links
        case _:
            return result.rows(folder)


def sheets(
    result: Result, lang: str = "en", *, depth: Depth = "entity", folder: Path | None = None
) -> dict[str, pd.DataFrame]:
    """A sheet for every level of a result, and one for how the scores were made; named in a language."""
    found = _sheets(result, depth, folder) | {"method": method_table(scores_of(result), lang)}
    return {heading(f"sheet_{name}", lang).replace(BETWEEN, " "): frame for name, frame in found.items()}


def _sheets(result: Result, depth: Depth, folder: Path | None) -> dict[str, pd.DataFrame]:
    match result:
        case Explanation():
            beside = {"entities": result.parts} if result.has_organisations else {"strengths": result.strengths}
            members = {"members": result.by_member} if isinstance(result, GroupExplanation) else {}
            found = {"steps": result.steps, **members, **beside}
            if DEPTHS.index(depth) >= DEPTHS.index("link"):
                found["links"] = main_table(result, depth, folder)
            return found
        case Versus():
            return {"steps": result.steps, "entities": result.parts}
        case Trace():
            return {"counts": result.counts, "regions": result.knockout.regions()}
        case Overtaking():
            return {"moves": result.moves, "alone": result.alone}
        case NeededValues():
            return {"needed": result.table}
        case Knockout():
            rolled = result.rolled_up()
            groups = {} if rolled is None else {"groups": rolled}
            changes = {"pillars": result.pillars(), "indicators": result.indicators()}
            return {"regions": result.regions()} | groups | changes
        case Loads():
            return {"entities": result.table}
        case Curves():
            return {"fragility": result.table, "curve": result.points}
