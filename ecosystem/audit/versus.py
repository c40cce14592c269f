"""Where the difference between two regions comes from, down to their organisations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosystem.audit.audit_words import side_by_side
from ecosystem.audit.explain import Explanation, explained, places_of
from ecosystem.audit.graph_variants import AuditedScores, Tell, mute
from ecosystem.audit.lineage import region_place
from ecosystem.errors import UsageError
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_table, named, one_language, picture
from ecosystem.scoring import Scores

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BASES = ("minimum", "maximum")
"""The kinds of the line that no organisation brings."""


@dataclass(frozen=True, eq=False)
class Versus:
    """Two regions side by side: `one` and `other` are their explanations.

    `steps` has a row per part of the index: value, points, contribution and rank of both, the difference of the points,
    and that of the contributions, which under sums and arithmetic means adds up to that of the score. `parts` has the
    organisations of both: what one's bring is positive, what the other's bring negative; what the minimum of the
    regions brings is the same for both and goes out.
    """

    one: Explanation
    other: Explanation
    steps: pd.DataFrame
    parts: pd.DataFrame

    def to_pandas(self) -> pd.DataFrame:
        """The steps."""
        return self.steps

    def plot(self, **options: Any) -> Figure:
        """The picture of it; see `ecosystem.plot`."""
        return picture(self, **options)

    @property
    def _title(self) -> str:
        one, other = (each.name(one_language()) for each in (self.one, self.other))
        return tr("{one} and {other} in {index}", one=one, other=other, index=self.one.scores.index.id)

    def __repr__(self) -> str:
        one, other, difference = self.steps[["points_one", "points_other", "difference"]].iloc[0].tolist()
        leaves = self.steps[self.steps["level"] == 1]
        largest = leaves.loc[leaves["difference"].abs().sort_values(ascending=False).index, f"name_{one_language()}"]
        return few_lines(
            self._title,
            tr("scores {one:.2f} and {other:.2f}, difference {gap:.2f}", one=one, other=other, gap=difference),
            tr("largest differences: {names}", names=named(largest)),
            more="steps, parts, one, other, plot()",
        )

    def _repr_html_(self) -> str:
        return html_table(self._title, side_by_side(self, "entity", one_language()))


def versus(
    scores: Scores, region: str, other: str, *, indicator: str | None = None, top: int = 10, tell: Tell = mute
) -> Versus:
    """Why a region has another score than a second one. UsageError where the two are the same."""
    audit = AuditedScores(scores)
    first, second = (region_place(scores, name) for name in (region, other))
    if first == second:
        raise UsageError(
            tr("{region} and {other} are the same region", region=region, other=other),
            hint=tr("compare it with another one"),
        )
    indicators = places_of(scores, indicator)
    pair = [explained(audit, place, indicators, top, tell) for place in (first, second)]
    columns = ["raw", "points", "contribution", "rank"]
    steps = (
        pair[0]
        .steps.drop(columns=["normalised", "regions", "median", "rule"])
        .rename(columns={name: f"{name}_one" for name in columns})
    )
    for name in columns:
        steps[f"{name}_other"] = pair[1].steps[name].to_numpy()
    steps["difference"] = steps["points_one"] - steps["points_other"]
    steps["contribution"] = steps["contribution_one"] - steps["contribution_other"]
    parts = [_signed(each, sign) for each, sign in zip(pair, (1, -1), strict=True)]
    parts.append(_bases(pair[0], pair[1]))
    both = pd.concat(parts, ignore_index=True)
    order = both.assign(size=-both["difference"].abs()).sort_values(["code", "size"], kind="stable").index
    position = {code: at for at, code in enumerate(pair[0].steps["code"])}
    both = both.loc[order].sort_values("code", key=lambda codes: codes.map(position), kind="stable", ignore_index=True)
    return Versus(
        pair[0], pair[1], steps, both[["code", "region", "kind", "id", "name", "matches", "share", "difference"]]
    )


def _signed(each: Explanation, sign: int) -> pd.DataFrame:
    parts = each.parts[~each.parts["kind"].isin(BASES)]
    return parts.assign(region=each.region, difference=sign * parts["points"])


def _bases(one: Explanation, other: Explanation) -> pd.DataFrame:
    """What no organisation brings differs only where one of the two has no value at all."""
    first, second = (each.parts[each.parts["kind"].isin(BASES)].set_index("code")["points"] for each in (one, other))
    change = first.sub(second, fill_value=0.0)
    change = change[change != 0]
    columns = {
        "code": change.index,
        "region": "",
        "kind": BASES[0],
        "id": "",
        "name": "",
        "difference": change.to_numpy(),
    }
    return pd.DataFrame(columns)


def total(parts: pd.DataFrame) -> float:
    """The difference that the parts add up to."""
    return float(np.nansum(parts["difference"]))
