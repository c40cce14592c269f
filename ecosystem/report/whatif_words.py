"""The words of the part of a report that tries other weights and rules."""

from __future__ import annotations

from collections.abc import Mapping

from ecosystem.messages import tr_later

WHATIF_WORDS: Mapping[str, str] = {
    "whatif": tr_later("What if"),
    "whatif_lead": tr_later(
        "Other weights and other rules, computed here by the formulas of the index. The result of the index stays what "
        "it is: this shows how much of it hangs on choices."
    ),
    "whatif_weights": tr_later("Weights of the pillars, in per cent"),
    "whatif_slider": tr_later("Weight of {pillar}, slider"),
    "whatif_number": tr_later("Weight of {pillar}, per cent"),
    "whatif_own_weight": tr_later("index: {share}%"),
    "whatif_sum_one": tr_later("The weights add up to 100%."),
    "whatif_sum": tr_later(
        "The weights add up to {sum}%. Each is divided by that, so that they add up to 100%; the share that is used "
        "stands at the end of its line."
    ),
    "whatif_no_weight": tr_later("No weight is left: give at least one pillar a weight above 0."),
    "whatif_reset_weights": tr_later("Weights of the index"),
    "whatif_equal": tr_later("Equal weights"),
    "whatif_reset": tr_later("Reset everything"),
    "whatif_scale": tr_later("Normalisation"),
    "whatif_mean": tr_later("Aggregation"),
    "whatif_own": tr_later("the index's own: {method}"),
    "whatif_formula": tr_later("Normalisation: {scale}. Aggregation: {mean}."),
    "whatif_in_words": tr_later("Weights: {weights}. Normalisation: {scale}. Aggregation: {mean}."),
    "whatif_unscaled": tr_later("Nothing is computed: this normalisation has no score for {parts}. Why: {why}."),
    "whatif_undefined": tr_later(
        "Nothing is ranked, because {regions} would have no score: {why}. Choose a normalisation whose scores are "
        "above 0, for example min-max from 1, or the arithmetic mean."
    ),
    "whatif_and_more": tr_later("{names} and {count} more"),
    "whatif_kept": tr_later("Regions that keep their rank: {kept} of {total}."),
    "whatif_region": tr_later("{region}: {before} → {after}."),
    "whatif_from_to": tr_later("{before} → {after}"),
    "whatif_climb": tr_later("Largest climb: {region}, {places}."),
    "whatif_fall": tr_later("Largest fall: {region}, {places}."),
    "whatif_shift": tr_later("Ranks shift by {places} on average."),
    "whatif_rank": tr_later("New rank"),
    "whatif_old_rank": tr_later("Rank in the index"),
    "whatif_score": tr_later("New score"),
    "whatif_old_score": tr_later("Score in the index"),
    "whatif_change_hint": tr_later("Places gained or lost against the index; a positive number is a climb."),
    "whatif_before": tr_later("index"),
    "whatif_after": tr_later("what if"),
    "whatif_movers": tr_later("Who climbs and who falls"),
    "whatif_movers_note": tr_later(
        "The rank of each region in the index and under the choices above. Lines that rise, or arrows to the right, "
        "are regions that climb. Up to 40 regions are all shown; of more, the 30 that move most."
    ),
    "whatif_movers_source": tr_later("computed in this page from the prepared values of the index"),
    "whatif_all": tr_later("All regions under the choices above"),
    "whatif_command": tr_later(
        "The same in a terminal, in the folder of the data. Options that the run of this report had besides are to be "
        "added."
    ),
    "whatif_copy": tr_later("Copy"),
    "whatif_copied": tr_later("copied"),
    "whatif_note": tr_later(
        "Values after transformation, denominators, imputation and treatment of outliers stay as they are. They are "
        "normalised, weighed, aggregated and ranked anew by the formulas of the program. Groups are not computed."
    ),
    "whatif_source": tr_later(
        "ecosystem score with the options that are shown, which writes the same numbers with --out"
    ),
    "whatif_not": tr_later("which weights are right; the data are taken as they are"),
    "whatif_checked": tr_later("Check: without a change the page has the scores of the program to {off}."),
    "whatif_few": tr_later("Copeland and PROMETHEE compare every two regions and are offered up to 1,000 regions."),
    "whatif_changed": tr_later("This run has changed rules of the index itself: {changes}."),
}
