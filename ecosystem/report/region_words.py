"""The words of the parts of a page that tell of one region, of its lineage, and of regions beside each other."""

from __future__ import annotations

from collections.abc import Mapping

from ecosystem.messages import tr_later

REGION_WORDS: Mapping[str, str] = {
    # region
    "region_lead": tr_later("Where a region stands, what its score is made of, and what each number was counted from."),
    "no_region": tr_later("No region is called {name}."),
    "rank_above": tr_later("One rank up"),
    "rank_below": tr_later("One rank down"),
    "rank_of": tr_later("{rank} of {all}"),
    "rank_before": tr_later("Rank {rank} in {name}"),
    "pillars_beside": tr_later("Its pillars beside the median and a peer"),
    "pillars_of": tr_later("Scores of the pillars: {region}"),
    "pillars_note": tr_later(
        "Each axis runs from zero, or from the lowest score where one is negative, to the best score of all regions "
        "in that pillar. The median is that of all ranked regions. Similar regions are near by all indicators, each "
        "scaled to its range."
    ),
    "percentiles_of": tr_later("Percentiles of the pillars: {region}"),
    "percentiles_note": tr_later(
        "Each axis runs from 0, the last of all regions in that pillar, to 100, the first; 50 is the middle. Similar "
        "regions are near by all indicators, each scaled to its range."
    ),
    "pillars_of_not": tr_later("how much a pillar weighs in the index; the area inside a line has no meaning"),
    "median_all": tr_later("Median of all regions"),
    "median": tr_later("Median"),
    "best": tr_later("Best value"),
    "best_region": tr_later("Best region"),
    "peer": tr_later("Peer"),
    "similar": tr_later("Most similar:"),
    "sides": tr_later("Strengths and weaknesses"),
    "sides_rule": tr_later(
        "A strength is an indicator with a percentile of {from} or above, a weakness one with {to} or below."
    ),
    "strengths": tr_later("Strengths"),
    "weaknesses": tr_later("Weaknesses"),
    "none": tr_later("none"),
    "no_value": tr_later("no value"),
    "percentile": tr_later("Percentile"),
    "percentile_of": tr_later("percentile {percentile}"),
    "percentile_hint": tr_later("The share of the others that stand behind, in per cent; of equals a half counts."),
    "score_made": tr_later("What the score is made of"),
    "shown_by": tr_later("Shown by"),
    "by_pillar": tr_later("pillar"),
    "by_indicator": tr_later("indicator"),
    "made_of": tr_later("Points that add up to the score: {region}"),
    "made_of_note": tr_later("Each bar begins where the one above it ends; the last is the score of the index."),
    "made_of_not": tr_later("whether a part is large or small for a region of this rank; for that see the percentiles"),
    "scores_of": tr_later("Scores of the parts: {region}"),
    "scores_of_note": tr_later(
        "In this index the points of the parts do not add up to the score, so each bar begins at zero: it is the "
        "part's own score."
    ),
    "last_step": tr_later("Last step of the index"),
    "points": tr_later("Points"),
    "points_hint": tr_later(
        "What the indicator brings to the score of the index; none where points do not add up to it."
    ),
    "all_indicators": tr_later("All indicators"),
    "indicators_of": tr_later("Indicators: {region}"),
    "pillar": tr_later("Pillar"),
    "indicator": tr_later("Indicator"),
    "value": tr_later("Value"),
    "value_hint": tr_later("As it was measured, in the unit beside it."),
    "normalised": tr_later("On one scale"),
    "normalised_hint": tr_later("The value after the normalisation of the index."),
    # lineage
    "lineage": tr_later("Where the numbers come from"),
    "lineage_how": tr_later(
        "Open a pillar, then an indicator: the organisations with the largest part come first. Open an organisation, "
        "and the links that were counted for it are there with the file and line that say so."
    ),
    "points_of": tr_later("{points} points"),
    "share_of": tr_later("brings {share}"),
    "matches_of": tr_later("matches: {count}"),
    "match_of": tr_later("Match {place} of {all}"),
    "more_matches": tr_later("{count} more matches"),
    "matches_elsewhere": tr_later("{count} matches, which this page does not hold: the command below writes them."),
    "others_of": tr_later("{count} others"),
    "others_only": tr_later("{count} organisations, which this page does not hold: the command below writes them."),
    "base_minimum": tr_later("What the lowest of all regions has already, so that no organisation brings it"),
    "base_maximum": tr_later("What the highest of all regions has already, so that no organisation brings it"),
    "lineage_unsummed": tr_later(
        "No organisation has a share of its own in this value ({reason}); those with the most matches come first. What "
        "would go with each of them: ecosystem explain."
    ),
    "lineage_no_points": tr_later(
        "Parts are shares of the value. In this index points do not add up to the score, so that none is said of an "
        "organisation."
    ),
    "kind": tr_later("Kind"),
    "role_hint": tr_later("What it is called in the query of the metric."),
    "entity": tr_later("Name and id"),
    "file_line": tr_later("File and line"),
    "line_of": tr_later("{file}, line {line}"),
    "from_export": tr_later("from {rows}"),
    "from_table": tr_later("A value from a table, column {name}"),
    "no_lines": tr_later("Files and lines are not in this page: {reason}"),
    "save_all": tr_later("Save all of it as CSV"),
    "save_shown": tr_later("Save what is shown as CSV"),
    "all_of_it": tr_later("The page holds a part. All of it is written by:"),
    # compare
    "compare": tr_later("Compare regions"),
    "compare_lead": tr_later("Two to five regions side by side, and where the difference between two comes from."),
    "add_region": tr_later("Add a region"),
    "remove": tr_later("Remove {region}"),
    "most_regions": tr_later("At most {most} regions; remove one to add another."),
    "compared_by": tr_later("Compared by"),
    "value_or_score": tr_later("Value of indicators, score of other parts"),
    "side_by_side": tr_later("All parts side by side"),
    "difference_of": tr_later("{one} less {other}"),
    "pillars_compared": tr_later("Pillars side by side"),
    "pillars_compared_note": tr_later(
        "A sign for each region in each pillar; where one has no value there is no sign."
    ),
    "pillars_compared_not": tr_later("which differences are larger than chance or a change of weights would give"),
    "difference_two": tr_later("Where the difference between two comes from"),
    "difference_whole": tr_later("Difference of the scores"),
    "difference_title": tr_later("{one} less {other}: {difference} points"),
    "difference_note": tr_later(
        "Each bar is what a part brings to the first region less what it brings to the second; together they are the "
        "difference of the scores."
    ),
    "difference_apart": tr_later(
        "In this index the points of the parts do not add up to the score: each bar is the difference of the scores in "
        "that part, and the bars do not add up."
    ),
    "difference_not": tr_later("why the values differ; the lineage of each region says what they were counted from"),
    "one_region": tr_later("First region"),
    "other_region": tr_later("Second region"),
    "same_region": tr_later("Choose two different regions."),
    "other_indicators": tr_later("{count} other indicators"),
}
