"""The entities of the sample drawn anew, with replacement, and every value and score computed from those drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import get_args

import numpy as np

from ecosystem.errors import InputError, StoreError, UsageError, refuse_unknown
from ecosystem.index import evaluate
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.steps.rank import rank
from ecosystem.indicator_source import AuditedGraph
from ecosystem.messages import tr
from ecosystem.metrics.matches import Matches
from ecosystem.metrics.reweigh import Reweighing, reweighing, undrawn
from ecosystem.progress import Progress, silent
from ecosystem.robustness.draw import check_memory
from ecosystem.robustness.rank_intervals import check_seed
from ecosystem.robustness.sample import Resampling
from ecosystem.robustness.strata import Over, Sample, drawn_labels, read_sample
from ecosystem.scoring import Scores

CELLS = 500_000
"""Values of indicators that the engine is given in one go: more leave the cache of the processor."""


def resample(
    scores: Scores,
    *,
    draws: int = 1000,
    over: Over = "region",
    census: Collection[str] = (),
    coverage: float = 0.9,
    seed: int = 1,
    progress: Progress = silent,
) -> Resampling:
    """The scores of `draws` samples of the entities behind them, as many as there are, drawn with replacement.

    Companies, universities and other nodes in the sample are drawn inside their region and label, or `over` `all` of
    their label; those of the labels in `census` stay as they are. With an entity come all matches that are counted for
    it: links are not drawn, and whom a link leads to is part of it, not of the sample (see docs/robustness.md).

    Raises StoreError for scores of a table alone, UsageError for numbers out of range, an unknown label, and where
    nothing is left to draw.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> found = ecosystem.resample(scores, draws=100)
    >>> print(found.regions()[["region", "rank", "rank_low", "rank_high"]].head(3).to_string(index=False))
    region  rank  rank_low  rank_high
    110000     1         1          1
    440000     2         2          2
    310000     3         3          3
    """
    _check(scores, draws, over, coverage, seed)
    if scores.graph is None:
        raise StoreError(
            tr("{store} is a table: no entities stand behind its values", store=scores.store),
            hint=tr("load a dataset and give --store to draw from its sample"),
        )
    graph = AuditedGraph(scores.graph, scores.standing.regions, scores.window)
    found, held = _behind(scores, graph)
    behind = {label for matches in found.values() for label in matches.kinds[matches.owner]}
    labels = drawn_labels(graph.store, behind, census)
    sample = read_sample(graph.store, scores.level, graph.regions, labels, over)
    parts = {place: _reweighed(matches, sample, len(graph.regions)) for place, matches in found.items()}
    overall, defined = _drawn(scores, sample, parts, draws, seed, progress)
    if defined.sum() < 2:
        raise InputError(
            tr("all but {count} of {draws:,} draws leave a method undefined", count=int(defined.sum()), draws=draws),
            hint=tr("a geometric mean needs a scale above 0: see ecosystem score --normalise"),
        )
    ranks = rank(overall, scores.index.ties)
    return Resampling(scores, over, coverage, seed, sample, tuple(census), held, overall, ranks, defined)


def _check(scores: Scores, draws: int, over: str, coverage: float, seed: int) -> None:
    """Refuse what cannot be drawn before any memory is asked for."""
    refuse_unknown(over, get_args(Over), tr("entities cannot be drawn over {over!r}", over=over))
    check_memory(draws, len(scores.standing.regions), 0)
    if draws == 1:
        raise UsageError(tr("one draw has no spread"), hint=tr("--draws 1000 is usual"))
    if not 0 < coverage < 1:
        raise UsageError(
            tr("a coverage of {coverage:g} is no share", coverage=coverage), hint=tr("give one between 0 and 1: 0.9")
        )
    check_seed(seed)


def _behind(scores: Scores, graph: AuditedGraph) -> tuple[dict[int, Matches], dict[str, str]]:
    """The matches behind each indicator, by its place; of those that have none, by code, why their values stay."""
    found: dict[int, Matches] = {}
    held: dict[str, str] = {}
    for place, leaf in enumerate(scores.index.leaves):
        source = scores.sources[leaf.code]
        if source.no_matches is not None:
            held[leaf.code] = tr(source.no_matches)
            continue
        matches = source.matches(graph)
        if isinstance(matches, Matches):
            reason = undrawn(matches.query)
            if reason is None:
                found[place] = matches
            else:
                held[leaf.code] = tr(reason)
        else:
            held[leaf.code] = tr("a measure of a network, which all its links make together")
    return found, held


def _reweighed(matches: Matches, sample: Sample, regions: int) -> Reweighing:
    """The metric as sums over the entities of the sample, and one unit more for all that is not drawn."""
    order = np.argsort(sample.codes)
    owners = matches.nodes[matches.owner]
    place = np.minimum(np.searchsorted(sample.codes[order], owners), len(order) - 1)
    units = np.where(sample.codes[order[place]] == owners, order[place], len(order))
    return reweighing(matches, units, len(order) + 1, regions)


def _drawn(
    scores: Scores, sample: Sample, parts: Mapping[int, Reweighing], draws: int, seed: int, progress: Progress
) -> tuple[FloatArray, BoolArray]:
    """The scores (D, R), and which draws (D,) leave no method undefined."""
    base = scores.standing.raw
    made: list[tuple[FloatArray, BoolArray]] = []
    for times in sample.multiplicities(draws, seed):
        whole = np.concatenate([times, np.ones((1, times.shape[1]))])
        values = np.repeat(base[None], times.shape[1], axis=0)
        for place, part in parts.items():
            values[:, :, place] = part.values(whole)
        made += [_scored(scores, some) for some in _batches(values)]
        progress("draws", sum(len(some) for some, _ in made), draws)
    return np.concatenate([own for own, _ in made]), np.concatenate([defined for _, defined in made])


def _batches(values: FloatArray) -> Iterator[FloatArray]:
    step = max(1, CELLS // max(values[0].size, 1))
    for first in range(0, len(values), step):
        yield values[first : first + step]


def _scored(scores: Scores, values: FloatArray) -> tuple[FloatArray, BoolArray]:
    """The scores (some, R) of some draws, NaN for a draw in which a method is undefined, and which are not."""
    try:
        found = evaluate(scores.index, values, level=scores.level, auxiliary=scores.auxiliary).overall
    except InputError:
        if len(values) == 1:
            return np.full(values.shape[:2], np.nan), np.zeros(1, dtype=np.bool_)
        made = [_scored(scores, one[None]) for one in values]
        return np.concatenate([own for own, _ in made]), np.concatenate([defined for _, defined in made])
    return found, np.ones(len(values), dtype=np.bool_)
