"""Tables of admissible weights in words, and what is to be known beside them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ecosystem.headings import heading
from ecosystem.messages import listed, tr, tr_count, tr_later
from ecosystem.robustness.weight_space import WeightSpace
from ecosystem.scoring.result import names_of
from ecosystem.scoring.result_columns import part_words

VERDICTS = {
    "alone": tr_later("yes"),
    "shared": tr_later("level with others"),
    "never": tr_later("never"),
    "": "",
}
SAMPLERS = {
    "simplex": tr_later("independent draws, uniform over all weights"),
    "rejection": tr_later("independent draws, uniform over the admissible weights (rejection)"),
    "hit-and-run": tr_later("uniform over the admissible weights by hit-and-run, many walks"),
    "one point": tr_later("the constraints leave one set of weights"),
}
FIRSTS = 6
"""So many regions with favourite weights are shown side by side."""
MIXED = 3
"""So many regions of a mix are named."""


def space_words(found: WeightSpace, lang: str) -> pd.DataFrame:
    """The table of the regions for a person to read: shares in percent with their error, whether it can be first."""
    own = "zh" if lang == "zh" else "en"
    frame = found.table()
    top = found.found.tops[2]
    columns: dict[str, object] = {heading("rank", lang): frame["rank"], heading("region", lang): frame[f"region_{own}"]}
    for name, title in (("first", heading("share_first", lang)), ("top3", top_word(3)), ("top", top_word(top))):
        columns[title] = [
            f"{100 * share:.1f} ± {100 * error:.1f}"
            for share, error in zip(frame[f"share_{name}"], frame[f"se_{name}"], strict=True)
        ]
    columns[heading("rank_best", lang)] = frame["rank_best"].mask(frame["rank_best"] == 0)
    columns[heading("rank_worst", lang)] = frame["rank_worst"].mask(frame["rank_worst"] == 0)
    if not found.sampled_only:
        columns[heading("can_be_first", lang)] = [tr(VERDICTS[verdict]) for verdict in frame["can_be_first"]]
        columns[heading("beaten_by", lang)] = [_mix(found, region, lang) for region in frame["region"]]
    return pd.DataFrame(columns)


def weights_in_words(found: WeightSpace, lang: str) -> pd.DataFrame:
    """A row per part, in percent: its weight today, then its mean among the weights that make a region first.

    For the best-ranked regions that any weights make first.
    """
    own = "zh" if lang == "zh" else "en"
    frame = found.favourite_weights()
    firsts = frame[frame["central"].notna()]
    index = found.scores.index
    parts = index.at(found.level)
    columns: dict[str, object] = {heading("part", lang): [part.name.to(own) for part in parts]}
    columns[heading("weight", lang)] = np.round(100 * found.today, 1)
    for region, rows in [*firsts.groupby("region", sort=False)][:FIRSTS]:
        central = rows.set_index("code")["central"].reindex([part.code for part in parts])
        columns[names_of(found.scores, str(region)).to(own)] = (100 * central).round(1).to_numpy()
    return pd.DataFrame(columns)


def space_notes(found: WeightSpace) -> list[str]:
    """Sentences to say beside the numbers: how weights were drawn, what is exact, who can be first."""
    facts = {"draws": found.found.draws, "parts": len(found.codes), "seed": found.seed}
    notes = [tr("{draws:,} sets of weights of {parts} parts, seed {seed}", **facts)]
    notes[0] = listed([notes[0], tr(SAMPLERS[found.draws.sampler])], "; ")
    if not found.admissible.free and not np.isnan(found.draws.admissible):
        notes.append(tr("the constraints leave {share:.2%} of all weights", share=found.draws.admissible))
    if found.sampled_only:
        notes.append(found.sampled_only)
    else:
        never = sum(place is not None and place.verdict == "never" for place in found.places)
        notes.append(
            tr_count(
                "{count} region is never first with any admissible weights (linear programs, exact)",
                "{count} regions are never first with any admissible weights (linear programs, exact)",
                never,
            )
        )
    undefined = int((found.found.undefined > 0).sum())
    if undefined:
        notes.append(
            tr_count(
                "{count} region has no score in some draws: they count for no rank",
                "{count} regions have no score in some draws: they count for no rank",
                undefined,
            )
        )
    return notes


def space_names(found: WeightSpace, lang: str) -> Mapping[str, str]:
    """Words for the columns of all sheets that no heading knows: parts by their codes, the share of the top."""
    own = {part.code: part.name.to(lang) for part in found.scores.index.at(found.level)}
    top = found.found.tops[2]
    return part_words(found.scores.index, lang) | own | {"share_top3": top_word(3), "share_top": top_word(top)}


def top_word(top: int) -> str:
    """What the share of being among the first so many is called."""
    return tr("in top {k}, %", k=top)


def _mix(found: WeightSpace, region: str, lang: str) -> str:
    """Who is ahead of a region that is never first, as shares of a mix; blank for any other."""
    own = "zh" if lang == "zh" else "en"
    place = found.places[found.scores.standing.regions.index(region)]
    if place is None or not place.beaten_by:
        return ""
    regions = found.scores.standing.regions
    pairs = list(place.beaten_by.items())
    words = [f"{names_of(found.scores, regions[at]).to(own)} {share:.0%}" for at, share in pairs[:MIXED]]
    return " + ".join([*words, *(["…"] if len(pairs) > MIXED else [])])
