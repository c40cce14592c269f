"""`ecosystem compare`: ours beside what was printed, and the weights that a printed ranking really used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import (
    DEFAULT_STORE,
    DatabaseOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    StoreOption,
    progress,
    say,
    show,
)
from ecosystem.cli.metrics import MetricsOption, SinceOption, UntilOption, known_metrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from ecosystem.audit.implied_weights import ImpliedWeights
    from ecosystem.index import Index, Standing

app = typer.Typer(help="Compare with what others printed.", no_args_is_help=True)


@app.command("published", epilog="Example: ecosystem compare published cingai-2023 --lang en")
def published_command(
    index: Annotated[str, typer.Argument(metavar="INDEX", help="A shipped index, or the folder of one.")],
    lang: LangOption,
    values: Annotated[
        Path | None,
        typer.Option(
            "--values",
            metavar="TABLE",
            help="Score this table in place of a graph: a column region, then one per indicator or source.",
        ),
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    folder: MetricsOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    cells: Annotated[bool, typer.Option("--cells", help="Show every number, not one line per table.")] = False,
    form: FormatOption = Format.table,
) -> None:
    """Put our scores and ranks beside the printed tables of an index."""
    from ecosystem.audit.published import compare_published, read_published, unknown_codes
    from ecosystem.errors import SpecError
    from ecosystem.index import index_folder, load_index

    spec = load_index(index)
    printed, warnings = read_published(index_folder(index))
    lost = unknown_codes(spec, printed)
    if lost:
        raise SpecError(f"the published tables of {spec.id} name codes that it has not: {', '.join(lost)}")
    levels = list(dict.fromkeys(each.level for each in printed))
    if values is not None:
        standings = _of_table(spec, values, levels)
    else:
        standings = _of_graph(spec, levels, since, until, folder, store, database)
    comparison = compare_published(spec, printed, standings)
    for finding in warnings:
        say(f"as printed: {finding}")
    _say_what_is_lost(spec, index, lang)
    frame = comparison.cells if cells or form in (Format.csv, Format.json) else comparison.summary
    show(_headed(frame, lang, form), form)


@app.command(
    "implied-weights",
    epilog="Example: ecosystem compare implied-weights --parts pillar_1.csv --parts pillar_2.csv --total total.csv",
)
def implied_weights_command(
    lang: LangOption,
    parts: Annotated[
        list[Path], typer.Option("--parts", metavar="TABLE", help="Printed part scores; may be repeated.")
    ],
    total: Annotated[Path, typer.Option("--total", metavar="TABLE", help="The printed total.")],
    cells: Annotated[bool, typer.Option("--cells", help="Show the recomputed totals, not the weights.")] = False,
    form: FormatOption = Format.table,
) -> None:
    """Recover the weights that a published ranking really used.

    Each table has a column region, then one column per score; a column rank is checked against the scores.
    """
    from ecosystem.audit.implied_weights import implied_weights
    from ecosystem.audit.score_table import read_score_table

    found = implied_weights([read_score_table(path) for path in parts], read_score_table(total))
    show(_headed(_totals(found) if cells else _weights(found), lang, form), form)
    same, met, count = int(found.same_digits.sum()), int(found.met.sum()), len(found.regions)
    say(f"{count} regions have every part: {same} totals met to the last digit, {met} within the rounding of the parts")
    if not found.explained:
        say("no weights at all give these totals from these parts: something else happened on the way")
    open_ = [part for part, known in zip(found.parts, found.identifiable, strict=True) if not known]
    if open_:
        say(f"not identifiable, since these parts move together: {', '.join(open_)}")
    if found.beside:
        say(f"left aside, since a part is not printed: {len(found.beside)} of {count + len(found.beside)} regions")


def _weights(found: ImpliedWeights) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "part": found.parts,
            "weight": found.weights.round(6).astype(str),
            "share": found.shares.round(6).astype(str),
            "left_out_low": found.left_out_low.round(6).astype(str),
            "left_out_high": found.left_out_high.round(6).astype(str),
            "digits_low": found.digits_low.round(6).astype(str),
            "digits_high": found.digits_high.round(6).astype(str),
            "identifiable": ["yes" if known else "no" for known in found.identifiable],
        }
    )


def _totals(found: ImpliedWeights) -> pd.DataFrame:
    import pandas as pd

    digits = found.decimals + 2
    return pd.DataFrame(
        {
            "region": found.regions,
            "printed": [f"{value:.{found.decimals}f}" for value in found.total],
            "recomputed": [f"{value:.{digits}f}" for value in found.recomputed],
            "residual": [f"{value:.{digits}f}" for value in found.residuals],
            "met": [
                "digits" if same else "rounding" if met else "no"
                for same, met in zip(found.same_digits, found.met, strict=True)
            ],
        }
    )


def _of_graph(
    spec: Index,
    levels: Sequence[str],
    since: int | None,
    until: int | None,
    folder: Path | None,
    store: str,
    database: str | None,
) -> dict[str, Standing]:
    from ecosystem.scoring import score
    from ecosystem.store import open_store

    graph, found = open_store(store, database=database), dict[str, "Standing"]()
    with progress() as report:
        for level in spec.levels if levels else ():
            scores = score(
                spec, graph, level=level, since=since, until=until, metrics=known_metrics(folder), progress=report
            )
            found[level] = scores.standing
            if scores.groups is not None:
                found["group"] = scores.groups
            for code, reason in scores.missing.items():
                say(f"cannot be reproduced: {code} at level {level}: {reason}")
    graph.close()
    return found


def _of_table(spec: Index, path: Path, levels: Sequence[str]) -> dict[str, Standing]:
    import numpy as np

    from ecosystem.audit.score_table import read_values
    from ecosystem.errors import InputError
    from ecosystem.index import evaluate, roll_up

    table, found = read_values(path), dict[str, "Standing"]()
    names = [leaf.code if leaf.code in table else leaf.source.name if leaf.source else "" for leaf in spec.leaves]
    absent = [leaf.code for leaf, name in zip(spec.leaves, names, strict=True) if name not in table]
    if len(absent) == len(names):
        hint = f"its columns are called as the indicators of {spec.id}, e.g. {spec.leaves[0].code}"
        raise InputError(f"{path} has no indicator of {spec.id}", hint=hint)
    for code in absent:
        say(f"cannot be reproduced: {code}: the table has no such column")
    for level in spec.levels.values():
        if not set(level.regions) & set(table.index):
            continue
        values = table.reindex(index=list(level.regions), columns=names).to_numpy(dtype=np.float64)
        scores = evaluate(spec, values, level=level.name)
        found[level.name] = scores
        if level.groups:
            found["group"] = roll_up(scores)
    if not found and levels:
        raise InputError(f"{path} has no region that {spec.id} ranks", hint="regions are given by their ids")
    return found


def _say_what_is_lost(spec: Index, name: str, lang: Lang) -> None:
    """Why ours cannot be the printed numbers: what the report does not say, and what it does not print as scores."""
    from ecosystem.audit.published_form import read_manifest
    from ecosystem.index import index_folder

    for table in read_manifest(index_folder(name)):
        if table.not_compared is not None:
            say(f"not compared: {table.title.to(lang.value)}: {table.not_compared.to(lang.value)}")
    assumed = sum(leaf.weight_source == "assumed" for leaf in spec.leaves)
    if assumed:
        say(f"assumed: the weights of {assumed} of {len(spec.leaves)} indicators")
    for gap in spec.gaps:
        say(f"gap: {gap.to(lang.value)}")


def _headed(frame: pd.DataFrame, lang: Lang, form: Format) -> pd.DataFrame:
    from ecosystem.headings import headings

    return frame.rename(columns=headings(frame.columns, lang.value)) if form is Format.table else frame
