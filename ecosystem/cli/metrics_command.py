"""`ecosystem metrics`: list, show, run and write metrics."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.commands import App
from ecosystem.cli.completion import complete_metric
from ecosystem.cli.console import progress, put, say, say_if_synthetic, show, visible
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
    OutOption,
    SinceOption,
    StoreOption,
    UntilOption,
)
from ecosystem.cli.outputs import write_receipt
from ecosystem.cli.run_request import known_metrics
from ecosystem.errors import OutputError
from ecosystem.messages import in_language, spoken, tr, tr_later

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.metrics import Measures, Metric

app = App(help="Relational metrics: Cypher files that return a value per region.")

SHOWN_ROWS = 20
"""Rows of evidence that the table format shows of each metric."""


def _chosen(ids: list[str], folder: Path | None) -> dict[str, Metric]:
    from ecosystem.metrics import find_metric

    metrics = known_metrics(folder)
    found = [find_metric(name, metrics) for name in ids]
    return {metric.id: metric for metric in found} if found else metrics


@app.command("list")
def list_command(
    lang: LangOption,
    folder: MetricsOption = None,
    form: FormatOption = Format.table,
) -> None:
    """List the metrics."""
    import pandas as pd

    from ecosystem.headings import headings
    from ecosystem.metrics import PROVENANCES

    rows = [
        {
            "id": metric.id,
            "title": metric.title(lang),
            "unit": _unit(metric, lang),
            "dated": _dated(metric),
            "class": tr(PROVENANCES[metric.provenance]),
            "source": tr(metric.source),
        }
        for metric in known_metrics(folder).values()
    ]
    frame = pd.DataFrame(rows)
    show(frame.rename(columns=headings(frame.columns, lang)) if form is Format.table else frame, form)


def _dated(metric: Metric) -> str:
    if metric.dated is None:
        return tr("none")
    text, year = _FLOW if metric.dating == "flow" else _STOCK, f"{metric.dated.variable}.{metric.dated.name}"
    return tr(text, year=year)


def _unit(metric: Metric, lang: str) -> str:
    return in_language(lang, metric.unit, "unit")


_FLOW, _STOCK = tr_later("flow {year}"), tr_later("stock {year}")


@app.command("show")
def show_command(
    name: Annotated[str, typer.Argument(metavar="ID", help="The metric.", autocompletion=complete_metric)],
    lang: LangOption,
    sql: Annotated[bool, typer.Option("--sql", help="Show the SQL of the values and of the evidence too.")] = False,
    folder: MetricsOption = None,
) -> None:
    """Show a metric: what it means, how it is dated, and its Cypher."""
    from rich.cells import cell_len

    from ecosystem.headings import heading
    from ecosystem.metrics import PROVENANCES
    from ecosystem.query import Schema, bind_query, to_sql
    from ecosystem.query.provenance import evidence

    (metric,) = _chosen([name], folder).values()
    parameters = ", ".join(f"${key} = {value!r}" for key, value in metric.parameters.items())
    meaning = tr(_CLASSES[metric.provenance])
    facts = {
        "title": " | ".join((metric.title(lang), metric.title("en" if lang is Lang.zh else "zh"))),
        "definition": metric.definition(lang),
        "unit": _unit(metric, lang),
        "dated": _dated(metric),
        "class": tr("{name}: {meaning}", name=tr(PROVENANCES[metric.provenance]), meaning=meaning),
        "parameters": ", ".join(filter(None, ["$level, $since, $until", parameters])),
        "source": tr(metric.source),
        "file": metric.file,
    }
    body = "\n".join(line for line in metric.text.splitlines() if not line.startswith("//"))
    keys = {key: heading(key, lang) for key in facts}
    lines = [f"{keys[key]}{' ' * (12 - cell_len(keys[key]))}{visible(value, keep='')}" for key, value in facts.items()]
    lines.append(f"\n{body.strip()}")
    if sql:
        from ecosystem.model import load_model

        bound = bind_query(metric.query, Schema.of_model(load_model()), metric.parameter_types)
        lines += ["\n-- " + tr("values"), to_sql(bound), "\n-- " + tr("evidence"), to_sql(evidence(bound))]
    put(visible("\n".join(lines)) + "\n", shown=True)


_CLASSES = {
    "monotone": tr_later("a removed entity takes its matches with it"),
    "witnessed": tr_later("a match is lost when its last witness is removed"),
    "recompute": tr_later("the query runs again for every removal"),
}


@app.command("run")
def run_command(
    lang: LangOption,
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="The metrics; all when none is named.", autocompletion=complete_metric),
    ] = None,
    level: LevelOption = "province",
    since: SinceOption = None,
    until: UntilOption = None,
    with_evidence: Annotated[
        bool, typer.Option("--evidence", help="The matches behind the values, a row each.")
    ] = False,
    folder: MetricsOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
) -> None:
    """Run metrics on a loaded graph: a value for every region of a level."""
    from ecosystem.metrics import measure
    from ecosystem.receipt import receipt_of_measures, receipt_place
    from ecosystem.store import open_store

    if out is not None:
        receipt_place(out)
    metrics = _chosen(ids or [], folder)
    graph = open_store(store, database=database)
    with progress() as report:
        measures = measure(graph, metrics, level=level, since=since, until=until, progress=report)
    say_if_synthetic(graph.dataset)
    for metric, reason in measures.missing.items():
        say(tr("no values of {metric}: {reason}", metric=metric, reason=reason))
    if measures.window.given:
        undated = [metric.id for metric in metrics.values() if metric.dated is None]
        if undated:
            say(tr("not dated, so the window has no effect on them: {codes}", codes=", ".join(undated)))
    if with_evidence:
        _evidence(measures, form, out, excel)
    else:
        _values(measures, lang, form, out, excel)
    if out is not None:
        receipt = receipt_of_measures(
            measures, {"ids": list(metrics) if ids else [], "metrics": str(folder) if folder else None}
        )
        say(tr("receipt: {receipt}", receipt=write_receipt(out, receipt)))
    graph.close()


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
    from ecosystem.metrics import stored_regions

    regions = stored_regions(measures.store)
    frame = measures.values.merge(measures.undated, on=["metric", "region"], how="left")
    named = frame.assign(
        metric_zh=[measures.metrics[name].title_zh for name in frame["metric"]],
        metric_en=[measures.metrics[name].title_en for name in frame["metric"]],
        region_zh=[regions[name].name for name in frame["region"]],
        region_en=[regions[name].name_en or regions[name].name for name in frame["region"]],
        unit=[_unit(measures.metrics[name], lang) for name in frame["metric"]],
        dated=[measures.metrics[name].dating for name in frame["metric"]],
        undated=frame["undated"].fillna(0).astype("int64"),
        missing=[measures.missing.get(name, "") for name in frame["metric"]],
    )
    first = ["metric", "metric_zh", "metric_en", "region", "region_zh", "region_en", "value"]
    return named[[*first, "unit", "dated", "undated", "missing"]]


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
    from ecosystem.resources import resource
    from ecosystem.tables.atomic import write_bytes

    text = resource("cypher", "template.cypher").read_text(encoding="utf-8").replace("NAME", name)
    parse_metric(text, f"{name}.cypher")
    path = folder / f"{name}.cypher"
    if os.path.lexists(path):
        raise OutputError(tr("{path} exists already", path=path), hint=tr("choose another id, or edit that file"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise OutputError(tr("{path} cannot be written: {reason}", path=path, reason=err.strerror)) from err
    write_bytes(path, text.encode())
    put(f"{path}\n")
    say(tr("edit it, then: ecosystem metrics run {name} --metrics {folder}", name=name, folder=folder))
