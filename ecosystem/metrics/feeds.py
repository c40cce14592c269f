"""Which metrics a dataset, or one source of it, can give values to."""

from __future__ import annotations

from collections.abc import Iterable

from ecosystem.dataset.sources.contents import Contents
from ecosystem.metrics.check import lacking
from ecosystem.metrics.metric import Metric
from ecosystem.query.tree import LinkPattern, Literal, NodePattern


def unfed(metric: Metric, held: Contents) -> str | None:
    """Why a source says nothing on a metric, None where it may."""
    reason = lacking(metric.query, held.schema)
    if reason is not None:
        return reason.replace("the dataset has", "it has")
    for match in metric.query.matches:
        for node in match.nodes():
            if node.labels and _of_sample(node) and not any(held.sample.get(label) for label in node.labels):
                return f"none of its {' or '.join(node.labels)} nodes is in the sample and in a region that is ranked"
        for path in match.paths:
            for left, link, right in zip(path.nodes, path.links, path.nodes[1:], strict=False):
                if link.types and set(link.types) <= set(held.begins) and not _joined(left, link, right, held):
                    return f"none of its {' or '.join(link.types)} links joins what it asks for"
    return None


def _joined(left: NodePattern, link: LinkPattern, right: NodePattern, held: Contents) -> bool:
    """Whether links of a type begin and end at the labels of the pattern, one way or the other."""
    ways = {"out": [(left, right)], "in": [(right, left)], "both": [(left, right), (right, left)]}[link.direction]
    return any(
        _meets(source, held.begins[kind]) and _meets(target, held.ends[kind])
        for kind in link.types
        for source, target in ways
    )


def _meets(node: NodePattern, labels: Iterable[str]) -> bool:
    return not node.labels or not set(node.labels).isdisjoint(labels)


def _of_sample(node: NodePattern) -> bool:
    return any(name == "in_sample" and value == Literal(value=True) for name, value in node.properties)
