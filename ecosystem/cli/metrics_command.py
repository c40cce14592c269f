"""`ecosystem metrics`: list, show, run and write metrics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.commands import App
from ecosystem.cli.completion import complete_metric
from ecosystem.cli.console import progress, say, say_if_synthetic, show
from ecosystem.cli.metric_shares import SharesAsked, shares_options
from ecosystem.cli.option_records import takes
from ecosystem.cli.options import (
    DEFAULT_STORE,
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    LevelOption,
    MetricsOption,
    ModelOption,
    OutOption,
    ParamOption,
    SinceOption,
    StoreOption,
    UntilOption,
)
from ecosystem.cli.outputs import write_receipt
from ecosystem.cli.query_files import new_file, show_file, show_list, unit
from ecosystem.cli.run_request import known_metrics
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.metrics import Measures, Metric

app = App(help="Relational metrics: Cypher files that return a value per region.")

SHOWN_ROWS = 20
"""Rows of evidence that the table format shows of each metric."""
SHOWN_REGIONS = 5
"""Regions that a notice names."""


def _chosen(ids: list[str], folder: Path | None, param: list[str] | None = None) -> dict[str, Metric]:
    from ecosystem.metrics import find_metric
    from ecosystem.metrics.metric import with_parameters

    metrics = known_metrics(folder)
    found = [find_metric(name, metrics) for name in ids]
    chosen = {metric.id: metric for metric in found} if found else metrics
    return {metric.id: metric for metric in with_parameters(chosen, param or [])}


@app.command("list")
def list_command(
    lang: LangOption,
    folder: MetricsOption = None,
    form: FormatOption = Format.table,
) -> None:
    """List the metrics."""
    show_list(known_metrics(folder), lang, form, {})


@app.command("show")
def show_command(
    name: Annotated[str, typer.Argument(metavar="ID", help="The metric.", autocompletion=complete_metric)],
    lang: LangOption,
    sql: Annotated[bool, typer.Option("--sql", help="Show the SQL of the values and of the evidence too.")] = False,
    folder: MetricsOption = None,
    model: ModelOption = None,
) -> None:
    """Show a metric: what it means, how it is dated, and its Cypher."""
    (metric,) = _chosen([name], folder).values()
    show_file(metric, lang, {}, sql=sql, model=model)


@app.command("run")
@takes(asked=shares_options)
def run_command(
    lang: LangOption,
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="The metrics; all when none is named.", autocompletion=complete_metric),
    ] = None,
    *,
    asked: SharesAsked,
    level: LevelOption = "province",
    since: SinceOption = None,
    until: UntilOption = None,
    with_evidence: Annotated[
        bool, typer.Option("--evidence", help="The matches behind the values, a row each.")
    ] = False,
    param: ParamOption = None,
    folder: MetricsOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
) -> None:
    """Run metrics on a loaded graph: a value for every region of a level, its share, its rank, and year by year."""
    from ecosystem.cli.metric_shares import show_shares
    from ecosystem.metrics import measure
    from ecosystem.receipt import receipt_of_measures, receipt_place
    from ecosystem.store import open_store

    asked.refuse_beside(with_evidence)
    if out is not None:
        receipt_place(out)
    metrics = _chosen(ids or [], folder, param)
    graph = open_store(store, database=database)
    with progress() as report:
        measures = measure(graph, metrics, level=level, since=since, until=until, progress=report)
    say_if_synthetic(graph.dataset)
    _say_of_gaps(measures)
    _say_unclassed(measures, lang)
    table = None
    if with_evidence:
        _evidence(measures, form, out, excel)
    elif asked.any:
        table = show_shares(measures, asked, lang, form, out, excel)
    else:
        _values(measures, lang, form, out, excel)
    if out is not None:
        arguments = {"ids": list(metrics) if ids else [], "param": param, "metrics": str(folder) if folder else None}
        receipt = receipt_of_measures(measures, arguments | asked.arguments(), table)
        say(tr("receipt: {receipt}", receipt=write_receipt(out, receipt)))
    graph.close()


def _say_of_gaps(measures: Measures) -> None:
    """Say which metrics have no values and why, and which a window leaves as they are."""
    for metric, reason in measures.missing.items():
        say(tr("no values of {metric}: {reason}", metric=metric, reason=reason))
    if measures.window.given:
        undated = [metric.id for metric in measures.metrics.values() if metric.dated is None]
        if undated:
            say(tr("not dated, so the window has no effect on them: {codes}", codes=", ".join(undated)))


def _say_unclassed(measures: Measures, lang: Lang) -> None:
    """Say how many matches no class of a metric takes, and where the most of them are."""
    from ecosystem.store import stored_regions

    regions = stored_regions(measures.store)
    for metric, rows in measures.unclassed.groupby("metric", sort=False):
        most = rows.sort_values("unclassed", ascending=False, kind="stable").head(SHOWN_REGIONS)
        places = [regions[region] for region in most["region"]]
        names = [place.name if lang == "zh" else place.name_en or place.name for place in places]
        counted = ", ".join(f"{name} {count:,}" for name, count in zip(names, most["unclassed"], strict=True))
        words = {"metric": metric, "regions": len(rows), "counted": counted}
        say(
            tr(
                "{metric}: matches in no class of it, which count nothing, in {regions} regions: {counted}; "
                "the column unclassed of --format csv has them all",
                **words,
            )
        )


def _values(measures: Measures, lang: Lang, form: Format, out: Path | None, excel: bool) -> None:
    from ecosystem.export import write_table

    frame = long_values(measures, lang)
    if out is not None:
        write_table(out, frame, excel=excel, lang=spoken())
        say(tr("{count:,} rows written to {out}", count=len(frame), out=out))
    elif form is Format.table:
        show(_for_people(measures, frame, lang), form)
    else:
        show(frame, form)


def long_values(measures: Measures, lang: str = "en") -> pd.DataFrame:
    """One row per metric and region, with codes and both names, and the matches without a year."""
    from ecosystem.store import stored_regions

    regions = stored_regions(measures.store)
    frame = measures.values.merge(measures.undated, on=["metric", "region"], how="left")
    frame = frame.merge(measures.unclassed, on=["metric", "region"], how="left")
    named = frame.assign(
        metric_zh=[measures.metrics[name].title_zh for name in frame["metric"]],
        metric_en=[measures.metrics[name].title_en for name in frame["metric"]],
        region_zh=[regions[name].name for name in frame["region"]],
        region_en=[regions[name].name_en or regions[name].name for name in frame["region"]],
        unit=[unit(measures.metrics[name], lang) for name in frame["metric"]],
        dated=[measures.metrics[name].dating for name in frame["metric"]],
        undated=frame["undated"].fillna(0).astype("int64"),
        unclassed=frame["unclassed"].fillna(0).astype("int64"),
        missing=[measures.missing.get(name, "") for name in frame["metric"]],
    )
    first = ["metric", "metric_zh", "metric_en", "region", "region_zh", "region_en", "value"]
    return named[[*first, "unit", "dated", "undated", "unclassed", "missing"]]


def _for_people(measures: Measures, frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """A few metrics side by side; many one below the other; with headings in words."""
    import pandas as pd

    from ecosystem.headings import apart, heading, headings, in_both_languages

    name = f"region_{lang}"
    if len(measures.metrics) > 6:
        shown = frame[["metric", f"metric_{lang}", "region", name, "value", "unit"]]
        shown = shown.rename(columns={f"metric_{lang}": "title", name: "name"})
        return shown.rename(columns=headings(shown.columns, lang))
    wide = measures.table().sort_values(next(iter(measures.metrics)), ascending=False, kind="stable")
    names = dict(zip(frame["region"], frame[name], strict=True))
    own = in_both_languages(("region", "name"))
    titles = apart([one.title(lang) for one in measures.metrics.values()], own, heading("metric", lang))
    keys = {heading("region", lang): wide.index, heading("name", lang): [names[region] for region in wide.index]}
    return pd.DataFrame({**keys, **{title: wide.iloc[:, at].to_numpy() for at, title in enumerate(titles)}})


def _evidence(measures: Measures, form: Format, out: Path | None, excel: bool) -> None:
    import pandas as pd

    from ecosystem.export import write_table

    frames = []
    for metric in measures.metrics:
        if metric in measures.missing:
            continue
        frame = measures.evidence(metric).frame()
        frame.insert(0, "metric", metric)
        if out is None and form is Format.table:
            show(frame.head(SHOWN_ROWS), form, title=tr("{metric}: {count:,} matches", metric=metric, count=len(frame)))
            if len(frame) > SHOWN_ROWS:
                say(
                    tr(
                        "{count:,} more rows: see them all with --format csv or --out FILE",
                        count=len(frame) - SHOWN_ROWS,
                    )
                )
        else:
            frames.append(frame)
    if frames:
        rows = pd.concat(frames, ignore_index=True)
        if out is not None:
            write_table(out, rows, excel=excel, lang=spoken())
            say(tr("{count:,} rows written to {out}", count=len(rows), out=out))
        else:
            show(rows, form)


@app.command("new")
def new_command(
    name: Annotated[str, typer.Argument(metavar="ID", help="The new metric's id, in lower case.")],
    folder: Annotated[Path, typer.Option("--metrics", metavar="FOLDER", help="Where the file goes.")] = Path("metrics"),
) -> None:
    """Write a file for a metric of your own: it runs as it is, and you change it from there."""
    from ecosystem.metrics import parse_metric

    new_file(name, folder, "template.cypher", parse_metric)
    say(tr("edit it, then: ecosystem metrics run {name} --metrics {folder}", name=name, folder=folder))
