"""The picture of a result that is about scores: a figure or a file, with the mark of made-up data and a foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from ecosystem.dataset.dataset import is_marked
from ecosystem.export.plots.plot_style import Wording, foot_of, shown_figure, write_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ecosystem.scoring import Scores

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class ScorePicture(Generic[R]):
    """How results of a kind are drawn.

    `about` gives the scores that a result is about, those of the foot first; one made-up dataset among them marks the
    picture. `titled`: the title says index and level, so that the foot has years and data alone.
    """

    draw: Callable[[R, Wording], Figure]
    about: Callable[[R], Sequence[Scores]]
    titled: bool = False

    def figure(self, found: R, *, lang: str = "en", width: str | None = None) -> Figure:
        """The picture as a figure."""
        return shown_figure(
            lambda words: self.draw(found, words),
            lang=lang,
            made_up=self._made_up(found),
            foot=lambda words: self._foot(found, words),
            width=width,
        )

    def write(self, found: R, path: str | Path, *, lang: str = "en", width: str | None = None) -> tuple[str, ...]:
        """Draw it into a .svg, .png or .pdf file; the names in whose place an id stands, for want of a font."""
        return write_figure(
            lambda words: self.draw(found, words),
            path,
            lang=lang,
            made_up=self._made_up(found),
            foot=lambda words: self._foot(found, words),
            width=width,
        )

    def _made_up(self, found: R) -> bool:
        return any(is_marked(scores.dataset.name) for scores in self.about(found))

    def _foot(self, found: R, words: Wording) -> list[str]:
        foot = foot_of(self.about(found)[0], words)
        return foot[2:] if self.titled else foot
