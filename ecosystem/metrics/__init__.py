"""Relational metrics: Cypher files that are read, checked and run; a value per region and the matches behind it."""

from ecosystem.indicator_source import Window
from ecosystem.metrics.evidence import Evidence
from ecosystem.metrics.measure import Measures, measure
from ecosystem.metrics.metric import PROVENANCES, Metric, find_metric, load_metrics, parse_metric, read_metric
from ecosystem.metrics.metric_check import check_metric
from ecosystem.metrics.metric_source import MetricSource
from ecosystem.metrics.shares import shares

__all__ = [
    "PROVENANCES",
    "Evidence",
    "Measures",
    "Metric",
    "MetricSource",
    "Window",
    "check_metric",
    "find_metric",
    "load_metrics",
    "measure",
    "parse_metric",
    "read_metric",
    "shares",
]
