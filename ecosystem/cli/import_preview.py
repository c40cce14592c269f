"""The tables of `dataset import --preview`: what the first rows become."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ecosystem.cli.console import say, show
from ecosystem.cli.options import Format, Lang
from ecosystem.headings import headings
from ecosystem.messages import tr, tr_count, tr_later

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.imports import ImportPreview

_TITLES = {
    "nodes": tr_later("nodes of the first {rows:,} rows"),
    "links": tr_later("links of the first {rows:,} rows"),
    "quarantine": tr_later("rows in quarantine"),
}
_SHOWN = 10
_PROPERTIES = "properties"


def show_preview(preview: ImportPreview, lang: Lang, form: Format) -> None:
    """Print the nodes, links and rows in quarantine; in other formats than `table` as one table."""
    if form is Format.table:
        tables = {"nodes": preview.nodes, "links": preview.links, "quarantine": preview.quarantine}
        for name, frame in tables.items():
            if len(frame):
                shown = _as_text(frame).rename(columns=headings(frame.columns, lang))
                show(shown, form, title=tr(_TITLES[name], rows=preview.rows))
    else:
        show(_as_text(preview.to_pandas()), form)
    told = [finding for finding in preview.findings if finding.severity != "info"]
    for finding in told[:_SHOWN]:
        say(str(finding))
    if len(told) > _SHOWN:
        say(tr_count("and {count:,} more finding", "and {count:,} more findings", len(told) - _SHOWN))
    say(
        tr(
            "a preview of {source}: {nodes:,} nodes, {links:,} links, {rows:,} rows in quarantine; nothing was written",
            source=preview.source,
            nodes=len(preview.nodes),
            links=len(preview.links),
            rows=len(preview.quarantine),
        )
    )


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with the properties of each row as one text, in the form of JSON."""
    if _PROPERTIES not in frame:
        return frame
    return frame.assign(properties=frame[_PROPERTIES].map(_json))


def _json(own: object) -> str | None:
    return json.dumps(own, ensure_ascii=False, default=str) if isinstance(own, dict) and own else None
