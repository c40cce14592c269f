"""What a report is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecosystem.network import NetworkFile
    from ecosystem.progress import Progress
    from ecosystem.scoring import Scores
    from ecosystem.scoring.earlier import EarlierScores
    from ecosystem.scoring.panel import Panel

NETWORK = "enablement"
TOP, DRAWS = 5, 1000


@dataclass(frozen=True, slots=True)
class Request:
    """What a report is about: scores, the regions it opens with, earlier scores to compare with, how much it shows.

    `regions` are ids of ranked regions, the first ranked one where none is given. `network` is the network that the
    report tells of first, or its id, `boundaries` a GeoJSON file with the user's own regions, `top` how many
    organisations an indicator of a region names; `draws` and `seed` are those of the rank intervals, `panel`
    has the scores by year. `progress` hears of long steps.
    """

    scores: Scores
    regions: tuple[str, ...] = ()
    earlier: EarlierScores | None = None
    network: NetworkFile | str = NETWORK
    boundaries: Path | None = None
    top: int = TOP
    draws: int = DRAWS
    seed: int = 0
    panel: Panel | None = None
    progress: Progress | None = None
