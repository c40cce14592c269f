"""`ecosystem weights`: weights from judgements or from the data of an index."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.commands import App
from ecosystem.cli.completion import complete_index
from ecosystem.cli.console import say, say_of_data, show
from ecosystem.cli.options import Format, FormatOption, Lang, LangOption, OutOption
from ecosystem.cli.run_request import changed_index, given_table
from ecosystem.errors import UsageError
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from ecosystem.index.rules import Weighting
    from ecosystem.index.steps.ahp import Judgement
    from ecosystem.scoring import Scores

app = App(help="Weights from pairwise judgements, or from the data.")


class Basis(StrEnum):
    """What entropy and the benefit of the doubt are computed from."""

    values = "values"
    scores = "scores"


class Random(StrEnum):
    """Whose table of random indices the consistency ratio is computed with."""

    saaty = "saaty"
    dd = "dd"


@app.command("ahp")
def ahp_command(
    matrix: Annotated[
        Path,
        typer.Argument(
            metavar="MATRIX|FOLDER|WORKBOOK",
            help="A square table, a row and a column per item; or a table or sheet for each parent of an index.",
        ),
    ],
    lang: LangOption,
    index: Annotated[
        str | None,
        typer.Option(
            "--index",
            metavar="INDEX",
            help="Weigh the whole of this index: a table called by the code or name of each parent.",
            autocompletion=complete_index,
        ),
    ] = None,
    random: Annotated[
        Random, typer.Option("--random-index", help="The table of Saaty (2005), or of Donegan and Dodd (1991).")
    ] = Random.saaty,
    max_ratio: Annotated[
        float, typer.Option("--max-ratio", help="The largest consistency ratio that an index is weighed with.")
    ] = 0.1,
    form: FormatOption = Format.table,
    out: OutOption = None,
) -> None:
    """Weigh items by pairwise judgements (AHP), with the consistency ratio; a blank cell is a missing judgement."""
    from ecosystem.index.files.weight_files import read_judgements
    from ecosystem.index.steps.ahp import ahp

    if index is not None:
        from ecosystem.cli.judged_index import give_judged

        give_judged(matrix, index, random.value, max_ratio, lang, form, out)
        return
    if matrix.is_dir():
        raise UsageError(
            tr("a folder of judgements weighs an index"), hint=tr("add --index INDEX; see `ecosystem index list`")
        )
    names, judged = read_judgements(matrix)
    found = ahp(judged, random.value, names)
    _give(list(names), found.weights.tolist(), lang, form, out, of_items=True)
    _say_consistency(found)


def _say_consistency(found: Judgement) -> None:
    """Say how far the judgements agree, and warn where they contradict each other."""
    from ecosystem.index.steps.ahp import CONSISTENT

    ratio = tr("not known for so many items") if found.ratio is None else f"{found.ratio:.4f}"
    say(
        tr(
            "greatest eigenvalue {eigenvalue:.6g}, consistency ratio {ratio}, gaps filled {gaps}",
            eigenvalue=found.eigenvalue,
            ratio=ratio,
            gaps=found.gaps,
        )
    )
    if found.ratio is not None and found.ratio > CONSISTENT:
        say(
            tr(
                "warning: the consistency ratio is above {limit}: the judgements contradict each other; revise them",
                limit=CONSISTENT,
            )
        )


def _from_data(
    rule: Weighting, index: str, values: Path, lang: Lang, form: Format, out: Path | None, *, by_region: bool = False
) -> None:
    """Print and write the weights that a table gives the indicators of an index."""
    from dataclasses import replace

    from ecosystem.scoring import score

    spec = replace(changed_index(index, {}), weighting=rule)
    scores = score(spec, values=given_table(values, spec.table))
    say_of_data(scores)
    for sentence in scores.weighing:
        say(sentence)
    if by_region:
        _give_regions(scores, lang, form, out)
        return
    names = [leaf.name.to(lang.value) for leaf in spec.leaves]
    _give([leaf.code for leaf in spec.leaves], scores.standing.shares.tolist(), lang, form, out, names)


def _give(
    codes: list[str],
    weights: list[float],
    lang: Lang,
    form: Format,
    out: Path | None,
    names: list[str] | None = None,
    *,
    of_items: bool = False,
) -> None:
    """Print and write code and weight; people see the names too, and six digits. `of_items`: of no index yet."""
    import pandas as pd

    from ecosystem.export import write_table
    from ecosystem.headings import headings

    frame = pd.DataFrame({"code": codes, "weight": weights})
    if out is not None:
        write_table(out, frame, lang=spoken())
        if of_items:
            say(tr("written: {out}; --index INDEX writes what ecosystem score INDEX --weights takes", out=out))
        else:
            say(tr("written: {out}; ecosystem score INDEX --weights {out}", out=out))
    if form is Format.table:
        if names is not None and names != codes:
            frame.insert(1, "name", names)
        frame["weight"] = frame["weight"].map("{:.6f}".format)
        frame = frame.rename(columns=headings(frame.columns, lang.value))
    show(frame, form)


def _give_regions(scores: Scores, lang: Lang, form: Format, out: Path | None) -> None:
    import pandas as pd

    from ecosystem.export import write_table
    from ecosystem.headings import heading
    from ecosystem.scoring.result_columns import part_words
    from ecosystem.scoring.score_tables import DOUBT_COLUMNS, doubt_table

    frame, words = doubt_table(scores), part_words(scores.index, spoken())
    if out is not None:
        write_table(out, frame, lang=spoken(), names=words)
        say(tr("written: {out}", out=out))
    if form is Format.table:
        shares = frame[frame.columns[DOUBT_COLUMNS:]].to_dict("records")
        shown = {
            "region": frame[f"region_{lang.value}"],
            "score": frame["score"].map("{:.4f}".format),
            "weight": [_largest(row) for row in shares],
        }
        frame = pd.DataFrame({heading(name, lang.value): column for name, column in shown.items()})
    elif form is not Format.json and spoken() != "en":
        frame = frame.rename(columns=words)
    show(frame, form)


def _largest(shares: Mapping[Hashable, float]) -> str:
    """The shares that are not 0, the greatest first."""
    given = sorted(((share, str(code)) for code, share in shares.items() if share > 0), reverse=True)
    return ", ".join(f"{code} {share:.3f}" for share, code in given)


IndexOption = Annotated[
    str,
    typer.Option(
        "--index", metavar="INDEX", help="A shipped index, or the folder of one.", autocompletion=complete_index
    ),
]
ValuesOption = Annotated[
    Path, typer.Option("--values", metavar="TABLE", help="The values: CSV, Excel, Parquet, JSON, ...")
]
BasisOption = Annotated[
    Basis, typer.Option("--on", help="Compute from the values as they are, or from min-max scores.")
]


@app.command("entropy")
def entropy_command(
    index: IndexOption,
    values: ValuesOption,
    lang: LangOption,
    basis: BasisOption = Basis.values,
    form: FormatOption = Format.table,
    out: OutOption = None,
) -> None:
    """Weigh indicators by Shannon's entropy: the more an indicator differs between regions, the more it weighs."""
    from ecosystem.index.rules import Weighting

    _from_data(Weighting("entropy", on=basis.value), index, values, lang, form, out)


@app.command("critic")
def critic_command(
    index: IndexOption, values: ValuesOption, lang: LangOption, form: FormatOption = Format.table, out: OutOption = None
) -> None:
    """Weigh indicators by CRITIC: spread times conflict with the others, of min-max scores."""
    from ecosystem.index.rules import Weighting

    _from_data(Weighting("critic"), index, values, lang, form, out)


@app.command("pca")
def pca_command(
    index: IndexOption,
    values: ValuesOption,
    lang: LangOption,
    first: Annotated[bool, typer.Option("--first", help="The first component alone, without rotation.")] = False,
    form: FormatOption = Format.table,
    out: OutOption = None,
) -> None:
    """Weigh indicators by principal components; no weight is negative."""
    from ecosystem.index.rules import Weighting

    _from_data(Weighting("pc1" if first else "pca"), index, values, lang, form, out)


@app.command("bod")
def bod_command(
    index: IndexOption,
    values: ValuesOption,
    lang: LangOption,
    lower: Annotated[float, typer.Option("--lower", help="The least share of an indicator.")] = 0.0,
    upper: Annotated[float, typer.Option("--upper", help="The greatest share of an indicator.")] = 1.0,
    basis: BasisOption = Basis.scores,
    by_region: Annotated[
        bool, typer.Option("--by-region", help="The score and the shares of each region in place of the mean shares.")
    ] = False,
    form: FormatOption = Format.table,
    out: OutOption = None,
) -> None:
    """Weigh indicators by the benefit of the doubt: the mean of the shares that favour each region most."""
    from ecosystem.index.rules import Weighting

    if not 0 <= lower < upper <= 1:
        raise UsageError(
            tr("--lower {lower:g} and --upper {upper:g} are not valid bounds", lower=lower, upper=upper),
            hint=tr("0 <= lower < upper <= 1"),
        )
    rule = Weighting("bod", lower, upper, basis.value)
    _from_data(rule, index, values, lang, form, out, by_region=by_region)


@app.command("optimise")
def optimise_command(
    index: IndexOption,
    values: ValuesOption,
    lang: LangOption,
    at: Annotated[
        int | None,
        typer.Option("--at", metavar="LEVEL", help="What is weighed: 1 indicators, 2 their parents; else the highest."),
    ] = None,
    outcome: Annotated[
        str | None,
        typer.Option("--outcome", metavar="COLUMN", help="Weigh so that the index goes with this column of the table."),
    ] = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
) -> None:
    """Weigh parts so that all correlate alike with the index, or so that the index goes with an outcome."""
    from ecosystem.index.statistics.optimised_weights import weights_for_outcome, weights_of_equal_importance
    from ecosystem.scoring.score import outcome_of, score

    spec = changed_index(index, {})
    scores = score(spec, values=given_table(values, spec.table))
    say_of_data(scores)
    if outcome is None:
        found = weights_of_equal_importance(scores.standing, auxiliary=scores.auxiliary, level=at)
    else:
        goal = outcome_of(scores, outcome)
        found = weights_for_outcome(scores.standing, goal, auxiliary=scores.auxiliary, level=at)
    for part, weight, before, after in zip(found.parts, found.weights, found.before, found.after, strict=True):
        say(
            tr(
                "{code}: weight {weight:.4f}, correlation with the index {before:.4f} before, {after:.4f} now",
                code=part.code,
                weight=weight,
                before=before,
                after=after,
            )
        )
    if found.fit is not None:
        say(
            tr(
                "correlation of the index with {outcome}: {before:.4f} before, {after:.4f} now",
                outcome=outcome,
                before=found.fit[0],
                after=found.fit[1],
            )
        )
    elif not found.equal:
        say(tr("no weights of at least 0 make all parts equally important: these come nearest"))
    names = [leaf.name.to(lang.value) for leaf in spec.leaves]
    _give([leaf.code for leaf in spec.leaves], found.shares.tolist(), lang, form, out, names)
