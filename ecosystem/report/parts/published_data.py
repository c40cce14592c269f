"""What the source of an index published, beside the scores of the page."""

from __future__ import annotations

from dataclasses import replace

from ecosystem.errors import SpecError
from ecosystem.index import index_folder
from ecosystem.messages import speaking
from ecosystem.model import load_model
from ecosystem.published.comparison import GROUPS, Comparison, beside_published
from ecosystem.published.published import SAMPLE, Published, read_published
from ecosystem.report.json_values import Json, both, clean, columns, said
from ecosystem.report.request import Request
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of

SHOWN = ("table", "region", "code", "shows", "printed", "upper", "ours", "difference", "reproduced")
"""The columns of a comparison that the page has."""


def published(request: Request) -> Json | None:
    """The published numbers of the level of the page and of its groups beside ours; None where there are none.

    `ecosystem compare published INDEX --cells` writes the same rows.
    """
    found: dict[str, Comparison] = {}
    known: dict[str, Published] = {}
    for lang in ("zh", "en"):
        with speaking(lang):
            read = _published(request.scores)
            if read is None:
                return None
            known[lang] = read
            found[lang] = beside_published({request.scores.level: request.scores}, read, request.scores.graph)
    cells, graph = found["en"].cells, request.scores.graph
    model = load_model() if graph is None else graph.schema.model
    tables = {each.table.file: each.table for each in known["en"].numbers}
    regions = [str(region) for region in cells["region"].unique() if region in _named(request.scores)]
    return {
        "verdict": said(lambda: found["en"].verdict),
        "cells": columns(cells[list(SHOWN)]),
        "why": {lang: [clean(why) for why in each.cells["not_compared"]] for lang, each in found.items()},
        "names": {region: both(names_of(request.scores, region)) for region in regions},
        "labels": {name: {"zh": label.zh, "en": label.en} for name, label in model.labels.items()},
        "tables": {file: {"title": both(table.title), "place": both(table.place)} for file, table in tables.items()},
        "warnings": {lang: [clean(str(warning)) for warning in each.warnings] for lang, each in known.items()},
    }


def _published(scores: Scores) -> Published | None:
    """What is published at the level of scores; None where the index has no such folder, or nothing at that level."""
    try:
        known = read_published(scores.index, index_folder(scores.index.id))
    except SpecError:
        return None
    numbers = tuple(each for each in known.numbers if each.level in (scores.level, GROUPS, SAMPLE))
    return replace(known, numbers=numbers) if any(each.level == scores.level for each in numbers) else None


def _named(scores: Scores) -> frozenset[str]:
    """The regions and groups that have names."""
    groups = (group.id for group in scores.index.level(scores.level).groups)
    return frozenset({*groups, *(region.id for region in scores.regions)})
