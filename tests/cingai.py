"""The 24 metrics of CINGAI 2023 among those that are shipped: the golden dataset was made for them."""

from __future__ import annotations

from ecosystem.metrics import Metric, load_metrics


def cingai_metrics() -> dict[str, Metric]:
    """By id."""
    return {name: metric for name, metric in load_metrics().items() if metric.source.startswith("CINGAI 2023")}
