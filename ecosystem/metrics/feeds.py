"""Which metrics a dataset, or one source of it, can give values to."""

from __future__ import annotations

from collections.abc import Mapping

from ecosystem.metrics.check import lacking
from ecosystem.metrics.metric import Metric
from ecosystem.query import Schema
from ecosystem.query.tree import Literal, NodePattern


def unfed(metric: Metric, schema: Schema, sample: Mapping[str, int]) -> str | None:
    """Why a source says nothing on a metric, None where it may.

    `sample[label]` counts the nodes that belong to the sample and lie where the metric looks for them.
    """
    reason = lacking(metric.query, schema)
    if reason is not None:
        return reason.replace("the dataset has", "it has")
    for match in metric.query.matches:
        for node in match.nodes():
            if node.labels and _of_sample(node) and not any(sample.get(label) for label in node.labels):
                return f"none of its {' or '.join(node.labels)} nodes is in the sample and in a region that is ranked"
    return None


def _of_sample(node: NodePattern) -> bool:
    return any(name == "in_sample" and value == Literal(value=True) for name, value in node.properties)
