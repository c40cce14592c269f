"""Tables about scores: the sheets of a workbook, coverage, method, what changed since; and rows chosen of them."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version

import numpy as np
import pandas as pd

from ecosystem.errors import RegionError
from ecosystem.headings import file_headings
from ecosystem.index import Index, IndexScores, Indicator
from ecosystem.index.arrays import FloatArray, correlations
from ecosystem.index.rule_text import describe_rules
from ecosystem.index.steps.rank import rank_columns
from ecosystem.index.steps.weigh import bod_weights
from ecosystem.messages import listed, speaking, tr
from ecosystem.regions import level_word
from ecosystem.scoring.extras import NO_EXTRAS, Extras
from ecosystem.scoring.result import Scores, best_first, group_table, names_of, tidy_table, wide_table
from ecosystem.scoring.result_columns import part_columns
from ecosystem.scoring.step_changes import changed_cells, step_values, treated_columns
from ecosystem.version import __version__

ENGINES = ("duckdb", "numpy", "pandas", "pyarrow")
"""The packages whose versions a result names: they compute it."""

DOUBT_COLUMNS = 4
"""The columns of `doubt_table` before those of the indicators."""


def sheets(scores: Scores, lang: str, beside: Extras = NO_EXTRAS) -> dict[str, pd.DataFrame]:
    """The sheets of a workbook: scores, groups, pillars, indicators, coverage, method."""
    tidy = tidy_table(scores, beside)
    found = {sheet_title("得分", "scores", lang): wide_table(scores, scores.standing, beside)}
    groups = group_table(scores, beside)
    if groups is not None:
        found[groups_title(scores, lang)] = groups if beside.others else groups.drop(columns="kind")
    if (means := scores.tier_means) is not None:
        found[sheet_title("梯队", "tiers", lang)] = means
    index = scores.index
    pillars = tidy[tidy["level"].between(2, index.depth - 1)].drop(columns=["index", "raw", "normalised"])
    found[sheet_title("一级与二级指标", "pillars", lang)] = pillars
    found[sheet_title("指标", "indicators", lang)] = _indicators(scores, tidy)
    found[sheet_title("数据覆盖率", "coverage", lang)] = coverage_table(scores)
    found |= change_sheets(scores.standing, lang)
    found[sheet_title("方法", "method", lang)] = method_table(scores, lang)
    return found


def sheet_title(zh: str, en: str, lang: str) -> str:
    """What a sheet is called in a language, or in both."""
    return {"zh": zh, "en": en}.get(lang, f"{zh} {en}")


def change_sheets(standing: IndexScores, lang: str, years: Sequence[int] = ()) -> dict[str, pd.DataFrame]:
    """The cells that steps have changed and the columns that were tested for outliers, where there are any."""
    found = {
        sheet_title("改动", "changes", lang): changed_cells(standing, years),
        sheet_title("离群值", "outliers", lang): treated_columns(standing, years),
    }
    return {name: frame for name, frame in found.items() if len(frame)}


def everything(scores: Scores, lang: str, beside: Extras = NO_EXTRAS) -> dict[str, pd.DataFrame]:
    """The sheets of `sheets`, and the values after every step, ranks at every level, correlations and weights."""
    index, standing = scores.index, scores.standing
    named = {
        "denominated": "除以分母后", "imputed": "插补后", "treated": "处理后", "normalised": "标准化后",
        "weighted": "加权后",
    }  # fmt: skip
    steps = {
        sheet_title(named[step], step, lang): _matrix(scores, values, index.leaves)
        for step, values in step_values(standing).items()
    }
    places = [standing.at(level) for level in range(index.depth, 0, -1)]
    parts = [part for level in range(index.depth, 0, -1) for part in index.at(level)]
    ranks = np.hstack([rank_columns(values, index.ties) for values in places]).astype(np.float64)
    r = pd.DataFrame(correlations(standing.normalised), columns=part_columns(index.leaves))
    r.insert(0, "code", [leaf.code for leaf in index.leaves])
    own = {leaf.code: float(share) for leaf, share in zip(index.leaves, standing.shares, strict=True)}
    weights = [(part.code, part.level, part.weight, part.weight_source, own.get(part.code)) for part in parts]
    return (
        sheets(scores, lang, beside)
        | steps
        | {
            sheet_title("各级排名", "ranks", lang): _matrix(scores, np.where(ranks > 0, ranks, np.nan), parts),
            sheet_title("相关系数", "correlations", lang): r,
            sheet_title("权重", "weights", lang): pd.DataFrame(
                weights, columns=["code", "level", "weight", "weight_source", "share"]
            ),
        }
    )


def _matrix(scores: Scores, values: FloatArray, parts: Sequence[Indicator]) -> pd.DataFrame:
    """A row per region, in the order of the index, a column per part."""
    names = [names_of(scores, region) for region in scores.standing.regions]
    columns = {name: values[:, place] for place, name in enumerate(part_columns(parts))}
    keys = {"region_zh": [name.zh for name in names], "region_en": [name.en for name in names]}
    return pd.DataFrame({"region": scores.standing.regions, **keys, **columns})


def _indicators(scores: Scores, tidy: pd.DataFrame) -> pd.DataFrame:
    """A row per region and indicator, the best region first: raw, normalised, rank, weight, weighted, unit."""
    leaves = tidy[(tidy["level"] == 1) & (tidy["kind"] == "region")]
    by_code = {leaf.code: leaf for leaf in scores.index.leaves}
    # the table goes indicator by indicator; what is missing has brought nothing, which is not 0
    points = np.where(np.isnan(scores.standing.at(1)), np.nan, scores.standing.weighted)
    standing = scores.standing
    best = {standing.regions[row]: at for at, row in enumerate(best_first(standing.overall_rank, standing.regions))}
    rows = leaves.assign(
        weighted=points.T.ravel(),
        weight=[by_code[code].weight for code in leaves["code"]],
        unit=[by_code[code].unit for code in leaves["code"]],
        direction=[by_code[code].direction for code in leaves["code"]],
    ).drop(columns=["index", "kind", "level", "coverage", "score"])
    return rows.sort_values("region", key=lambda region: region.map(best), kind="stable", ignore_index=True)


def groups_title(scores: Scores, lang: str) -> str:
    """What the sheet of groups is called: 经济圈, or where they are regions of one level, as cities of parks, that."""
    known = [scores.regions.find(group.id) for group in scores.index.level(scores.level).groups]
    levels = {scores.regions[region].level if region is not None else None for region in known}
    level = levels.pop() if len(levels) == 1 else None
    if level is None or level == "group":
        return sheet_title("经济圈", "groups", lang)
    with speaking("zh"):
        chinese = level_word(level)
    return sheet_title(chinese, level, lang)


def coverage_table(scores: Scores) -> pd.DataFrame:
    """A row per indicator: regions with a value, matches without a year or class, why it is missing or constant."""
    standing = scores.standing
    rows = []
    for place, leaf in enumerate(scores.index.leaves):
        marks = {
            tr("missing"): leaf.code in scores.missing,
            tr("constant: scores 0"): leaf.code in scores.constant,
            tr("not dated: the window has no effect"): leaf.code in scores.undated and scores.window.given,
        }
        rows.append(
            {
                "code": leaf.code,
                "name_zh": leaf.name.zh,
                "name_en": leaf.name.en,
                "source": str(leaf.source),
                "regions_with_value": int((~standing.missing[:, place]).sum()),
                "regions": len(standing.regions),
                "undated_matches": scores.undated_matches.get(leaf.code, 0),
                "unclassed_matches": scores.unclassed_matches.get(leaf.code, 0),
                "mark": listed((mark for mark, holds in marks.items() if holds), "; "),
                "reason": scores.missing.get(leaf.code, ""),
            }
        )
    return pd.DataFrame(rows)


def method_table(scores: Scores, lang: str) -> pd.DataFrame:
    """How the scores were made: key and value; weights with their sources; gaps of the index."""
    index = scores.index
    rows = [
        ("index", f"{index.id}: {index.title.to(lang)}"),
        ("source", index.source.to(lang)),
        (tr("index hash"), index.hash),
        ("level", scores.level),
        (tr("ranked regions"), str(len(scores.standing.regions))),
        (tr("not ranked: unknown to the dataset"), ", ".join(scores.unranked)),
        ("window", str(scores.window) or tr("none")),
        (tr("years of the values"), listed((note.strip() for note in scores.year_notes), "; ")),
        ("dataset", scores.dataset.name),
        (tr("dataset hash"), scores.dataset.hash),
        (tr("table of values"), "" if scores.table is None else f"{scores.table.file} (SHA-256 {scores.table.hash})"),
        (tr("not ranked: screened out"), listed_reasons(scores.screened)),
        (tr("weights rest on"), listed(scores.weighing, "; ")),
        *describe_index(index, lang),
        *((tr("version of {name}", name=name), text) for name, text in versions().items()),
    ]
    return key_and_value(rows, lang)


def key_and_value(rows: Iterable[tuple[str, str]], lang: str) -> pd.DataFrame:
    """Rows of a name and its text as a table, those without a text left out; names that are keys in a language."""
    full = [row for row in rows if row[1]]
    return pd.DataFrame({"key": file_headings([key for key, _ in full], lang), "value": [text for _, text in full]})


def listed_reasons(reasons: Mapping[str, str]) -> str:
    """Regions and why each is not ranked, as one text."""
    return listed((tr("{region}: {reason}", region=region, reason=why) for region, why in reasons.items()), "; ")


def describe_index(index: Index, lang: str) -> Iterator[tuple[str, str]]:
    """The rules of an index as key and value, and what a run has changed of them; weights with their sources; gaps."""
    yield tr("changed for this run"), listed(index.overrides, "; ")
    yield from describe_rules(index)
    for part in index.indicators:
        yield tr("weight {code}", code=part.code), f"{part.weight} ({part.weight_source})"
    for gap in index.gaps:
        yield "gap", gap.to(lang)


def versions() -> dict[str, str]:
    """The versions of the program, of Python and of the packages that compute."""
    return {
        "ecosystem": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in ENGINES},
    }


def doubt_table(scores: Scores) -> pd.DataFrame:
    """A row per region without gaps, the best first: names, score, a share per indicator.

    The score is 1 for the regions that none outdoes. Shares are weight x value / score and add up to 1. Raises as
    `benefit_of_the_doubt`.
    """
    standing, leaves = scores.standing, scores.index.leaves
    full = np.flatnonzero(~np.isnan(standing.prepared).any(axis=-1)).tolist()
    directions = np.array([float(leaf.direction) for leaf in leaves])
    found = bod_weights(standing.prepared[full], directions, scores.index.weighting)
    regions = [standing.regions[place] for place in full]
    names = [names_of(scores, region) for region in regions]
    frame = pd.DataFrame(
        {
            "region": regions,
            "region_zh": [name.zh for name in names],
            "region_en": [name.en for name in names],
            "score": found.scores,
            **{name: found.shares[:, place] for place, name in enumerate(part_columns(leaves))},
        }
    )
    order = sorted(range(len(regions)), key=lambda row: (-found.scores[row], regions[row]))
    return frame.iloc[order].reset_index(drop=True)


def chosen(frame: pd.DataFrame, scores: Scores, regions: Sequence[str], top: int | None) -> pd.DataFrame:
    """The rows of some regions, by any of their names, and of the first `top`."""
    if regions:
        known: Mapping[str, str] = {name: region for region in frame["region"] for name in _known_as(scores, region)}
        ids = [known.get(name) or scores.regions.resolve(name, level=scores.level) for name in regions]
        outside = [name for name, region in zip(regions, ids, strict=True) if region not in set(frame["region"])]
        if outside:
            message = tr("{regions} is not ranked by {id}", regions=", ".join(outside), id=scores.index.id)
            raise RegionError(message, hint=tr("leave out --region to see which regions are"))
        frame = frame[frame["region"].isin(ids)]
    return frame.head(top) if top is not None else frame


def _known_as(scores: Scores, region: str) -> tuple[str, ...]:
    name = names_of(scores, region)
    return (region, name.zh, name.en)
