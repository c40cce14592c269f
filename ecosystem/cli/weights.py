"""`ecosystem weights`: weights from judgements or from the data of an index."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import Format, FormatOption, LangOption, OutOption, say, show
from ecosystem.errors import InputError, UsageError

if TYPE_CHECKING:
    from ecosystem.index.arrays import FloatArray

app = typer.Typer(help="Weights from pairwise judgements, or from the data.", no_args_is_help=True)


class Basis(StrEnum):
    """What entropy and CRITIC look at."""

    scores = "scores"
    values = "values"


@app.command("ahp", epilog="Example: ecosystem weights ahp judgements.csv")
def ahp_command(
    matrix: Annotated[Path, typer.Argument(metavar="MATRIX.csv", help="A square table: a row and a column per item.")],
    lang: LangOption,
    form: FormatOption = Format.table,
    out: OutOption = None,
) -> None:
    """Weigh items by pairwise judgements (AHP), with the consistency ratio; blank cells are judgements nobody made."""
    from ecosystem.index.ahp import CONSISTENT, ahp

    names, judged = _matrix(matrix)
    found = ahp(judged)
    _give(names, found.weights.tolist(), lang.value, form, out)
    ratio = "none is printed for so many items" if found.ratio is None else f"{found.ratio:.4f}"
    say(f"greatest eigenvalue {found.eigenvalue:.6g}, consistency ratio {ratio}, gaps filled {found.gaps}")
    if found.ratio is not None and found.ratio > CONSISTENT:
        say(f"warning: above {CONSISTENT}: the judgements contradict each other; ask again")


def _matrix(path: Path) -> tuple[list[str], FloatArray]:
    import pandas as pd

    try:
        frame = pd.read_csv(path, index_col=0)
        names = [str(name) for name in frame.index]
        cells = frame.map(_fraction).to_numpy(dtype="float64")
    except (OSError, ValueError) as err:
        hint = "first row and first column name the items, each cell is a number or a fraction such as 1/3"
        raise InputError(f"{path} is no table of judgements: {err}", hint=hint) from err
    if names != [str(name) for name in frame.columns]:
        raise InputError(
            f"{path}: rows and columns do not name the same items in the same order", hint=", ".join(names)
        )
    return names, cells


def _fraction(cell: object) -> float:
    """A number, or a fraction such as 1/3."""
    above, slash, below = str(cell).partition("/")
    return float(above) / float(below) if slash else float(above)


def _from_data(
    method: str,
    index: str,
    values: Path,
    lang: str,
    form: Format,
    out: Path | None,
    basis: Basis = Basis.scores,
    bounds: tuple[float, float] = (0.0, 1.0),
) -> None:
    from dataclasses import replace

    import numpy as np

    from ecosystem.cli.ground import changed_index
    from ecosystem.index.rules import Weighting
    from ecosystem.index.table import read_values
    from ecosystem.index.weigh import critic_weights, entropy_weights
    from ecosystem.scoring import score

    spec = changed_index(index, {"weights": method})
    spec = replace(spec, weighting=Weighting(spec.weighting.method, *bounds))
    scores = score(spec, values=read_values(values))
    shares = scores.standing.shares
    if basis is Basis.values:
        ways = np.array([leaf.direction for leaf in spec.leaves], dtype=np.float64)
        prepared = scores.standing.prepared
        shares = entropy_weights(prepared) if method == "entropy" else critic_weights(prepared * ways)
    _give([leaf.code for leaf in spec.leaves], shares.tolist(), lang, form, out)


def _give(codes: list[str], weights: list[float], lang: str, form: Format, out: Path | None) -> None:
    import pandas as pd

    from ecosystem.export import write_table
    from ecosystem.headings import headings

    frame = pd.DataFrame({"code": codes, "weight": weights})
    if out is not None:
        write_table(out, frame)
        say(f"written: {out}; ecosystem score INDEX --weights {out}")
    show(frame.rename(columns=headings(frame.columns, lang)) if form is Format.table else frame, form)


IndexOption = Annotated[str, typer.Option("--index", metavar="INDEX", help="An index, or the folder of one.")]
ValuesOption = Annotated[Path, typer.Option("--values", metavar="TABLE", help="The values: CSV, Excel or Parquet.")]
BasisOption = Annotated[Basis, typer.Option("--on", help="Min-max scores, or the values as they are.")]


@app.command("entropy", epilog="Example: ecosystem weights entropy --index asem --values asem/values.csv")
def entropy_command(
    index: IndexOption,
    values: ValuesOption,
    lang: LangOption,
    basis: BasisOption = Basis.scores,
    form: FormatOption = Format.table,
    out: OutOption = None,
) -> None:
    """Weigh indicators by Shannon's entropy: what tells the regions apart weighs more."""
    _from_data("entropy", index, values, lang.value, form, out, basis)


@app.command("critic", epilog="Example: ecosystem weights critic --index asem --values asem/values.csv")
def critic_command(
    index: IndexOption, values: ValuesOption, lang: LangOption, form: FormatOption = Format.table, out: OutOption = None
) -> None:
    """Weigh indicators by CRITIC: spread times conflict with the others."""
    _from_data("critic", index, values, lang.value, form, out)


@app.command("pca", epilog="Example: ecosystem weights pca --index asem --values asem/values.csv")
def pca_command(
    index: IndexOption,
    values: ValuesOption,
    lang: LangOption,
    first: Annotated[bool, typer.Option("--first", help="The first component alone, without rotation.")] = False,
    form: FormatOption = Format.table,
    out: OutOption = None,
) -> None:
    """Weigh indicators by principal components; no weight is negative."""
    _from_data("pc1" if first else "pca", index, values, lang.value, form, out)


@app.command("bod", epilog="Example: ecosystem weights bod --index asem --values asem/values.csv --upper 0.2")
def bod_command(
    index: IndexOption,
    values: ValuesOption,
    lang: LangOption,
    lower: Annotated[float, typer.Option("--lower", help="The least share of an indicator.")] = 0.0,
    upper: Annotated[float, typer.Option("--upper", help="The greatest share of an indicator.")] = 1.0,
    form: FormatOption = Format.table,
    out: OutOption = None,
) -> None:
    """Weigh indicators by the benefit of the doubt: the mean of the shares that favour each region most."""
    if not 0 <= lower < upper <= 1:
        raise UsageError(f"--lower {lower:g} and --upper {upper:g} are no bounds", hint="0 <= lower < upper <= 1")
    _from_data("bod", index, values, lang.value, form, out, bounds=(lower, upper))
