"""The 24 CINGAI metrics by nested loops over the rows of a dataset's CSV files.

Slow, plain and independent: standard library only, nothing of the package. It judges `values.csv` and `evidence.csv`,
and every other program that computes the same tables. `python brute_force.py` writes `evidence.csv` anew.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from brute_graph import Graph, Row, abroad, number, places, read, sample, year_of

HERE = Path(__file__).parent
WINDOWS: tuple[tuple[int | None, int | None], ...] = ((None, None), (2019, 2021))

Argument = str | float | None


@dataclass(frozen=True, slots=True)
class Match:
    """One way to match the pattern of a metric, in the region that it counts for.

    `argument` is what the aggregate sees; `nodes` and `links` are ids in order, without regions and WITHIN.
    """

    region: str
    year: int | None
    argument: Argument
    nodes: tuple[str, ...]
    links: tuple[str, ...]


def matched(region: Row, year: int | None, argument: Argument, nodes: list[str], links: list[str]) -> Match:
    """The match of these ids, each named once (a self link has one end)."""
    return Match(region["id"], year, argument, tuple(sorted(set(nodes))), tuple(sorted(set(links))))


@dataclass(frozen=True, slots=True)
class Metric:
    """How the matches become a value, how the window applies, and where the matches come from."""

    aggregate: Literal["count", "distinct", "sum", "mean"]
    dated: Literal["flow", "stock", "none"]
    matches: Callable[[Graph, str], Iterator[Match]]


def nodes(
    table: str, year: str, argument: Callable[[Row], Argument] = lambda row: row["id"]
) -> Callable[[Graph, str], Iterator[Match]]:
    """Matches of `(n S)` in its region."""

    def matches(graph: Graph, level: str) -> Iterator[Match]:
        for node in graph[table]:
            if sample(node):
                for region, place in places(graph, node["id"], level):
                    yield matched(region, year_of(node, year), argument(node), [node["id"]], [place])

    return matches


def valuation(company: Row) -> float | None:
    """The valuation, else the market capitalisation; a valuation of 0 is a valuation."""
    first = number(company, "valuation_cny_m")
    return number(company, "market_cap_cny_m") if first is None else first


def basic_layers(company: Row) -> str | None:
    """The id of a company of the foundation or technology layer, else None."""
    return company["id"] if company["layer"] in {"foundation", "technology"} else None


def mean_of(table: str, column: str) -> Metric:
    """The mean of a property over the nodes of the sample that have it."""
    return Metric("mean", "stock", nodes(table, "founded_year", lambda row: number(row, column)))


def enablement(graph: Graph, level: str) -> Iterator[Match]:
    """Matches of `(c:Company S)-[t:ENABLES]->(b)`, L(c)."""
    for link in graph["enables"]:
        for company in graph["companies"]:
            if company["id"] == link["from"] and sample(company):
                for region, place in places(graph, company["id"], level):
                    ends, links = [link["from"], link["to"]], [link["id"], place]
                    yield matched(region, year_of(link), link["id"], ends, links)


def financing(argument: Callable[[Row], Argument]) -> Callable[[Graph, str], Iterator[Match]]:
    """Matches of `(i)-[t:INVESTED_IN]->(c:Company S)`, L(c)."""

    def matches(graph: Graph, level: str) -> Iterator[Match]:
        for link in graph["invested_in"]:
            for company in graph["companies"]:
                if company["id"] == link["to"] and sample(company):
                    for region, place in places(graph, company["id"], level):
                        ends, links = [link["from"], link["to"]], [link["id"], place]
                        yield matched(region, year_of(link), argument(link), ends, links)

    return matches


def disclosed(link: Row) -> str | None:
    """The id of a link whose investor is known, else None; a blank cell says it is."""
    return None if link["disclosed"] == "false" else link["id"]


def investment(graph: Graph, level: str) -> Iterator[Match]:
    """Matches of `(c:Company S)-[t:INVESTED_IN]->(:Company)`, L(c)."""
    for link in graph["invested_in"]:
        for company in graph["companies"]:
            if company["id"] == link["from"] and sample(company):
                for region, place in places(graph, company["id"], level):
                    ends, links = [link["from"], link["to"]], [link["id"], place]
                    yield matched(region, year_of(link), link["id"], ends, links)


def experience(table: str) -> Callable[[Graph, str], Iterator[Match]]:
    """Matches of `(p:Person S)-[:WORKS_FOR]->(c:Company S)`, L(c), `(p)-[:table]->(b)`, F(b)."""

    def matches(graph: Graph, level: str) -> Iterator[Match]:
        for person, company, post in _posts(graph):
            for past in graph[table]:
                if past["from"] == person:
                    for region, place in places(graph, company, level):
                        for foreign in abroad(graph, past["to"], region):
                            ids, links = [person, company, past["to"]], [post, place, past["id"], foreign]
                            yield matched(region, None, person, ids, links)

    return matches


def _posts(graph: Graph) -> Iterator[tuple[str, str, str]]:
    """Person, company and link of `(p:Person S)-[:WORKS_FOR]->(c:Company S)`."""
    for person in graph["people"]:
        for company in graph["companies"]:
            for link in graph["works_for"]:
                if link["from"] == person["id"] and link["to"] == company["id"] and sample(person) and sample(company):
                    yield person["id"], company["id"], link["id"]


def across_the_border(inside: str, outside: str) -> Callable[[Graph, str], Iterator[Match]]:
    """ENABLES between a company of the sample, at the link's end `inside`, and an organisation abroad at `outside`."""

    def matches(graph: Graph, level: str) -> Iterator[Match]:
        for link in graph["enables"]:
            for company in graph["companies"]:
                if company["id"] == link[inside] and sample(company):
                    for region, place in places(graph, company["id"], level):
                        for foreign in abroad(graph, link[outside], region):
                            links = [link["id"], place, foreign]
                            yield matched(region, year_of(link), link["id"], [link["from"], link["to"]], links)

    return matches


METRICS: dict[str, Metric] = {
    "company_count": Metric("count", "stock", nodes("companies", "founded_year")),
    "company_mean_valuation": Metric("mean", "stock", nodes("companies", "founded_year", valuation)),
    "company_mean_patents": mean_of("companies", "patents"),
    "foundation_technology_companies": Metric("count", "stock", nodes("companies", "founded_year", basic_layers)),
    "enablement_links": Metric("count", "flow", enablement),
    "university_count": Metric("count", "stock", nodes("universities", "founded_year")),
    "university_mean_papers_domestic": mean_of("universities", "papers_domestic"),
    "university_mean_papers_intl": mean_of("universities", "papers_intl"),
    "university_mean_patents": mean_of("universities", "patents"),
    "institute_count": Metric("count", "stock", nodes("institutes", "founded_year")),
    "institute_mean_papers_domestic": mean_of("institutes", "papers_domestic"),
    "institute_mean_papers_intl": mean_of("institutes", "papers_intl"),
    "institute_mean_patents": mean_of("institutes", "patents"),
    "financing_links": Metric("count", "flow", financing(disclosed)),
    "financing_amount": Metric("sum", "flow", financing(lambda link: number(link, "amount_cny_m"))),
    "investment_links": Metric("count", "flow", investment),
    "intl_study": Metric("distinct", "none", experience("studied_at")),
    "intl_work": Metric("distinct", "none", experience("worked_at")),
    "intl_technology_input": Metric("count", "flow", across_the_border(inside="to", outside="from")),
    "intl_enablement": Metric("count", "flow", across_the_border(inside="from", outside="to")),
    "conference_count": Metric("count", "flow", nodes("conferences", "year")),
    "alliance_count": Metric("count", "stock", nodes("alliances", "year")),
    "park_count": Metric("count", "stock", nodes("parks", "year")),
    "policy_count": Metric("count", "flow", nodes("policies", "year")),
}


def inside_window(dated: str, year: int | None, since: int | None, until: int | None) -> bool:
    """Whether a match of this year counts: without a window every one does."""
    if dated == "none" or (since is None and until is None):
        return True
    if year is None:
        return dated == "stock"
    return (until is None or year <= until) and (dated == "stock" or since is None or year >= since)


def evidence(graph: Graph, metric: Metric, level: str, since: int | None, until: int | None) -> list[Match]:
    """The matches that contribute: inside the window, with something for the aggregate to see."""
    return [
        match
        for match in metric.matches(graph, level)
        if match.argument is not None and inside_window(metric.dated, match.year, since, until)
    ]


def values(graph: Graph, metric: Metric, level: str, since: int | None, until: int | None) -> dict[str, float | None]:
    """The value per region of the level: a count or sum of nothing is 0, a mean of nothing is missing."""
    found: dict[str, list[Argument]] = {row["id"]: [] for row in graph["regions"] if row["level"] == level}
    for match in evidence(graph, metric, level, since, until):
        found[match.region].append(match.argument)
    return {region: aggregate(metric.aggregate, arguments) for region, arguments in found.items()}


def aggregate(how: str, arguments: list[Argument]) -> float | None:
    """Count, distinct count, sum or mean of the arguments, none of which is missing."""
    if how == "count":
        return len(arguments)
    if how == "distinct":
        return len(set(arguments))
    total = math.fsum(argument for argument in arguments if isinstance(argument, float))
    if how == "sum":
        return total
    return total / len(arguments) if arguments else None


def value_rows(graph: Graph, level: str = "province") -> list[Row]:
    """The rows of `values.csv`."""
    return [
        {"metric": name, "since": text(since), "until": text(until), "region": region, "value": text(value)}
        for name, metric in METRICS.items()
        for since, until in WINDOWS
        for region, value in values(graph, metric, level, since, until).items()
    ]


def evidence_rows(graph: Graph, level: str = "province") -> list[Row]:
    """The rows of `evidence.csv`: one per match, in the order of metric, window, region, nodes, links."""
    order = {row["id"]: position for position, row in enumerate(graph["regions"])}
    rows = []
    for name, metric in METRICS.items():
        for since, until in WINDOWS:
            found = evidence(graph, metric, level, since, until)
            for match in sorted(found, key=lambda match: (order[match.region], match.nodes, match.links)):
                window = {"metric": name, "since": text(since), "until": text(until), "region": match.region}
                rows.append(window | {"nodes": "|".join(match.nodes), "links": "|".join(match.links)})
    return rows


def text(value: float | None) -> str:
    """A number as the CSV files have it: whole numbers without a point, a missing one blank."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(value)


def write(path: Path, rows: list[Row]) -> None:
    """Write the rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    write(HERE / "evidence.csv", evidence_rows(read(HERE / "dataset")))
