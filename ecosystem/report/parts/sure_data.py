"""How sure the ranks of a report are: rank intervals over draws of weights and rules, and the space of all weights.

The same numbers come from `ecosystem robustness` with the options that the page shows, and of `--weights-space`; its
`--out` writes them.
"""

from __future__ import annotations

import numpy as np

from ecosystem.errors import InputError
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr
from ecosystem.report.json_values import Json, numbers, said, whole_numbers
from ecosystem.report.parts.whatif_data import command
from ecosystem.report.request import Request
from ecosystem.robustness import Robustness, robustness
from ecosystem.robustness.acceptability import acceptability
from ecosystem.robustness.admissible_weights import admissible_weights
from ecosystem.robustness.part_scores import evaluated, part_scores
from ecosystem.robustness.weight_draws import draw_weights
from ecosystem.robustness.weight_space import WeightSpace, weight_space
from ecosystem.robustness.weight_tables import space_notes
from ecosystem.scoring import Scores
from ecosystem.scoring.result import best_first

VARY = ("weights:0.25", "normalise:own,zscore,prank")
"""What varies: every weight by a quarter, and the normalisation, among the index's own and two that are common."""

TOPS = (1, 3, 10)
PAIRS = 1000
"""Up to how many regions every two of them are compared."""

EXACT = 60
"""Up to how many regions it is proved who can be first."""

WEIGHTS = 10
"""Sets of weights for each draw: shares of all weights are asked for to half a percentage point."""

CELLS = 4_000_000
"""Scores that are computed at most over all sets of weights, so that thousands of regions do not take minutes."""


def sure(request: Request) -> Json | None:
    """The data of the part, regions in the order of the standing; None without draws, a reason where all fail."""
    scores = request.scores
    if request.draws == 0:
        return None
    try:
        found = robustness(scores, VARY, request.draws, request.seed)
    except InputError:
        return {"why": said(lambda: _refusal(request))}
    return {
        **intervals(found, scores),
        "draws": request.draws,
        "undefined": len(found.drawn.undefined),
        "notes": said(lambda: " ".join(_sentence(note) for note in found.notes())),
        "command": [
            *command(scores, "robustness"), "--vary", *VARY, "--draws", str(request.draws), "--seed", str(request.seed)
        ],
        "space": space(request),
    }  # fmt: skip


def _refusal(request: Request) -> str:
    """Why there are no ranks, in the language that is spoken."""
    try:
        robustness(request.scores, VARY, request.draws, request.seed)
    except InputError as err:
        return err.message
    return ""


def _sentence(text: str) -> str:
    return text if text.endswith(("。", ".")) else tr("{sentence}.", sentence=text)


def intervals(found: Robustness, scores: Scores) -> Json:
    """Rank and score of every region over the draws, and how it stands to those beside it in the ranking."""
    frame = found.regions(TOPS).set_index("region").loc[list(scores.standing.regions)]
    ranks = found.drawn.ranks[found.drawn.defined]
    order = [at for at in best_first(scores.standing.overall_rank, scores.standing.regions) if ranks[:, at].any()]
    few = len(order) <= PAIRS
    above, below = _sure_pairs(ranks, order) if few else (None, None)
    return {
        "low": whole_numbers(frame["rank_low"].to_numpy(dtype=np.float64, na_value=np.nan)),
        "high": whole_numbers(frame["rank_high"].to_numpy(dtype=np.float64, na_value=np.nan)),
        **{name: numbers(frame[column].to_numpy(dtype=np.float64)) for name, column in FRAME.items()},
        "ahead": numbers(_ahead_of_next(ranks, order)),
        "above": None if above is None else above.tolist(),
        "below": None if below is None else below.tolist(),
    }


FRAME = {
    "median": "rank_median",
    "mean": "rank_mean",
    "top1": "top_1",
    "top3": "top_3",
    "top10": "top_10",
    "score_low": "score_low",
    "score_high": "score_high",
}
"""The columns of `Robustness.regions` by the names that the page has for them."""


def _ahead_of_next(ranks: IntArray, order: list[int]) -> FloatArray:
    """The share of draws in which a region has a better rank than the next one in the ranking; NaN for the last."""
    share = np.full(ranks.shape[1], np.nan)
    share[order[:-1]] = (ranks[:, order[:-1]] < ranks[:, order[1:]]).mean(axis=0)
    return share


def _sure_pairs(ranks: IntArray, order: list[int]) -> tuple[IntArray, IntArray]:
    """Of each region how many are ahead of it in every draw, and how many behind: pairs that never change places."""
    rows = np.ascontiguousarray(ranks[:, order].T.astype(np.int32))
    above, below = np.zeros(ranks.shape[1], np.int64), np.zeros(ranks.shape[1], np.int64)
    for at, place in enumerate(order):
        behind = (rows[at] < rows).all(axis=1)
        below[place] = behind.sum()
        above[np.asarray(order)[behind]] += 1
    return above, below


def space(request: Request) -> Json | None:
    """What all weights of the pillars say; None where there is but one pillar."""
    scores = request.scores
    regions = len(scores.standing.regions)
    if len(scores.index.pillars) < 2:
        return None
    draws = max(min(WEIGHTS * request.draws, CELLS // regions), 1)
    exact = regions <= EXACT
    found = weight_space(scores, draws=draws, seed=request.seed) if exact else _sampled(scores, draws, request.seed)
    shares, verdicts = found.found.shares, [None if one is None else one.verdict for one in found.places]
    return {
        "codes": list(found.codes),
        "today": numbers(found.today),
        "draws": draws,
        "exact": exact and not found.sampled_only,
        "notes": said(lambda: " ".join(_sentence(note) for note in space_notes(found))),
        "shares": [numbers(row) for row in shares],
        "best": whole_numbers(found.found.best),
        "worst": whole_numbers(found.found.worst),
        "verdict": verdicts,
        "central": [None if np.isnan(row).any() else numbers(row) for row in found.found.central],
        "command": [
            *command(scores, "robustness"), "--weights-space", "--draws", str(draws), "--seed", str(request.seed)
        ],
    }  # fmt: skip


def _sampled(scores: Scores, draws: int, seed: int) -> WeightSpace:
    """As `weight_space` at the level of the pillars, without the linear programs that prove who can be first."""
    index = scores.index
    level = index.depth - 1
    admissible = admissible_weights(index, level)
    drawn = draw_weights(admissible, draws, seed)
    parts, why = part_scores(scores, level)
    weights, regions = drawn.weights, len(scores.standing.regions)

    def scored(chunk: slice) -> FloatArray:
        own: FloatArray = evaluated(scores, level, weights[chunk]) if why else weights[chunk] @ parts.T
        return own

    found = acceptability(weights, scored, regions, index.ties, tops=TOPS, walks=drawn.walks)
    reason = tr("Who can never be first is proved up to {count} regions, or by the command.", count=EXACT)
    return WeightSpace(scores, level, admissible, drawn, found, (None,) * regions, parts, why or reason, seed)
