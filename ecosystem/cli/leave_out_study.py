"""`ecosystem robustness --leave-out`: the ranks without each indicator, pillar, label, source or year in turn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, get_args

import typer

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.audit import LeftOut
    from ecosystem.cli.robustness_delivery import Study
    from ecosystem.scoring import Scores


class Parted(StrEnum):
    """What is left out, one at a time."""

    indicator = "indicator"
    pillar = "pillar"
    label = "label"
    source = "source"
    year = "year"


@dataclass(frozen=True, slots=True)
class LeaveOutRequest:
    """What is left out, as the command line says it; None where nothing is."""

    what: Parted | None

    @property
    def asked(self) -> bool:
        """True where something is left out."""
        return self.what is not None

    def study(self, scores: Scores, lang: str) -> Study:
        """The study of what each part decides."""
        from ecosystem.audit import leave_out
        from ecosystem.audit.leave_out import What
        from ecosystem.cli.console import progress, say
        from ecosystem.cli.robustness_delivery import Study
        from ecosystem.export.plots.leave_out_plots import LEFT_OUT

        what = next(word for word in get_args(What) if word == self.what)
        with progress() as report:
            found = leave_out(scores, what, progress=report, tell=say)
        return Study(
            title=found.title,
            table=found.long(),
            shown=_regions(found, lang),
            sheets=lambda: {"regions": found.regions(), "left_out": found.effects(), "ranks": found.long()},
            notes=tuple(found.notes()),
            arguments={"leave_out": what},
            draw=lambda path, width: LEFT_OUT.write(found, path, lang=lang, width=width),
            beside=((None, _effects(found, lang)),),
        )


def leave_out_options(
    leave_out: Annotated[
        Parted | None,
        typer.Option("--leave-out", help="Leave out each of these in turn: how far every rank hangs on one of them."),
    ] = None,
) -> LeaveOutRequest:
    """The option `--leave-out`; see `takes`."""
    return LeaveOutRequest(leave_out)


def _regions(found: LeftOut, lang: str) -> pd.DataFrame:
    """The table of the regions in words: one name, what is left out by its name."""
    from ecosystem.headings import headings

    names = {code: name.to(lang) for code, name in found.items.items()} | {"": ""}
    frame = found.regions()
    frame = frame.assign(
        region=frame[f"region_{lang}"],
        best_without=frame["best_without"].map(names),
        worst_without=frame["worst_without"].map(names),
    ).drop(columns=["region_zh", "region_en"])
    return frame.rename(columns=headings(frame.columns, lang))


def _effects(found: LeftOut, lang: str) -> pd.DataFrame:
    """The table of what is left out in words."""
    from ecosystem.headings import headings

    frame = found.effects()
    frame = frame.assign(left_out=frame[f"left_out_{lang}"]).drop(columns=["left_out_zh", "left_out_en"])
    frame = frame.drop(columns=[name for name in ("undefined",) if not frame[name].any()])
    return frame.rename(columns=headings(frame.columns, lang))
