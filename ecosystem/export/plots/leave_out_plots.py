"""What is left out one at a time as a picture: by how many places the ranks move without it, on average."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from ecosystem.export.plots.chart import bars, finished, row_chart
from ecosystem.export.plots.plot_style import (
    COLUMN,
    Wording,
    first_of,
    of_all,
    title_of,
)
from ecosystem.export.plots.score_picture import ScorePicture
from ecosystem.messages import tr

if TYPE_CHECKING:
    from ecosystem.audit import LeftOut


def _figure(found: LeftOut, words: Wording) -> Figure:
    """A bar for each, that which moves ranks most on top; what leaves the index undefined has none."""
    effects = found.effects().dropna(subset=["mean_move"])
    frame = first_of(effects)
    named = frame[["left_out", "left_out_zh", "left_out_en"]].itertuples(index=False, name=None)
    axes, rows = row_chart(words, COLUMN, [words.name(*row) for row in named])
    bars(axes, rows, frame["mean_move"].tolist(), texts=[f"{move:.2f}" for move in frame["mean_move"]])
    axes.set_xlabel(words.word("mean_move"))
    what = tr("how far ranks move without each {part}", part=words.word(found.what))
    title = of_all(title_of(found.scores, words, what), len(frame), len(effects))
    return finished(axes, words, rows.height, title)


LEFT_OUT: ScorePicture[LeftOut] = ScorePicture(_figure, lambda found: [found.scores], titled=True)
