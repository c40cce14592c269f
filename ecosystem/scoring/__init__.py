"""An index and a store in, scores out, and the tables that show them."""

from ecosystem.scoring.result import Scores
from ecosystem.scoring.score import score

__all__ = ["Scores", "score"]
