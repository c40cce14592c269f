"""An index and a store in, scores out, and the tables that show them."""

from ecosystem.scoring.earlier import EarlierScores
from ecosystem.scoring.earlier_files import read_earlier
from ecosystem.scoring.result import Scores
from ecosystem.scoring.score import score
from ecosystem.scoring.score_changes import ScoreChanges, score_changes

__all__ = ["EarlierScores", "ScoreChanges", "Scores", "read_earlier", "score", "score_changes"]
