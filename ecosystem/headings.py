"""The headings of every table that people read: English here, Chinese in the catalogue under `heading <key>`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from ecosystem.messages import BETWEEN, in_language

_SHEETS: Mapping[str, str] = {
    "sheet_accuracy": "accuracy", "sheet_adequacy": "adequacy", "sheet_alone": "one kind alone",
    "sheet_alpha": "alpha", "sheet_availability": "availability", "sheet_cells": "cells",
    "sheet_change_entities": "change by organisation", "sheet_change_indicators": "change by indicator",
    "sheet_change_links": "changed links", "sheet_change_parts": "change by part", "sheet_changes": "changes",
    "sheet_choices": "choices", "sheet_columns": "columns", "sheet_communities": "communities",
    "sheet_connectors": "connectors", "sheet_correlations": "correlations", "sheet_counts": "counts",
    "sheet_curve": "curve", "sheet_data": "data", "sheet_draws": "draws", "sheet_edges": "edges",
    "sheet_entities": "organisations", "sheet_entries": "entries", "sheet_exits": "exits", "sheet_fallers": "fallers",
    "sheet_favourite_weights": "favourite weights", "sheet_fit": "fit", "sheet_flags": "flags", "sheet_flows": "flows",
    "sheet_fragility": "fragility", "sheet_groups": "groups", "sheet_indicators": "indicators",
    "sheet_interactions": "interactions", "sheet_items": "items", "sheet_k_cores": "k-cores",
    "sheet_left_out": "left out", "sheet_levels": "levels", "sheet_links": "links", "sheet_loadings": "loadings",
    "sheet_members": "members", "sheet_method": "method", "sheet_missing": "missing",
    "sheet_missing_cases": "best and worst cases", "sheet_mix": "communities and regions", "sheet_moves": "moves",
    "sheet_needed": "needed values", "sheet_never_first": "never first", "sheet_overlap": "overlap",
    "sheet_pairs": "pairs", "sheet_partners": "partners", "sheet_paths": "paths", "sheet_peers": "peers",
    "sheet_pillars": "pillars", "sheet_profile": "profile", "sheet_rank_acceptability": "rank acceptability",
    "sheet_ranks": "ranks", "sheet_region_pairs": "pairs of regions", "sheet_regions": "regions",
    "sheet_rich_club": "rich club", "sheet_risers": "risers", "sheet_segments": "segments",
    "sheet_statistics": "statistics", "sheet_steps": "steps", "sheet_strata": "strata", "sheet_strengths": "strengths",
    "sheet_suggestions": "suggestions", "sheet_summary": "summary", "sheet_terms": "terms", "sheet_tests": "tests",
    "sheet_unknown_values": "unknown values", "sheet_variance": "variance", "sheet_weight_draws": "weights drawn",
    "sheet_weight_space": "weight space", "sheet_weights": "weights",
}  # fmt: skip

_SAME = (
    "above", "added", "adequacy", "affected", "after", "aggregation", "aliases", "allowed", "alpha", "available",
    "before", "best", "cells", "change", "changed", "choice", "choices", "class", "code", "coefficient", "column",
    "compared", "component", "connectors", "contribution", "convergence", "count", "coverage", "covers", "cumulative",
    "dataset", "dated", "default", "definition", "difference", "different", "directed", "direction", "distance",
    "draw", "draws", "edges", "eigenvalue", "entry", "equal", "exit", "expected", "explained", "file", "filled",
    "flag", "from", "gap", "gatekeepers", "group", "growth", "high", "hint", "id", "identifiable", "ids", "imputation",
    "index", "indicator", "indicators", "item", "kept", "key", "kind", "kurtosis", "label", "level", "licence", "line",
    "links", "loaded", "loading", "low", "lower", "made", "makes", "mark", "match", "matches", "maximum", "mean",
    "meaning", "measure", "median", "members", "merged", "message", "met", "method", "metric", "minimum", "missing",
    "name", "needed", "network", "nonzero", "normalisation", "normalised", "note", "number", "observed", "order",
    "organisations", "other", "ours", "out", "outcome", "outliers", "p", "parameters", "parent", "part",
    "participation", "partner", "partners", "parts", "path", "percentile", "pillar", "points", "precision", "printed",
    "properties", "property", "quarantined", "r", "rank", "ratio", "raw", "read", "reason", "received", "receives",
    "recomputed", "region", "regions", "relatedness", "removed", "repeated", "reproduced", "required", "residual",
    "role", "roles", "row", "rows", "rule", "same", "scale", "score", "screening", "sd", "segment", "sends", "sent",
    "severity", "share", "shows", "skewness", "skipped", "source", "standardised", "standing", "step", "table",
    "target", "term", "text", "there", "tier", "tiers", "ties", "title", "to", "total", "treatment", "type",
    "ubiquity", "unclassed", "undated", "undefined", "unit", "upper", "used", "value", "weight", "weighted",
    "weighting", "what", "whole", "within", "written", "year", "z",
)  # fmt: skip
"""Keys that are their own heading in English."""

_WORDS: Mapping[str, str] = {
    "above_share": "share of draws above", "adamic_adar": "Adamic-Adar", "aggregate": "aggregation of the draw",
    "alpha_without": "alpha without it", "as_a_whole": "as a whole", "at_best": "weight at its best", "auc": "AUC",
    "auc_gain": "AUC, gain", "auc_sd": "AUC, sd", "bartlett": "Bartlett's test", "beaten_by": "always behind",
    "beaten_by_en": "always behind (English)", "beaten_by_zh": "always behind (Chinese)",
    "below": "share of draws below", "best_en": "best region, English", "best_region": "best region",
    "best_without": "best rank without", "best_zh": "best region, Chinese", "bound_best": "best rank possible",
    "bound_worst": "worst rank possible", "can_be_first": "can be first", "central": "central weight",
    "codes": "codes of the indicators", "common_neighbours": "common neighbours", "confidence": "confidence factor",
    "contribution_one": "contribution, first", "contribution_other": "contribution, second",
    "core_members": "in the core", "core_share": "share in the core", "counts_in": "counts in",
    "degrees": "degrees of freedom", "digits_high": "digits allow up to", "digits_low": "digits allow from",
    "edges_entered": "edges entered", "edges_left": "edges left", "edges_persisted": "edges persisted",
    "edges_persistence": "persistence of edges", "effect": "value change if it left",
    "effect_points": "points change if it left", "effect_score": "score change if it left",
    "effective": "effective weight", "elsewhere": "elsewhere, %", "entities": "entities of the sample",
    "entity": "organisation", "equal_share": "share of draws equal", "example": "for example",
    "exports": "rows of exports", "first": "first order", "first_high": "first order, to",
    "first_low": "first order, from", "first_year": "first year", "fragility_random": "fragility, random",
    "fragility_targeted": "fragility, targeted", "from_name": "from, name", "from_region": "from region",
    "from_year": "from year", "gap_best": "distance from the best", "gap_median": "distance from the median",
    "greatest_move": "greatest move", "group_rank": "rank in group", "growth_percent": "growth, %",
    "half": "hold half of it", "impute": "imputation of the draw", "inside": "weight inside", "jaccard": "Jaccard",
    "kendall": "Kendall tau", "kmo": "KMO", "kurtosis_after": "kurtosis after", "kurtosis_before": "kurtosis before",
    "largest_difference": "largest difference", "last_year": "last year", "leaders": "most linked inside",
    "least_absolute": "least absolute deviations", "least_squares": "least squares", "left_out": "left out",
    "left_out_en": "left out, English name", "left_out_high": "left out, up to", "left_out_low": "left out, from",
    "left_out_zh": "left out, Chinese name", "lies_in": "in", "link": "is a link", "local_path": "local paths",
    "location_quotient": "location quotient", "lq": "location quotient", "main_regions": "main regions",
    "mapping_entry": "entry", "margin": "lead over the best other", "marginal_high": "rank set of its own, high",
    "marginal_low": "rank set of its own, low", "matches_old": "old matches", "mean_core": "mean k-core",
    "mean_move": "mean move", "metric_en": "English name of the metric", "metric_zh": "Chinese name of the metric",
    "missing_rule": "missing values", "moved": "ranks moved", "moved_in": "come from elsewhere",
    "moved_out": "gone elsewhere", "name_en": "English name", "name_zh": "Chinese name",
    "neighbours_above": "neighbours above", "network_en": "English name of the network",
    "network_zh": "Chinese name of the network", "never_swap": "never swap", "nodes_entered": "organisations entered",
    "nodes_left": "organisations left", "nodes_persisted": "organisations persisted",
    "nodes_persistence": "persistence of organisations", "normalise": "normalisation of the draw",
    "not_compared": "not compared", "null_high": "chance: 97.5 %", "null_low": "chance: 2.5 %",
    "null_mean": "chance: mean", "null_sd": "chance: sd", "other_edges": "edges of the other",
    "other_en": "English name of the other", "other_id": "other's id", "other_kind": "other's kind",
    "other_level": "other's level", "other_name": "name of the other", "other_network": "other network",
    "other_region_name": "other's region", "other_segment": "other segment", "other_values": "other regions' values",
    "other_zh": "Chinese name of the other", "outside": "weight to others", "overall": "score",
    "overlapping_degree": "overlapping degree", "overrides": "changed for this run", "overtaken_by": "overtaken by",
    "overtaken_by_en": "overtaken by (English name)", "overtaken_by_zh": "overtaken by (Chinese name)",
    "own_rules": "rules of an indicator's own", "own_values": "own values", "parent_share": "share of the parent, %",
    "parent_total": "value of the parent", "partner_en": "English name of the partner",
    "partner_zh": "Chinese name of the partner", "pci": "product complexity index", "pearson": "Pearson r",
    "place": "number", "points_one": "points, first", "points_other": "points, second",
    "precision_gain": "precision, gain", "preferential_attachment": "preferential attachment",
    "proved": "best and worst case", "r_rest": "r with the rest", "r_squared": "r squared", "rank_best": "best rank",
    "rank_change": "rank change", "rank_high": "rank, 95 %", "rank_interval": "5 to 95 % of the draws",
    "rank_low": "rank, 5 %", "rank_mean": "mean rank", "rank_median": "median rank",
    "rank_of_sample": "rank of the sample", "rank_old": "old rank", "rank_one": "rank, first",
    "rank_other": "rank, second", "rank_without": "rank without", "rank_worst": "worst rank",
    "ranked": "ranked regions", "raw_old": "old raw", "raw_one": "raw, first", "raw_other": "raw, second",
    "reached_by": "regions that have it", "region_en": "English name of the region", "region_id": "region id",
    "region_name": "name of the region", "region_type": "type of region", "region_zh": "Chinese name of the region",
    "regions_with_value": "regions with a value", "relatedness_density": "relatedness density",
    "rescale": "last step of the draw", "rescaling": "last step", "resource_allocation": "resource allocation",
    "rests_imputed": "imputed, %", "rests_missing": "missing, %", "rests_one_source": "told by one source, %",
    "rests_undated": "undated, %", "score_change": "score change", "score_high": "score, 95 %",
    "score_least": "lowest score", "score_low": "score, 5 %", "score_most": "highest score", "score_old": "old score",
    "score_random": "score, random", "score_targeted": "score, targeted", "score_without": "score without",
    "se": "s.e.", "se_first": "standard error, first", "se_top": "standard error, top k",
    "se_top3": "standard error, top 3", "second": "second order", "second_high": "second order, to",
    "second_low": "second order, from", "segment_name": "name of the segment", "share_first": "first, %",
    "share_group": "share of the group", "share_in": "share of what arrives", "share_links": "share of the links",
    "share_nation": "share of the nation", "share_note": "note on the share", "share_of_all": "share of all",
    "share_of_variance": "share of the variance", "share_of_weights": "share of the admissible weights, %",
    "share_old": "old share", "share_parent": "share of the region above", "share_score": "share of the score",
    "share_smaller": "share of the smaller", "share_top": "share in top k", "share_top3": "share in top 3",
    "shared": "shared edges", "simultaneous_high": "rank set of all at once, high",
    "simultaneous_low": "rank set of all at once, low", "simultaneous_set": "true ranks of all regions at once",
    "skewness_after": "skewness after", "skewness_before": "skewness before", "source_class": "class of the source",
    "source_name": "name of the source", "spearman": "Spearman rho", "synthetic": "synthetic data",
    "target_class": "class of the target", "target_name": "name of the target", "to_name": "to, name",
    "to_region": "to region", "to_year": "to year", "total_change": "total change", "total_high": "total, to",
    "total_low": "total, from", "total_share": "share of the total, %", "treat": "treatment of the draw",
    "unclassed_matches": "matches without a class", "undated_matches": "matches without a year",
    "unit_of_analysis": "unit of analysis", "value_change": "change of value", "value_old": "old value",
    "values_changed": "values changed", "variance": "share of variance", "way": "share of the way",
    "weight_source": "weight source", "weighted_old": "old weighted", "window": "years",
    "worst_without": "worst rank without", "years": "years of scores", "zero": "zeros",
}  # fmt: skip

HEADINGS: Mapping[str, str] = {**dict(sorted({**{key: key for key in _SAME}, **_WORDS}.items())), **_SHEETS}
"""The English heading of every key; where several have one heading, it stands for the first."""


def heading(key: str, lang: str) -> str:
    """The heading of a column: Chinese (`zh`), English (`en`) or `both`; a key without one is its own heading."""
    english = HEADINGS.get(key)
    return key if english is None else in_language(lang, english, f"heading {key}")


def headings(keys: Iterable[str], lang: str) -> dict[str, str]:
    """From keys to headings, as a data frame's `rename(columns=...)` takes them."""
    return {key: heading(key, lang) for key in keys}


def file_headings(keys: Sequence[str], lang: str, names: Mapping[str, str] | None = None) -> list[str]:
    """The headings of the columns of a file: keys in English, as programs read them, else words in Chinese or `both`.

    A year behind a key stays (`score_2020` is 得分 2020), and so does what is no key. `names` are words for columns
    that the user's own data give, e.g. of indicators by their codes.
    """
    if lang == "en":
        return list(keys)
    own = names or {}
    return [own[key] if key in own else _worded(key, lang) for key in keys]


def _worded(key: str, lang: str) -> str:
    stem, year = _of_a_year(key, "_")
    if year is None or stem not in HEADINGS:
        return heading(key, lang)
    words = [f"{heading(stem, one)} {year}" for one in (("zh", "en") if lang == "both" else (lang,))]
    return BETWEEN.join(words)


def _of_a_year(name: str, between: str) -> tuple[str, str | None]:
    """The name before the year at its end, and the year; None where there is none."""
    stem, _, year = name.rpartition(between)
    return (stem, year) if stem and year.isdecimal() else (name, None)


def sheet_heading(name: str, lang: str) -> str:
    """What a sheet is called in the language of a file; a name without words of its own stays."""
    key = f"sheet_{name}"
    return heading(key, lang).replace(BETWEEN, " ") if key in HEADINGS and lang != "en" else name


def keys_of(names: Iterable[str], among: Collection[str] = HEADINGS.keys()) -> list[str]:
    """The keys of the headings of a file in either language or in both; what is none `among` those stays as it is."""
    return [key if (key := _key_of(name.strip())) and _of_a_year(key, "_")[0] in among else name for name in names]


def _key_of(name: str) -> str:
    """The key of a heading; a text that is none is its own."""
    first = name.split(BETWEEN, maxsplit=1)[0]
    stem, year = _of_a_year(first, " ")
    key = name if name in HEADINGS else _keys().get(name) or _keys().get(stem) or name
    return key if year is None or key == name else f"{key}_{year}"


@cache
def _keys() -> Mapping[str, str]:
    """The keys of columns by their headings, Chinese and English; those of sheets head no column."""
    columns = [key for key in HEADINGS if not key.startswith("sheet_")]
    return {heading(key, lang): key for lang in ("en", "zh") for key in reversed(columns)}


def in_both_languages(keys: Iterable[str]) -> frozenset[str]:
    """Keys and their headings in both languages, without regard to case: what a column beside theirs is not called."""
    words = (word for key in keys for word in (key, heading(key, "zh"), heading(key, "en")))
    return frozenset(word.casefold() for word in words)


def apart(names: Sequence[str], taken: Collection[str], mark: str) -> list[str]:
    """Names of columns that people chose, each unlike the `taken` words and the names before it, whatever the case.

    One that is not is followed by what it is, e.g. `rank (indicator)`, and by a number where that is not enough.
    `taken` are folded as `in_both_languages` gives them.
    """
    used, found = set(taken), list[str]()
    for name in names:
        candidate, number = name, 1
        while candidate.casefold() in used:
            candidate = f"{name} ({mark})" if number == 1 else f"{name} ({mark} {number})"
            number += 1
        used.add(candidate.casefold())
        found.append(candidate)
    return found
