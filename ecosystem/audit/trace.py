"""Everywhere that one organisation counts, and for how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosystem.audit.audit_words import in_words
from ecosystem.audit.chain import Chain
from ecosystem.audit.explain import places_of
from ecosystem.audit.graph_variants import AuditedScores
from ecosystem.audit.knockout import Knockout, knock_out
from ecosystem.audit.selection import Entity, Selection, find_entity
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_table, one_language, picture
from ecosystem.removals import NO_CODES, Removals
from ecosystem.scoring import Scores

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Trace:
    """Where an organisation counts.

    `counts` has a row per indicator and region in which it stands behind a value: its roles (the names that it has in
    the metric), in how many matches; `share` and `points`, those of the matches that are counted for it; and what
    would go if it left: `effect` of the value, `effect_points` of the points. `knockout` says what its leaving does to
    every region.
    """

    entity: Entity
    counts: pd.DataFrame
    knockout: Knockout

    def to_pandas(self) -> pd.DataFrame:
        """The counts."""
        return self.counts

    def plot(self, **options: Any) -> Figure:
        """The picture of it; see `ecosystem.plot`."""
        return picture(self, **options)

    @property
    def _title(self) -> str:
        return tr("where {entity} counts in {index}", entity=self.entity, index=self.knockout.scores.index.id)

    def __repr__(self) -> str:
        codes, regions = (self.counts[name].nunique() for name in ("code", "region"))
        return few_lines(
            self._title,
            tr("in {indicators} indicators of {regions} regions", indicators=codes, regions=regions),
            more="counts, knockout, plot()",
        )

    def _repr_html_(self) -> str:
        return html_table(self._title, in_words(self.knockout.scores, self.counts, one_language()))


COLUMNS = ("code", "region", "roles", "matches", "share", "points", "effect", "effect_points")


def trace(scores: Scores, entity: str, *, indicator: str | None = None) -> Trace:
    """Everywhere that an organisation (id or name) counts, or in one indicator or pillar.

    InputError for one that is unknown or ambiguous, SpecError for an indicator that the index does not have.
    """
    places = places_of(scores, indicator)
    audit = AuditedScores(scores)
    found = find_entity(audit.graph.store, entity)
    without = knock_out(audit, Selection(str(found), np.array([found.code]), NO_CODES))
    rows = [row for place in places for row in _rows(audit, place, found, without)]
    return Trace(found, pd.DataFrame(rows, columns=list(COLUMNS)), without)


def _rows(audit: AuditedScores, place: int, entity: Entity, without: Knockout) -> Iterator[tuple[object, ...]]:
    """The rows of one indicator: every region where the organisation takes part, or whose value it changes."""
    if place not in audit.places:
        return
    scores = audit.scores
    before, after = scores.standing, without.after
    matches = audit.matches(place)
    _, lost = matches.lost(Removals.together(np.array([entity.code])))
    roles = {name: codes == entity.code for name, codes in matches.nodes.items()}
    found = matches.shares(len(before.regions))
    own = roles[matches.owner]
    chain = Chain.of(before)
    slope = chain.shown_line[0][place] if chain is not None else np.nan
    change = after.raw[:, place] - before.raw[:, place]
    moved = np.flatnonzero((change != 0) & ~(np.isnan(after.raw[:, place]) & np.isnan(before.raw[:, place])))
    for region in np.union1d(matches.regions[lost], moved).tolist():
        here = matches.regions == region
        share = float(found[0][here & own].sum()) if found is not None else np.nan
        yield (
            scores.index.leaves[place].code,
            before.regions[region],
            ", ".join(name for name, mask in roles.items() if (mask & here).any()),
            int((matches.regions[lost] == region).sum()),
            share,
            share * slope,
            change[region],
            after.weighted[region, place] - before.weighted[region, place],
        )
