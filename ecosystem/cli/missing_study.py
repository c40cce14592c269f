"""`ecosystem robustness --missing`: the best and the worst case of every rank over what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecosystem.headings import heading
from ecosystem.messages import tr

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.cli.robustness_delivery import Study
    from ecosystem.scoring import Scores

SHARES = ("rests_imputed", "rests_missing", "rests_undated", "rests_one_source")


def missing_study(scores: Scores, lang: str) -> Study:
    """The study of the best and worst cases."""
    from ecosystem.cli.robustness_delivery import Study
    from ecosystem.export.plots.missing_plots import CASES
    from ecosystem.robustness.missing_cases import missing_cases

    found = missing_cases(scores)
    table = found.table()
    return Study(
        title=found.title,
        table=table,
        shown=_words(table, lang),
        sheets=found.tables,
        notes=tuple(found.notes()),
        arguments={"missing": True},
        draw=lambda path, width: CASES.write(found, path, lang=lang, width=width),
    )


def _words(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The table for a person to read: best and worst case, bounds where they differ, shares in percent."""
    own = "zh" if lang == "zh" else "en"
    ranks = frame[["rank_best", "rank_worst", "bound_best", "bound_worst"]].astype("string").fillna("")
    bounds = ranks["bound_best"] + " - " + ranks["bound_worst"]
    columns = {
        heading("rank", lang): frame["rank"],
        heading("region", lang): frame[f"region_{own}"],
        heading("rank_best", lang): frame["rank_best"],
        heading("rank_worst", lang): frame["rank_worst"],
        heading("proved", lang): [
            tr("for sure") if sure else tr("at most {bounds}", bounds=text)
            for sure, text in zip(frame["proved"], bounds, strict=True)
        ],
        **{heading(name, lang): frame[name] for name in ("score_least", "score", "score_most")},
    }
    shown = frame[list(SHARES)].dropna(axis=1, how="all")
    columns |= {heading(name, lang): (100 * shown[name]).round(1) for name in shown.columns if shown[name].any()}
    return type(frame)(columns)
