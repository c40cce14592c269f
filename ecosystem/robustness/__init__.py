"""How sure a rank is: rules and weights drawn at random, or the sample drawn anew, and what each rank does then."""

from ecosystem.robustness.bootstrap import resample
from ecosystem.robustness.draw import Drawn
from ecosystem.robustness.rank_intervals import Robustness, robustness
from ecosystem.robustness.sample import Resampling

__all__ = ["Drawn", "Resampling", "Robustness", "resample", "robustness"]
