"""Which organisations and links moved a region's values between two states, and what each brought to the score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecosystem.index.arrays import FloatArray
from ecosystem.indicator_source import AuditedGraph, SourceMatches, Window
from ecosystem.messages import tr
from ecosystem.robustness.two_states import WINDOW, TwoStates
from ecosystem.scoring import Scores

ENTITY_COLUMNS = {
    "code": "str", "change": "str", "kind": "str", "id": "str", "name": "str", "matches_old": "int64",
    "matches": "int64", "share_old": "float64", "share": "float64", "contribution": "float64",
}  # fmt: skip
LINK_COLUMNS = {
    "code": "str", "change": "str", "entity": "str", "match": "int64", "role": "str", "kind": "str", "id": "str",
    "name": "str",
}  # fmt: skip
ENTRY, EXIT, MOVED_IN, MOVED_OUT, CHANGED, WHOLE = "entry", "exit", "moved_in", "moved_out", "changed", "as_a_whole"
"""New in the data, gone from them; there in both, with matches here now or before; with other matches; no entities."""
UNMOVED = 1e-12
"""A share of a value that differs by no more than this part of it has not changed."""


@dataclass(frozen=True, slots=True, eq=False)
class _Here:
    """The matches of one indicator in one region of one state, and the graph that they are of."""

    graph: AuditedGraph
    matches: SourceMatches
    shares: FloatArray

    @property
    def owners(self) -> pd.DataFrame:
        """By id of the organisation that matches are counted for: kind, name, number of matches, share of the value."""
        codes = self.matches.nodes[self.matches.owner]
        known = self.graph.store.entities.known(codes, _entity_kinds(self.matches.kinds[self.matches.owner]))
        frame = known.assign(matches=1, share=self.shares)
        return frame.groupby("id", sort=True).agg({"kind": "first", "name": "first", "matches": "sum", "share": "sum"})

    def entities(self) -> pd.DataFrame:
        """A row per match and role: `key` (the ids of all that it is made of), entity, role, kind, id, name."""
        frames = []
        for role, codes in (*self.matches.nodes.items(), *self.matches.links.items()):
            known = self.graph.store.entities.known(codes, _entity_kinds(self.matches.kinds[role]))
            frames.append(known.assign(role=role, row=np.arange(len(codes))).reset_index(drop=True))
        frame = pd.concat(frames, ignore_index=True).sort_values(["row", "role"], kind="stable")
        keys = frame.groupby("row")["id"].agg(" ".join)
        owner = frame[frame["role"] == self.matches.owner].set_index("row")["id"]
        return frame.assign(key=frame["row"].map(keys), entity=frame["row"].map(owner))


def empty(columns: Mapping[str, str]) -> pd.DataFrame:
    """A table without rows."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})


def changed_entities(states: TwoStates, place: int, brought: FloatArray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The organisations behind a region's own values that have changed, and the matches that are only in one state.

    `brought` (K,) is what the region's own values have brought to its score through each indicator; it is shared out in
    proportion to how much each organisation's share of the value has changed, so all rows add up to its sum. A value
    without organisations, or without shares, is one row `as_a_whole`; without a graph behind both states there are no
    rows. Where the years differ too, both states are looked at in those of now.
    """
    entities, links = [empty(ENTITY_COLUMNS)], [empty(LINK_COLUMNS)]
    if states.now.scores.graph is None or states.before.scores.graph is None:
        return entities[0], links[0]
    graphs = [_graph(states, side.scores) for side in (states.before, states.now)]
    for at, leaf in enumerate(states.now.scores.index.leaves):
        here = [_here(side.scores, graph, at, states.regions[place])
                for side, graph in zip((states.before, states.now), graphs, strict=True)]  # fmt: skip
        before, now = here
        if before is None or now is None:
            entities += _as_a_whole(leaf.code, float(brought[at]))
            continue
        frame = _compared(before, now, float(brought[at]), _slope(states.now.scores, at, states.regions[place]))
        entities += [frame.assign(code=leaf.code)] if len(frame) else _as_a_whole(leaf.code, float(brought[at]))
        links += [found.assign(code=leaf.code) for found in _links(before, now)]
    found = pd.concat(entities, ignore_index=True)[list(ENTITY_COLUMNS)]
    order = np.argsort(-found["contribution"].abs().fillna(0).to_numpy(), kind="stable")
    return found.iloc[order].reset_index(drop=True), pd.concat(links, ignore_index=True)[list(LINK_COLUMNS)]


def _graph(states: TwoStates, scores: Scores) -> AuditedGraph | None:
    window: Window = states.now.scores.window if WINDOW in states.players else scores.window
    return None if scores.graph is None else AuditedGraph(scores.graph, scores.standing.regions, window)


def _here(scores: Scores, graph: AuditedGraph | None, place: int, region: str) -> _Here | None:
    """None where no organisations stand behind the indicator, or its value has no shares."""
    source = scores.sources[scores.index.leaves[place].code]
    if graph is None or source.no_matches is not None:
        return None
    regions = scores.standing.regions
    matches = source.matches(graph, links=True)
    here = matches.only(np.flatnonzero(matches.regions == regions.index(region)))
    shares = here.shares(len(regions))
    return None if shares is None else _Here(graph, here, shares[0])


def _compared(before: _Here, now: _Here, brought: float, slope: float) -> pd.DataFrame:
    """A row per organisation whose share has changed; what the shares do not explain is a row of its own."""
    both = pd.concat([before.owners.add_suffix("_old"), now.owners], axis=1).sort_index()
    numbers = both[["matches_old", "matches", "share_old", "share"]].fillna(0.0)
    moved = (numbers["share"] - numbers["share_old"]).to_numpy()
    size = max(float(numbers[["share_old", "share"]].abs().to_numpy().max(initial=0.0)), 1e-300)
    whole = moved.sum()
    rate = brought / whole if abs(whole) > UNMOVED * size else slope
    names = {part: both[part].fillna(both[f"{part}_old"]) for part in ("kind", "name")}
    frame = pd.DataFrame(names).assign(**numbers, id=both.index, contribution=moved * rate)
    frame = frame.assign(change=_changes(frame, before, now)).astype({"matches_old": "int64", "matches": "int64"})
    frame = frame[(np.abs(moved) > UNMOVED * size) | (frame["change"] != CHANGED)]
    rest = brought - float(frame["contribution"].sum())
    if np.isfinite(rest) and abs(rest) > UNMOVED * max(abs(brought), 1e-9):
        frame = pd.concat([frame, *_as_a_whole("", rest)])
    found: pd.DataFrame = frame
    return found


def _changes(frame: pd.DataFrame, before: _Here, now: _Here) -> list[str]:
    """What has become of each organisation: see the words above."""
    there = {
        side: _in_data(here, frame["id"].tolist(), frame["kind"].unique().tolist())
        for side, here in (("before", before), ("now", now))
    }
    found = []
    for one, old, new in zip(frame["id"], frame["matches_old"], frame["matches"], strict=True):
        if old and new:
            found.append(CHANGED)
        elif new:
            found.append(MOVED_IN if one in there["before"] else ENTRY)
        else:
            found.append(MOVED_OUT if one in there["now"] else EXIT)
    return found


def _in_data(here: _Here, ids: Sequence[str], kinds: Sequence[str]) -> set[str]:
    tables = (here.graph.store.entities.of(kind)["id"] for kind in kinds if kind)
    return {one for table in tables for one in table[table.isin(ids)]}


def _links(before: _Here, now: _Here) -> Iterator[pd.DataFrame]:
    """The matches of one state that the other does not have, a row per entity."""
    if not len(before.matches) and not len(now.matches):
        return
    sides = [here.entities() if len(here.matches) else None for here in (before, now)]
    for own, other, word in ((sides[1], sides[0], ENTRY), (sides[0], sides[1], EXIT)):
        if own is None:
            continue
        alone = own if other is None else own[~own["key"].isin(set(other["key"]))]
        if len(alone):
            number = pd.factorize(alone["row"])[0] + 1
            yield alone.assign(change=word, match=number)


def _as_a_whole(code: str, brought: float) -> list[pd.DataFrame]:
    """The row of a value that no organisations share; none where it has brought nothing."""
    if not brought:
        return []
    row = {"code": code, "change": WHOLE, "kind": "", "id": "", "name": tr("the value as a whole")}
    numbers = {"matches_old": 0, "matches": 0, "share_old": np.nan, "share": np.nan, "contribution": brought}
    return [pd.DataFrame([row | numbers])]


def _slope(scores: Scores, at: int, region: str) -> float:
    """Points for one more of an indicator's value, where its points are a line of it; NaN elsewhere."""
    standing = scores.standing
    values, points = standing.raw[:, at], standing.weighted[:, at]
    known = np.flatnonzero(~np.isnan(values))
    if len(known) < 2 or standing.constant[at]:
        return np.nan
    low, high = known[values[known].argmin()], known[values[known].argmax()]
    slope = (points[high] - points[low]) / (values[high] - values[low])
    line = points[low] + slope * (values[known] - values[low])
    return (
        float(slope) if np.allclose(line, points[known], rtol=0, atol=1e-9 * max(np.abs(points).max(), 1)) else np.nan
    )


def _entity_kinds(kinds: Sequence[str]) -> list[str]:
    return [kind for kind in kinds if kind not in ("Region", "WITHIN")]
