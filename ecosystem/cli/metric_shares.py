"""`ecosystem metrics run` with shares, ranks, the first regions, all others, and years."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.completion import complete_region
from ecosystem.cli.console import progress, say, show
from ecosystem.cli.options import Format, Lang
from ecosystem.cli.query_files import unit
from ecosystem.errors import UsageError
from ecosystem.messages import in_language, spoken, tr, tr_later

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.metrics import Measures
    from ecosystem.receipt import Argument

_SHARES = ["whole", "total", "total_share", "parent", "parent_total", "parent_share"]
_YEARS = ["change", "growth_percent"]


@dataclass(frozen=True, slots=True)
class SharesAsked:
    """What a run of metrics shows beside values."""

    share: bool
    rank: bool
    top: int | None
    others: bool
    within: str | None
    by_year: bool

    @property
    def any(self) -> bool:
        """Whether anything beside values is asked for."""
        return self.share or self.rank or self.top is not None or self.others or self.by_year or self.within is not None

    def arguments(self) -> dict[str, Argument]:
        """The options that a receipt keeps: none where none is given."""
        return dict(asdict(self)) if self.any else {}

    def refuse_beside(self, evidence: bool) -> None:
        """Raise UsageError where the matches are asked for as well."""
        if evidence and self.any:
            message = tr("--evidence shows matches, --share, --rank, --top, --others, --within and --by-year values")
            raise UsageError(message, hint=tr("run them one after the other"))


def shares_options(
    share: Annotated[
        bool, typer.Option("--share", help="The share of the country and of the region right above, in percent.")
    ] = False,
    rank: Annotated[
        bool, typer.Option("--rank", help="The rank of every region; equal values share the best rank.")
    ] = False,
    top: Annotated[
        int | None, typer.Option("--top", min=1, metavar="N", help="Only the first N regions of each metric.")
    ] = None,
    others: Annotated[
        bool, typer.Option("--others", help="What the regions shown have together, and all others.")
    ] = False,
    within: Annotated[
        str | None,
        typer.Option(
            "--within",
            metavar="REGION",
            help="Only regions in this one, such as a group: its value is the total.",
            autocompletion=complete_region,
        ),
    ] = None,
    yearly: Annotated[
        bool, typer.Option("--by-year", help="A row for every year, with the growth on the year before.")
    ] = False,
) -> SharesAsked:
    """What is shown beside values, as the options of a command say; see `takes`."""
    return SharesAsked(share, rank, top, others, within, yearly)


def show_shares(
    measures: Measures, asked: SharesAsked, lang: Lang, form: Format, out: Path | None, excel: bool
) -> pd.DataFrame:
    """Print or write the shares of measures; the whole table, in keys."""
    from ecosystem.export import write_table
    from ecosystem.metrics.shares import shares

    with progress() as report:
        found = shares(
            measures,
            by_year=asked.by_year,
            top=asked.top,
            others=asked.others,
            within=asked.within,
            progress=report,
        )
    for sentence in found.attrs["notes"]:
        say(sentence)
    if asked.by_year and (undated := [name for name, one in measures.metrics.items() if one.dated is None]):
        say(tr("not dated, so without years: {codes}", codes=", ".join(undated)))
    frame = _named(measures, found, asked, lang.value)
    if out is not None:
        write_table(out, frame, excel=excel, lang=spoken())
        say(tr("{count:,} rows written to {out}", count=len(frame), out=out))
    elif form is Format.table:
        show(_for_people(frame, lang.value), form)
    else:
        show(frame, form)
    return found


def _named(measures: Measures, found: pd.DataFrame, asked: SharesAsked, lang: str) -> pd.DataFrame:
    """With names in both languages, and the columns that are asked for."""
    from ecosystem.metrics.shares import OTHERS, TOGETHER
    from ecosystem.store import stored_regions

    regions = stored_regions(measures.store)
    rest = {TOGETHER: tr_later("regions shown together"), OTHERS: tr_later("other regions")}

    def name(region: str, language: str) -> str:
        if region in rest:
            return in_language(language, rest[region])
        return regions[region].name if language == "zh" else regions[region].name_en or regions[region].name

    named = found.assign(
        **{f"metric_{tongue}": [measures.metrics[one].title(tongue) for one in found["metric"]] for tongue in _TONGUES},
        **{f"region_{tongue}": [name(one, tongue) for one in found["region"]] for tongue in _TONGUES},
        unit=[unit(measures.metrics[one], lang) for one in found["metric"]],
    )
    first = ["metric", "metric_zh", "metric_en", *(["year"] if asked.by_year else []), "region", "region_zh"]
    columns = [*first, "region_en", "value", "unit", *(_SHARES if asked.share else [])]
    columns += [*(["rank"] if asked.rank else []), *(_YEARS if asked.by_year else []), "note"]
    return named[columns]


_TONGUES = ("zh", "en")


def _for_people(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """In one language, with headings in words, without the numbers that a share is made of and without blank notes."""
    from ecosystem.headings import headings

    other = "en" if lang == "zh" else "zh"
    hidden = [f"metric_{other}", f"region_{other}", "whole", "total", "parent", "parent_total"]
    hidden += [] if frame["note"].any() else ["note"]
    several = frame["metric"].nunique() > 1
    hidden += ["metric"] if several else ["metric", f"metric_{lang}"]
    shown = frame.drop(columns=[name for name in hidden if name in frame.columns])
    shown = shown.rename(columns={f"metric_{lang}": "title", f"region_{lang}": "name"})
    return shown.rename(columns=headings(shown.columns, lang))
