"""What every part of a page reads: the index and its parts, the regions, their values, scores and ranks."""

from __future__ import annotations

from functools import partial

import numpy as np

from ecosystem.dataset.dataset import folder_name, is_marked
from ecosystem.index import Indicator, Standing
from ecosystem.index.arrays import FloatArray
from ecosystem.index.steps.tiers import NO_TIER
from ecosystem.messages import listed, tr
from ecosystem.metrics.metric_source import MetricSource
from ecosystem.report.json_values import Both, Json, both, clean, numbers, said, whole_numbers, word
from ecosystem.report.request import Request
from ecosystem.scoring import Scores
from ecosystem.scoring.earlier import EarlierScores, part_ranks
from ecosystem.scoring.result import best_first, names_of


def core(request: Request) -> Json:
    """The data of the page by parts (P, the index first, then its pillars, down to the indicators) and regions (R)."""
    scores = request.scores
    return {
        "index": _index(scores),
        "data": _data(scores),
        "level": scores.level,
        "window": said(lambda: str(scores.window)),
        "focus": list(request.regions) or [_first(scores)],
        "parts": [_part(scores, part) for part in parts_of(scores)],
        "regions": [_region(scores, region) for region in scores.standing.regions],
        **_standing(scores.standing),
        **_made_from(scores),
        "tier": None if scores.tiers is None else whole_numbers(scores.tiers.of, NO_TIER),
        "mark": _marks(scores),
        "groups": _groups(scores),
        "earlier": None if request.earlier is None else _earlier(scores, request.earlier),
    }


def parts_of(scores: Scores) -> list[Indicator]:
    """The parts of an index in the order of a page: the whole, then level by level down to the indicators."""
    index = scores.index
    return [part for level in range(index.depth, 0, -1) for part in index.at(level)]


def _index(scores: Scores) -> Json:
    index = scores.index
    return {
        "id": index.id,
        "title": both(index.title),
        "source": both(index.source),
        "unit": both(index.unit_of_analysis),
        "normalisation": index.normalisation.method,
        "aggregation": index.aggregation.method,
        "changes": [both(change) for change in index.changes],
        "fine": scores.standing.within_one,
    }


def _data(scores: Scores) -> Json:
    name = scores.dataset.name
    return {
        "name": clean(folder_name(name)),
        "hash": scores.dataset.hash or ("" if scores.table is None else scores.table.hash),
        "made_up": is_marked(name),
        "table": None if scores.table is None else clean(str(scores.table.file)),
        "graph": scores.graph is not None,
    }


def _part(scores: Scores, part: Indicator) -> Json:
    leaf = part.level == 1
    return {
        "code": part.code,
        "parent": part.parent,
        "level": part.level,
        "name": both(part.name),
        "unit": word(part.unit, "unit") if leaf and part.unit else None,
        "direction": part.direction,
        "weight": part.weight,
        "weight_source": part.weight_source,
        "source": str(part.source) if part.source is not None else None,
        "definition": _definition(scores, part),
        "dated": scores.sources[part.code].dated if leaf else None,
        "missing": said(partial(_missing, scores, part.code)) if part.code in scores.missing else None,
    }


def _missing(scores: Scores, code: str) -> str:
    """Why an indicator has no value, in the language that is spoken where its source can say it anew."""
    source = scores.sources[code]
    again = source.no_matches if isinstance(source, MetricSource) else None
    return again or scores.missing[code]


def _definition(scores: Scores, part: Indicator) -> Both | None:
    """What the metric behind an indicator counts, where its file says so."""
    source = scores.sources.get(part.code)
    if not isinstance(source, MetricSource) or not source.metric.definition_en:
        return None
    return {lang: clean(source.metric.definition(lang)) for lang in ("zh", "en")}


def _region(scores: Scores, region: str) -> Json:
    parent = scores.regions[region].parent if region in scores.regions else None
    return {
        "id": region,
        "name": both(names_of(scores, region)),
        "parent": parent,
        "within": both(names_of(scores, parent)) if parent is not None and parent in scores.regions else None,
    }


def _first(scores: Scores) -> str:
    return scores.standing.regions[best_first(scores.standing.overall_rank, scores.standing.regions)[0]]


def _standing(standing: Standing) -> Json:
    """Scores and ranks `[P][R]`, and the share of the weight that has a value `[R]`."""
    levels = range(standing.index.depth, 0, -1)
    return {
        "score": [numbers(column) for level in levels for column in standing.at(level).T],
        "rank": [whole_numbers(column) for level in levels for column in part_ranks(standing, level).T],
        "coverage": numbers(standing.coverage),
    }


def _made_from(scores: Scores) -> Json:
    """What an indicator's points are made from, `[K][R]`: as measured, on one scale, as part of the score."""
    standing = scores.standing
    arrays: dict[str, FloatArray] = {
        "raw": standing.raw,
        "normalised": standing.normalised,
        "points": standing.weighted,
    }
    return {name: [numbers(column) for column in array.T] for name, array in arrays.items()} | {
        "shares": numbers(standing.shares),
        "imputed": [np.flatnonzero(column).tolist() for column in standing.imputed.T],
    }


def _marks(scores: Scores) -> list[Both | None]:
    standing = scores.standing
    return [
        said(partial(_mark, scores, region, low=low)) if low or region in scores.screened else None
        for region, low in zip(standing.regions, standing.low_coverage.tolist(), strict=True)
    ]


def _mark(scores: Scores, region: str, *, low: bool) -> str:
    """Why a region is not ranked, or that its score rests on few values."""
    why = scores.screened.get(region)
    notes = (tr("not ranked: {why}", why=why) if why is not None else "", tr("low coverage") if low else "")
    return listed(notes, "; ")


def _groups(scores: Scores) -> Json | None:
    if scores.groups is None:
        return None
    members = {group.id: group.members for group in scores.index.level(scores.level).groups}
    return {
        "regions": [
            {"id": group, "name": both(names_of(scores, group)), "members": list(members.get(group, ()))}
            for group in scores.groups.regions
        ],
        **_standing(scores.groups),
    }


def _earlier(scores: Scores, earlier: EarlierScores) -> Json:
    regions = scores.standing.regions
    tables = [earlier.beside(regions, [part.code] * len(regions)) for part in parts_of(scores)]
    return {
        "name": clean(earlier.name),
        "score": [numbers(table["score"].to_numpy(dtype=np.float64)) for table in tables],
        "rank": [whole_numbers(table["rank"].to_numpy(dtype=np.float64)) for table in tables],
        "notes": said(lambda: "\n".join(earlier.sentences(regions))),
    }
