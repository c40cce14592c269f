"""From the links of an innovation ecosystem to regional scores, and back to the links.

import ecosystem as eco

reading = eco.read_dataset("mydata")              # a folder of CSV files, checked: reading.findings
store = eco.open_store("mydata.duckdb", create=True)
store.load(reading.dataset)
eco.query(store, "MATCH (c:Company {layer: $layer}) RETURN count(c) AS n", layer="foundation")  # a pandas frame
measures = eco.measure(store, ["enablement_links", "company_count"], level="province", since=2019)
measures.table()                                  # regions down, metrics across
eco.shares(measures, top=10, others=True)         # shares of the total and of the parent, ranks; by_year=True
measures.evidence("enablement_links").frame()     # the links behind each value
scores = eco.score("cingai-2023", store)          # an index by its name or folder; the store may be a path, too
scores.overall("en")                              # the ranked table, a pandas frame
scores.plot(top=10)                               # a matplotlib figure
eco.explain(scores, "四川省").parts               # the organisations behind a score; .tree(), .links, .rows() go on
eco.knockout(scores, "C000001").regions()         # every rank without one of them
net = eco.network(store, "co_investment")         # who invests together: net.nodes(), .regions(), .flows(), .summary()
eco.to_networkx(store, links="ENABLES")           # the graph for networkx, parallel links apart; to_igraph as well
eco.robustness(scores, vary=["weights:0.25"]).regions()   # how sure each rank is: its interval over 1,000 draws
eco.leave_out(scores, "pillar").regions()         # each rank without each pillar, label, source or year in turn
eco.resample(scores).regions()                    # how sure the ranks of the sample are: its entities drawn anew
eco.weight_space(scores).table()                  # all admissible weights: who is first with how many of them, or never
eco.missing_cases(scores).table()                 # best and worst rank, whatever is missing or undated turns out to be
eco.write_scores(scores, "scores.xlsx")
eco.write_report(scores, "report.html")           # one page to open and to print: ranking, map, regions, method
eco.profile(scores, "四川省").summary("en")       # a region as a report writes of it: parts, partners, peers, ...
"""

from __future__ import annotations

import sys
from types import ModuleType

from ecosystem.version import __version__

TYPE_CHECKING = False  # as in `typing`, which takes a fiftieth of a second in which nobody hears Ctrl-C yet
if TYPE_CHECKING:
    from typing import Any

    from ecosystem.audit import explain, knockout, leave_out
    from ecosystem.dataset import read_dataset
    from ecosystem.errors import EcosystemError
    from ecosystem.export import write_scores
    from ecosystem.export.graph_objects import to_igraph, to_networkx
    from ecosystem.export.plots import plot
    from ecosystem.export.profile_files import write_profile
    from ecosystem.index import load_index
    from ecosystem.metrics import load_metrics, measure, shares
    from ecosystem.network.linkage import linkage as network
    from ecosystem.profiles import profile
    from ecosystem.regions import shipped_regions
    from ecosystem.report import write_report
    from ecosystem.robustness import resample, robustness
    from ecosystem.robustness.change import decompose_change
    from ecosystem.robustness.missing_cases import missing_cases
    from ecosystem.robustness.sensitivity import sensitivity
    from ecosystem.robustness.weight_space import weight_space
    from ecosystem.scoring import Scores, score
    from ecosystem.store import open_store
    from ecosystem.store.question import query

_HOMES = {
    "EcosystemError": "ecosystem.errors",
    "Scores": "ecosystem.scoring",
    "decompose_change": "ecosystem.robustness.change",
    "explain": "ecosystem.audit",
    "knockout": "ecosystem.audit",
    "leave_out": "ecosystem.audit",
    "load_index": "ecosystem.index",
    "load_metrics": "ecosystem.metrics",
    "measure": "ecosystem.metrics",
    "missing_cases": "ecosystem.robustness.missing_cases",
    "network": "ecosystem.network.linkage:linkage",
    "open_store": "ecosystem.store",
    "plot": "ecosystem.export.plots",
    "profile": "ecosystem.profiles",
    "query": "ecosystem.store.question",
    "read_dataset": "ecosystem.dataset",
    "resample": "ecosystem.robustness",
    "robustness": "ecosystem.robustness",
    "score": "ecosystem.scoring",
    "sensitivity": "ecosystem.robustness.sensitivity",
    "shares": "ecosystem.metrics",
    "shipped_regions": "ecosystem.regions",
    "to_igraph": "ecosystem.export.graph_objects",
    "to_networkx": "ecosystem.export.graph_objects",
    "weight_space": "ecosystem.robustness.weight_space",
    "write_profile": "ecosystem.export.profile_files",
    "write_report": "ecosystem.report",
    "write_scores": "ecosystem.export",
}

__all__ = [
    "EcosystemError",
    "Scores",
    "__version__",
    "decompose_change",
    "explain",
    "knockout",
    "leave_out",
    "load_index",
    "load_metrics",
    "measure",
    "missing_cases",
    "network",
    "open_store",
    "plot",
    "profile",
    "query",
    "read_dataset",
    "resample",
    "robustness",
    "score",
    "sensitivity",
    "shares",
    "shipped_regions",
    "to_igraph",
    "to_networkx",
    "weight_space",
    "write_profile",
    "write_report",
    "write_scores",
]


class _Face(ModuleType):
    """The package as a module in which `query`, `network` and `robustness` are functions, not the rooms of these names.

    Python sets a room here once it is imported, which would hide the function. Whoever imports from a room finds it.
    """

    def __getattribute__(self, name: str) -> Any:
        return __getattr__(name) if name in ("network", "query", "robustness") else super().__getattribute__(name)


sys.modules[__name__].__class__ = _Face


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `ecosystem --help` must not wait for pandas and an engine."""
    if name not in _HOMES:
        raise AttributeError(f"module 'ecosystem' has no attribute {name!r}")
    from importlib import import_module

    module, _, called = _HOMES[name].partition(":")
    return getattr(import_module(module), called or name)
