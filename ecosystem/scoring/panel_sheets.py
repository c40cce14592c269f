"""Scores by year as the sheets of a workbook."""

from __future__ import annotations

import pandas as pd

from ecosystem.messages import listed, tr
from ecosystem.scoring.panel import Panel, tidy_panel
from ecosystem.scoring.score_tables import (
    change_sheets,
    describe_index,
    key_and_value,
    listed_reasons,
    sheet_title,
    versions,
)


def panel_sheets(panel: Panel, lang: str, *, groups: bool = False) -> dict[str, pd.DataFrame]:
    """The sheets of a workbook: the paths, every score, the method; named in `lang`."""
    rows = [
        ("index", f"{panel.index.id}: {panel.index.title.to(lang)}"),
        (tr("index hash"), panel.index.hash),
        ("level", panel.level),
        ("years", f"{panel.years[0]}-{panel.years[-1]}"),
        ("scale", tr("one over all years") if panel.pooled else tr("one for each year")),
        (tr("not dated: the same in every year"), ", ".join(panel.undated)),
        (tr("not ranked: unknown to the source"), ", ".join(panel.unranked)),
        *(
            (tr("screened out in {year}", year=year), listed_reasons(reasons))
            for year, reasons in panel.screened.items()
        ),
        ("dataset", panel.dataset.name),
        (tr("dataset hash"), panel.dataset.hash),
        (tr("weights rest on"), listed(panel.weighing, "; ")),
        (tr("undefined scores"), "; ".join(map(str, panel.standing.undefined))),
        *describe_index(panel.index, lang),
        *((tr("version of {name}", name=name), text) for name, text in versions().items()),
    ]
    return {
        sheet_title("变化", "paths", lang): panel.table(groups=groups),
        sheet_title("得分", "scores", lang): tidy_panel(panel, groups=groups),
        **change_sheets(panel.standing, lang, panel.years),
        sheet_title("方法", "method", lang): key_and_value(rows, lang),
    }
