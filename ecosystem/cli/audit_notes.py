"""What `explain` says beside its table: where parts do not add up, how far apart regions are, how it was found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ecosystem.messages import tr, tr_later

if TYPE_CHECKING:
    from ecosystem.audit.audit_tables import Result
    from ecosystem.scoring import Scores

NOT_ADDITIVE = tr_later("the parts of some indicators do not add up: their lines in `explain` say why")


def notes(result: Result, lang: str) -> Iterator[str]:
    """What a reader of the table of a result must know beside it, a sentence each."""
    from ecosystem.audit import Explanation, NeededValues, Overtaking, Trace, Versus

    match result:
        case Explanation():
            if not result.has_organisations:
                yield tr("no link and no organisation stands behind any indicator of {name}", name=result.name(lang))
            elif not result.adds_up:
                yield tr(NOT_ADDITIVE)
            if not result.contributions_add_up:
                yield _no_contributions(result.scores)
        case Versus():
            difference = result.steps["difference"].iloc[0]
            yield tr(
                "{one} minus {other}: {difference:+.4f} points",
                one=result.one.name(lang),
                other=result.other.name(lang),
                difference=difference,
            )
            if not (result.one.adds_up and result.other.adds_up):
                yield tr(NOT_ADDITIVE)
            if not (result.one.contributions_add_up and result.other.contributions_add_up):
                yield _no_contributions(result.one.scores)
        case Overtaking():
            yield tr(
                "{number:,} in all; from {before:.4f} points behind to {after:.4g} ahead",
                number=result.number,
                before=result.gap_before,
                after=result.gap,
            )
            yield result.how
        case NeededValues():
            yield tr(
                "{gap:.4f} points behind; each line says what that indicator alone would have to be",
                gap=-result.gap_before,
            )
            if result.together is None:
                yield tr("all indicators together do not bring it past, even with the best value of each")
            else:
                yield tr("all together: {share:.1%} of the way to the best value of each", share=result.together)
            yield result.how
        case Trace():
            yield tr("{entity}: in {count} indicators of regions", entity=result.entity, count=len(result.counts))
        case _:
            return


def _no_contributions(scores: Scores) -> str:
    """Why no contribution is told."""
    methods = dict.fromkeys(scores.index.aggregation.at(level) for level in range(2, scores.index.depth + 1))
    return tr(
        "no contributions that add up: under {methods} the score is not a sum of points", methods=", ".join(methods)
    )
