"""`ecosystem robustness --weights-space`: an index over all admissible weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.messages import tr

if TYPE_CHECKING:
    from ecosystem.cli.robustness_delivery import Study
    from ecosystem.receipt import Argument
    from ecosystem.scoring import Scores

DRAWS, TOP = 10_000, 10
PILLAR = "pillar"


@dataclass(frozen=True, slots=True)
class SpaceRequest:
    """Which weights are admissible, as the command line says it."""

    asked: bool
    level: str
    bounds: tuple[str, ...]
    orders: tuple[str, ...]

    def study(self, scores: Scores, draws: int | None, seed: int, lang: str) -> Study:
        """The study of all admissible weights."""
        from ecosystem.cli.robustness_delivery import Study
        from ecosystem.export.plots.weight_space_plots import SPACE
        from ecosystem.robustness.weight_space import weight_space
        from ecosystem.robustness.weight_tables import space_names, space_notes, space_words, weights_in_words

        count = DRAWS if draws is None else draws
        found = weight_space(
            scores, weights_level=self.level, bounds=self.bounds, orders=self.orders, draws=count, top=TOP, seed=seed
        )
        return Study(
            title=found.title,
            table=found.table(),
            shown=space_words(found, lang),
            sheets=found.tables,
            names=space_names(found, lang),
            notes=tuple(space_notes(found)),
            arguments=self._arguments(count, seed),
            draw=lambda path, width: SPACE.write(found, path, lang=lang, width=width),
            beside=((tr("mean of the weights that make a region first, %"), weights_in_words(found, lang)),),
        )

    def _arguments(self, draws: int, seed: int) -> Mapping[str, Argument]:
        return {
            "weights_space": True, "weights_level": self.level, "bound": list(self.bounds), "order": list(self.orders),
            "draws": draws, "seed": seed,
        }  # fmt: skip


def space_options(
    space: Annotated[
        bool, typer.Option("--weights-space", help="All admissible weights: who is first with how many of them.")
    ] = False,
    weights_level: Annotated[
        str,
        typer.Option("--weights-level", metavar="LEVEL", help="Whose weights: pillar, indicator, or a level's number."),
    ] = PILLAR,
    bound: Annotated[
        list[str] | None,
        typer.Option("--bound", metavar="CODE:LOW:HIGH", help="Bounds of a weight as a share; may be repeated."),
    ] = None,
    order: Annotated[
        list[str] | None,
        typer.Option("--order", metavar="'A>=B'", help="A weighs at least as much as B; may be repeated."),
    ] = None,
) -> SpaceRequest:
    """The options of `--weights-space`; see `takes`."""
    return SpaceRequest(space, weights_level, tuple(bound or ()), tuple(order or ()))
