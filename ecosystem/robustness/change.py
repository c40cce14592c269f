"""Why a score has changed between two states of an index: parts that add up to the difference, by indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosystem.errors import InputError, RegionError
from ecosystem.index import Text
from ecosystem.index.arrays import FloatArray
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_table, one_language, picture
from ecosystem.robustness.changed_entities import ENTITY_COLUMNS, LINK_COLUMNS, changed_entities, empty
from ecosystem.robustness.shapley import coalition, sampled_orders, shapley_values, weight_of
from ecosystem.robustness.two_states import OTHERS, OWN, WORDS, TwoStates, two_states
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NO_INDICATOR = Text("不属于任何指标", "of no indicator")
ORDERS = 32
"""Orders of the indicators by which a score that is no sum is shared out among them."""
SUMS = 1e-9
"""Points that miss a score by no more than this part of it are its parts."""


@dataclass(frozen=True, eq=False)
class ScoreChange:
    """Why the score of one region is another now than before, in parts that add up.

    `parts` (players, K + 1) has what each part of `states.players` has brought through each indicator, in points of the
    index; the last column is what no indicator has of its own. `exact` is False where the indicators' shares come from
    orders drawn at random: those of the parts are exact all the same.
    """

    states: TwoStates
    place: int
    parts: FloatArray
    exact: bool
    seed: int
    entities: pd.DataFrame = field(repr=False)
    links: pd.DataFrame = field(repr=False)

    @property
    def region(self) -> str:
        """The id of the region."""
        return self.states.regions[self.place]

    @property
    def difference(self) -> float:
        """The score of now less that of before."""
        now, before = (self._score(side.scores) for side in (self.states.now, self.states.before))
        return now - before

    def by_part(self) -> pd.DataFrame:
        """A row per part that has changed: `part`, its name in words, and its contribution; the last row is the sum."""
        rows = [
            (name, tr(WORDS[name]), total) for name, total in zip(self.states.players, self.parts.sum(1), strict=True)
        ]
        rows.append(("sum", tr("together"), float(sum(total for *_, total in rows))))
        return pd.DataFrame(rows, columns=["part", "change", "contribution"])

    def by_indicator(self) -> pd.DataFrame:
        """A row per indicator, those that moved the score most first: both raw values, a column per part, the sum.

        A last row without a code is what no indicator has of its own, where there is any.
        """
        index = self.states.now.scores.index
        sides = (self.states.before.values[self.place], self.states.now.values[self.place])
        columns: dict[str, Any] = {"code": [leaf.code for leaf in index.leaves]}
        columns |= {f"name_{lang}": [leaf.name.to(lang) for leaf in index.leaves] for lang in ("zh", "en")}
        frame = pd.DataFrame(columns | {"raw_old": sides[0], "raw": sides[1]})
        whole = self.parts[:, :-1].sum(axis=0)
        frame = frame.assign(**dict(zip(self.states.players, self.parts[:, :-1], strict=True)), contribution=whole)
        frame = frame.iloc[np.argsort(-np.abs(whole), kind="stable")]
        if np.abs(self.parts[:, -1]).max(initial=0.0) > 0:
            rest = dict(zip(self.states.players, self.parts[:, -1:], strict=True))
            more = pd.DataFrame({"code": [""], "contribution": self.parts[:, -1].sum(), **rest})
            frame = pd.concat([frame, more.assign(name_zh=NO_INDICATOR.zh, name_en=NO_INDICATOR.en)])
        return frame.reset_index(drop=True)

    def to_pandas(self) -> pd.DataFrame:
        """A row per part and indicator with its contribution; all rows add up to the difference."""
        index = self.states.now.scores.index
        codes = [*(leaf.code for leaf in index.leaves), ""]
        frames = [
            pd.DataFrame({"region": self.region, "part": name, "code": codes, "contribution": own})
            for name, own in zip(self.states.players, self.parts, strict=True)
        ]
        frame = (
            pd.concat(frames, ignore_index=True)
            if frames
            else pd.DataFrame(columns=["region", "part", "code", "contribution"])
        )
        return frame[(frame["code"] != "") | (frame["contribution"] != 0)].reset_index(drop=True)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table, by the name of its sheet."""
        frames = {
            "change_parts": self.by_part(), "change_indicators": self.by_indicator(),
            "change_entities": self.entities, "change_links": self.links,
        }  # fmt: skip
        return {name: frame for name, frame in frames.items() if len(frame)}

    def name(self, lang: str) -> str:
        """The name of the region in a language."""
        return names_of(self.states.now.scores, self.region).to(lang)

    def _score(self, scores: Scores) -> float:
        return float(scores.standing.overall[scores.standing.regions.index(self.region)])

    @property
    def title(self) -> str:
        """Region, index and difference in words."""
        facts = {"region": self.name(one_language()), "index": self.states.now.scores.index.id}
        return tr("{region} in {index}: the score changes by {change:+.4f}", change=self.difference, **facts)

    def __repr__(self) -> str:
        lines = (f"{row.change}: {row.contribution:+.4f}" for row in self.by_part().itertuples())
        return few_lines(self.title, "; ".join(lines), more="by_part(), by_indicator(), entities, links, to_pandas()")

    def _repr_html_(self) -> str:
        return html_table(self.title, self.by_indicator())

    def plot(self, **options: Any) -> Figure:
        """The picture: a bar per part and indicator; see `ecosystem.plot`."""
        return picture(self, **options)


def decompose_change(now: Scores, before: Scores, region: str, *, seed: int = 1, details: bool = True) -> ScoreChange:
    """Why a region's score in `now` differs from that in `before`: two runs, data drops, years or rules of one index.

    The parts are Shapley values over all orders in which what differs may have changed: the region's own values, those
    of the others (which move the scale), who is ranked, the years, the weights, the other rules. Under sums and means
    each indicator's share of them is exact; elsewhere indicators are added in `ORDERS` random orders. Everything adds
    up to the difference. With `details` the region's own values are shared out among the organisations behind them,
    where a graph is behind both. UsageError where index or level differ, InputError for a region without two scores.

    >>> now = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> before = ecosystem.score("cingai-2023", "demo/graph.duckdb", until=2021)
    >>> parts = ecosystem.decompose_change(now, before, "四川省").by_part()
    >>> print(parts[["part", "contribution"]].round(2).to_string(index=False))
            part  contribution
      own_values          0.23
    other_values         -0.29
             sum         -0.05
    """
    states = two_states(now, before)
    place = _place(states, region)
    players = states.players
    changed = _coalitions(players)
    worth = [states.worth([place], names) for names in changed]
    scores, points = np.array([score[0] for score, _ in worth]), np.array([own[0] for _, own in worth])
    totals = shapley_values(scores)
    exact = _adds_up(states, scores, points)
    if exact:
        parts = np.hstack([shapley_values(points), np.zeros((len(players), 1))])
    else:
        parts = np.zeros((len(players), points.shape[1] + 1))
        for at, name in enumerate(players):
            if name in (OWN, OTHERS):
                parts[at, :-1] = _by_orders(states, place, at, changed, scores, seed)
    # what a last step adds to every region, or what is no indicator's; not the last digits of floating sums
    rest = totals - parts[:, :-1].sum(axis=1)
    parts[:, -1] = np.where(np.abs(rest) > SUMS * max(float(np.abs(scores).max()), 1e-300), rest, 0.0)
    brought = parts[players.index(OWN), :-1] if OWN in players else np.zeros(points.shape[1])
    entities, links = (
        changed_entities(states, place, brought) if details else (empty(ENTITY_COLUMNS), empty(LINK_COLUMNS))
    )
    return ScoreChange(states, place, parts, exact, seed, entities, links)


def changes_of_all(now: Scores, before: Scores) -> pd.DataFrame:
    """For every region with two scores what each part has brought: region, score_old, score, a column per part.

    The columns of the parts, which `decompose_change` explains, add up to `score_change`. Best of now first.
    """
    states = two_states(now, before)
    places = np.flatnonzero(states.both).tolist()
    worth = np.stack([states.worth(places, names)[0] for names in _coalitions(states.players)])
    parts = shapley_values(worth)
    frame = pd.DataFrame({"region": [states.regions[place] for place in places], "score_old": worth[0]})
    for lang in ("zh", "en"):
        frame[f"region_{lang}"] = [names_of(now, region).to(lang) for region in frame["region"]]
    frame = frame.assign(score=worth[-1], score_change=worth[-1] - worth[0])
    frame = frame.assign(**dict(zip(states.players, parts, strict=True)))
    return frame.sort_values("score", ascending=False, kind="stable").reset_index(drop=True)


def _coalitions(players: Sequence[str]) -> list[frozenset[str]]:
    """Every set of what has changed, in the order of `shapley_values`."""
    return [
        frozenset(name for name, there in zip(players, coalition(len(players), number), strict=True) if there)
        for number in range(2 ** len(players))
    ]


def _place(states: TwoStates, name: str) -> int:
    """The place of a region by any of its names. RegionError for an unknown one, InputError without two scores."""
    now = states.now.scores
    region = now.regions.resolve_among(name, states.regions, level=now.level)
    if region not in states.regions:
        raise RegionError(tr("{region} is ranked in neither of the two", region=name))
    place = states.regions.index(region)
    if not states.both[place]:
        message = tr("{region} has a score in only one of the two", region=name)
        raise InputError(message, hint=tr("a change needs two scores; without --why it is an entry or an exit"))
    return place


def _adds_up(states: TwoStates, scores: FloatArray, points: FloatArray) -> bool:
    """True where the points of the indicators, and what is the same for all regions, are the score in every mixture."""
    for side in (states.now, states.before):
        index = side.scores.index
        methods = {*index.aggregation.methods, *(row.aggregation for row in index.indicators if row.aggregation)}
        if not all(AGGREGATIONS.find(name).adds for name in methods):
            return False
        if index.rescales:
            return RESCALINGS.find(index.rescaling.method).straight
    size = SUMS * max(float(np.abs(scores).max()), 1e-300)
    return bool(np.allclose(points.sum(axis=1), scores, rtol=0, atol=size))


def _by_orders(
    states: TwoStates, place: int, player: int, changed: Sequence[frozenset[str]], scores: FloatArray, seed: int
) -> FloatArray:
    """What a player brings through each indicator (K,), indicator by indicator in random orders, in every coalition."""
    name, players = states.players[player], len(states.players)
    sides = states.before.values, states.now.values
    differ = ~((sides[0] == sides[1]) | (np.isnan(sides[0]) & np.isnan(sides[1])))
    rows = np.arange(len(states.regions)) == place
    columns = np.flatnonzero(differ[rows if name == OWN else ~rows].any(axis=0))
    found = np.zeros(sides[0].shape[1])
    if not len(columns):
        return found
    orders = columns[sampled_orders(len(columns), ORDERS, seed)]
    steps = np.zeros((*orders.shape, sides[0].shape[1]), np.bool_)
    for step in range(orders.shape[1]):
        steps[:, step:, :] |= np.eye(sides[0].shape[1], dtype=np.bool_)[orders[:, step]][:, None, :]
    for number, names in enumerate(changed):
        if number >> player & 1:
            continue
        reached = states.mixed(place, names, name, steps[:, :-1].reshape(-1, steps.shape[-1])).reshape(len(orders), -1)
        ends = (np.full((len(orders), 1), scores[at]) for at in (number, number | 1 << player))
        start, end = ends
        gains = np.diff(np.hstack([start, reached, end]), axis=1)
        share = weight_of(number.bit_count(), players) / len(orders)
        np.add.at(found, orders, share * gains)
    return found
