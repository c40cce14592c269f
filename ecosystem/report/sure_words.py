"""The words of the part of a report that says how sure the ranks are."""

from __future__ import annotations

from collections.abc import Mapping

from ecosystem.messages import tr_later

SURE_WORDS: Mapping[str, str] = {
    "sure": tr_later("How sure the ranks are"),
    "sure_lead": tr_later(
        "Weights and normalisation are choices. Here they vary at random, and each region has the interval of the "
        "ranks that it then gets. The data are held fixed."
    ),
    "interval": tr_later("Rank interval"),
    "interval_hint": tr_later(
        "From 5% to 95% of the draws of weights and rules the rank lies here; see: How sure the ranks are."
    ),
    "sure_region": tr_later(
        "{region} has rank {rank}; in nine of ten draws its rank is {interval}, its median {median}."
    ),
    "sure_no_rank": tr_later("{region} has no rank."),
    "sure_tops": tr_later("Among the first three in {three} of the draws, among the first ten in {ten}."),
    "sure_pairs": tr_later("Regions that are ahead of it in every draw: {above}; behind it in every draw: {below}."),
    "sure_intervals": tr_later("Rank intervals: 5% to 95% of the draws"),
    "sure_intervals_note": tr_later(
        "The line holds the ranks of all draws but for the best and the worst 5%; the tick is the median, the dot the "
        "rank in the index. A triangle marks the chosen region."
    ),
    "sure_note": tr_later(
        "What varies are choices of method. In the middle of a ranking scores lie close together, and intervals are "
        "wide."
    ),
    "sure_not": tr_later(
        "how sure the data are: they are held fixed, so the intervals are too narrow where links or values are missing"
    ),
    "sure_pages": tr_later("Places in the ranking"),
    "sure_page": tr_later("{from} to {to}"),
    "sure_dot": tr_later("rank in the index"),
    "sure_tick": tr_later("median of the draws"),
    "sure_low": tr_later("Rank, 5%"),
    "sure_median": tr_later("Median rank"),
    "sure_high": tr_later("Rank, 95%"),
    "sure_mean": tr_later("Mean rank"),
    "sure_top1": tr_later("Draws as first"),
    "sure_top3": tr_later("Draws in the first 3"),
    "sure_top10": tr_later("Draws in the first 10"),
    "sure_ahead": tr_later("Draws ahead of the next"),
    "sure_ahead_hint": tr_later(
        "The share of draws with a better rank than the region that follows it in the ranking."
    ),
    "sure_above": tr_later("Always ahead of it"),
    "sure_below": tr_later("Always behind it"),
    "sure_pairs_hint": tr_later("Regions with which it changes places in no draw."),
    "sure_score_low": tr_later("Score, 5%"),
    "sure_score_high": tr_later("Score, 95%"),
    "sure_space": tr_later("All weights"),
    "sure_space_lead": tr_later(
        "Every set of weights of the pillars is taken as equally likely. Regions that some of the drawn weights put "
        "first: {count}."
    ),
    "sure_space_picture": tr_later("With what share of all weights a region leads"),
    "sure_space_note": tr_later(
        "The share of all weights of the pillars, from none to all on one of them, that put a region first, among the "
        "first 3, among the first 10. At most 20 regions are drawn; the table has all."
    ),
    "sure_space_not": tr_later("that all weights are equally sensible; inside a pillar they keep their proportions"),
    "sure_first": tr_later("first"),
    "sure_first3": tr_later("in the first 3"),
    "sure_first10": tr_later("in the first 10"),
    "sure_best": tr_later("Best rank"),
    "sure_worst": tr_later("Worst rank"),
    "sure_can": tr_later("Can be first"),
    "sure_verdict_alone": tr_later("yes"),
    "sure_verdict_shared": tr_later("level with others"),
    "sure_verdict_never": tr_later("never"),
    "sure_verdict_unknown": tr_later("not known"),
    "sure_favourite": tr_later("Who can be first, and with which weights"),
    "sure_favourite_lead": tr_later("The weights are the means of those that put the region first."),
    "sure_central_hint": tr_later("Weight in the index: {share}"),
    "sure_undefined": tr_later("No draw has ranks: {why}"),
}
