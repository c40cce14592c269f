"""Two states of one graph, a month apart: names change, companies move, links and companies go and come."""

from __future__ import annotations

import random
from dataclasses import replace

from graphs import Link, Node, dataset, graph

from ecosystem.dataset import Dataset

CITIES = ("c1", "c2", "s1", "p2")


def month(number: int, companies: int = 240) -> Dataset:
    """The state of a month: four links a company. Month 2 has a tenth of the companies of month 1 no more."""
    draw = random.Random(number)
    first = companies // 10 * (number - 1)
    ids = [f"k{place:05}" for place in range(first, first + companies)]
    nodes = [Node(each, "Company", {"name": f"{each} in {number}", "patents": draw.randrange(9)}) for each in ids]
    nodes += [Node(f"b{place:03}", "Investor", {"name": "bank"}) for place in range(companies // 10)]
    links = [Link(f"l{each}", "LOCATED_IN", each, draw.choice(CITIES)) for each in ids]
    for kind in ("ENABLES", "COLLABORATES_WITH"):
        for place in range(companies):
            source, target = draw.choice(ids), draw.choice(ids)
            links.append(Link(f"{kind[0]}{number}-{place}", kind, source, target, {"year": draw.randrange(2015, 2024)}))
    for place in range(companies):
        bank = f"b{draw.randrange(companies // 10):03}"
        amount = draw.random() * 100
        links.append(Link(f"I{place}", "INVESTED_IN", bank, draw.choice(ids), {"amount_cny_m": amount}))
    return replace(dataset(graph(nodes, links), name=f"month {number}"), hash=f"{number}" * 64)
