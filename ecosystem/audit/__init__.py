"""A score walked back to its links and files; any organisation removed, and how every rank changes."""

from ecosystem.audit.audit_words import DEPTHS, Depth
from ecosystem.audit.curve import Curves, curve
from ecosystem.audit.each import Loads, knock_out_each
from ecosystem.audit.explain import Explanation
from ecosystem.audit.explain_group import GroupExplanation, explain
from ecosystem.audit.knockout import Knockout, knockout
from ecosystem.audit.leave_out import LeftOut, leave_out
from ecosystem.audit.needed_values import NeededValues, needed_values
from ecosystem.audit.overtake import Overtaking, overtake
from ecosystem.audit.trace import Trace, trace
from ecosystem.audit.versus import Versus, versus

__all__ = [
    "DEPTHS",
    "Curves",
    "Depth",
    "Explanation",
    "GroupExplanation",
    "Knockout",
    "LeftOut",
    "Loads",
    "NeededValues",
    "Overtaking",
    "Trace",
    "Versus",
    "curve",
    "explain",
    "knock_out_each",
    "knockout",
    "leave_out",
    "needed_values",
    "overtake",
    "trace",
    "versus",
]
