"""How sure a rank is: rules and weights drawn at random, and what each region's rank does then."""

from ecosystem.robustness.draw import Drawn
from ecosystem.robustness.rank_intervals import Robustness, robustness

__all__ = ["Drawn", "Robustness", "robustness"]
