"""Samples of companies drawn from regions whose true values are known, for the test of coverage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from audit_index import metric_index
from graphs import Link, Node, Value, dataset, graph

from ecosystem.dataset import Dataset
from ecosystem.index import Index, Source, evaluate
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.regions import Region, Regions

PROVINCES, COMPANIES = 12, 60
"""So many ranked regions, and companies of the sample in each."""
LINKS = np.geomspace(6.0, 3.0, PROVINCES)
"""The true mean number of links of a company, by region."""
PATENTS = np.geomspace(20.0, 40.0, PROVINCES)[[3, 0, 7, 1, 10, 5, 2, 11, 4, 8, 6, 9]]
"""The true mean number of patents of a company, in another order of the regions."""
SPREAD = 0.8
"""The standard deviation of the logarithm of a company's own rate: a few companies have most of the links."""
IDS = tuple(f"r{place:02}" for place in range(PROVINCES))
HIERARCHY = Regions(
    [
        Region("CN", "中国", "country", code="CN", country="CN", name_en="China"),
        Region("US", "美国", "country", code="US", country="US", name_en="United States"),
        *(Region(name, name, "province", country="CN", parent="CN") for name in IDS),
    ]
)
INDEX: Index = metric_index([Source("metric", "enablement_links"), Source("metric", "company_mean_patents")], IDS)


def true_scores() -> FloatArray:
    """The scores (R,) of the true values: of the links that so many companies have on average, and their patents."""
    return evaluate(INDEX, np.column_stack([LINKS * COMPANIES, PATENTS]), level="province").overall


def drawn_companies(generator: np.random.Generator) -> tuple[IntArray, IntArray]:
    """The links and the patents (R, companies) of a sample of companies, whose sizes are heavy-tailed."""
    size = np.exp(generator.normal(-(SPREAD**2) / 2, SPREAD, size=(PROVINCES, COMPANIES)))
    return generator.poisson(LINKS[:, None] * size), generator.poisson(PATENTS[:, None] * size)


def sample_of(links: IntArray, patents: IntArray) -> Dataset:
    """The dataset of such companies, whose links lead to a company abroad that is not of the sample."""
    nodes = [Node("abroad", "Company", {"in_sample": False})]
    edges: list[Link] = []
    for place, region in enumerate(IDS):
        for number, (count, own) in enumerate(zip(links[place].tolist(), patents[place].tolist(), strict=True)):
            company = f"{region}-{number}"
            facts: dict[str, Value] = {"in_sample": True, "patents": own}
            nodes.append(Node(company, "Company", facts))
            edges.append(Link(f"l-{company}", "LOCATED_IN", company, region))
            edges += [Link(f"{company}-{at}", "ENABLES", company, "abroad") for at in range(count)]
    return dataset(graph(nodes, edges, HIERARCHY))


def links_drawn(links: Sequence[int], patents: FloatArray, draws: int, generator: np.random.Generator) -> FloatArray:
    """The scores (draws, R) when the links are drawn with replacement, and not the companies."""
    counts = np.array(links)
    drawn = generator.multinomial(counts.sum(), counts / counts.sum(), size=draws).astype(float)
    values = np.stack([drawn, np.broadcast_to(patents, drawn.shape)], axis=-1)
    return evaluate(INDEX, values, level="province").overall
