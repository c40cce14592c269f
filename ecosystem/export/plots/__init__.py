"""Pictures, in one style: audits of scores, and indices with their regions and indicators."""

from ecosystem.export.plots.audit_plots import write_plot
from ecosystem.export.plots.index_plots import KINDS, write_index_plot
from ecosystem.export.plots.picture import plot

__all__ = ["KINDS", "plot", "write_index_plot", "write_plot"]
