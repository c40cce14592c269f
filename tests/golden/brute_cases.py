"""Values of the test metrics in `tests/metrics/cases`, by nested loops over the CSV rows.

They judge the classes that no CINGAI metric belongs to.
`python brute_cases.py` writes `values_cases.csv` anew.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from brute_force import HERE, WINDOWS, inside_window, text, write
from brute_graph import Graph, Row, abroad, number, places, read, sample, year_of

Arguments = tuple[object, ...]
Found = Iterator[tuple[Row, int | None, Arguments]]
Value = float | None


@dataclass(frozen=True, slots=True)
class Case:
    """`matches` gives region, year and the arguments of the aggregates per match; `value` puts them together."""

    dated: str
    matches: Callable[[Graph, str], Found]
    value: Callable[[list[Arguments]], Value]


def count(matches: list[Arguments]) -> float:
    """How many matches have a first argument."""
    return sum(1 for match in matches if match[0] is not None)


def distinct(matches: list[Arguments], column: int = 0) -> float:
    """How many different values the argument has."""
    return len({match[column] for match in matches} - {None})


def total(matches: list[Arguments], column: int = 0) -> float:
    """The sum of the argument where it is present, 0 of nothing."""
    return math.fsum(value for match in matches if isinstance(value := match[column], float))


def mean(matches: list[Arguments]) -> Value:
    """The mean of the first argument where it is present."""
    return ratio(total(matches), count(matches))


def ratio(above: float, below: float) -> Value:
    """The quotient, missing over 0."""
    return above / below if below else None


def numbers(matches: list[Arguments], *, once: bool = False) -> list[float]:
    """The first argument where it is present, equal ones `once`."""
    found = [value for match in matches if isinstance(value := match[0], float)]
    return list(set(found)) if once else found


def of_some(value: Callable[[list[float]], float], *, once: bool = False) -> Callable[[list[Arguments]], Value]:
    """What a function says of the numbers, missing where there are none."""
    return lambda matches: value(found) if (found := numbers(matches, once=once)) else None


def sample_deviation(values: list[float]) -> float:
    """By the standard library, in fractions; 0 of one value, as in Neo4j."""
    return statistics.stdev(values) if len(values) > 1 else 0.0


def third_quartile(values: list[float]) -> float:
    """The smallest of the values that three quarters of them do not exceed."""
    return next(one for one in sorted(values) if sum(other <= one for other in values) >= 0.75 * len(values))


def linked(graph: Graph, table: str, source: str | None = None, target: str | None = None) -> list[Row]:
    """The links of the table with these ends."""
    return [
        link
        for link in graph[table]
        if (source is None or link["from"] == source) and (target is None or link["to"] == target)
    ]


def row_of(graph: Graph, table: str, node: str) -> Row | None:
    """The row of the node in the table, None when it has another label."""
    return next((row for row in graph[table] if row["id"] == node), None)


def companies(graph: Graph, level: str) -> Iterator[tuple[Row, Row]]:
    """Each company of the sample with each region of the level that it lies in."""
    for company in graph["companies"]:
        if sample(company):
            for region, _ in places(graph, company["id"], level):
                yield company, region


def which(condition: Callable[[Graph, Row, Row], bool | None]) -> Case:
    """Count of the companies for which the condition (graph, company, region) is true; an unknown one is not."""

    def matches(graph: Graph, level: str) -> Found:
        for company, region in companies(graph, level):
            if condition(graph, company, region):
                yield region, year_of(company, "founded_year"), (company["id"],)

    return Case("stock", matches, count)


def of_companies(argument: Callable[[Row], object], value: Callable[[list[Arguments]], Value]) -> Case:
    """An aggregate over the companies of the sample."""

    def matches(graph: Graph, level: str) -> Found:
        for company, region in companies(graph, level):
            yield region, year_of(company, "founded_year"), (argument(company),)

    return Case("stock", matches, value)


def rounds(argument: Callable[[Row], Arguments], value: Callable[[list[Arguments]], Value]) -> Case:
    """An aggregate over the INVESTED_IN links into companies of the sample."""

    def matches(graph: Graph, level: str) -> Found:
        for company, region in companies(graph, level):
            for link in linked(graph, "invested_in", target=company["id"]):
                yield region, year_of(link), argument(link)

    return Case("flow", matches, value)


def enabled(argument: Callable[[Row, Row], object], value: Callable[[list[Arguments]], Value]) -> Case:
    """An aggregate over the ENABLES links out of companies of the sample; `argument` sees company and link."""

    def matches(graph: Graph, level: str) -> Found:
        for company, region in companies(graph, level):
            for link in linked(graph, "enables", source=company["id"]):
                yield region, year_of(link), (argument(company, link),)

    return Case("flow", matches, value)


def collaborating(value: Callable[[list[Arguments]], Value]) -> Case:
    """An aggregate over the collaborations seen from each end in turn; a link from a node to itself has one."""

    def matches(graph: Graph, level: str) -> Found:
        for company, region in companies(graph, level):
            for link in graph["collaborates_with"]:
                if company["id"] in {link["from"], link["to"]}:
                    yield region, year_of(link), (link["id"],)

    return Case("flow", matches, value)


def has_investor(graph: Graph, company: str) -> bool:
    """Whether an investor (not a company) has invested in it."""
    return any(row_of(graph, "investors", link["from"]) for link in linked(graph, "invested_in", target=company))


def has_disclosed_investor(graph: Graph, company: Row, region: Row) -> bool:
    """Whether an investor stands behind one of its disclosed links."""
    return any(
        row_of(graph, "investors", link["from"]) and link["disclosed"] != "false"
        for link in linked(graph, "invested_in", target=company["id"])
    )


def has_investor_abroad(graph: Graph, company: Row, region: Row) -> bool:
    """Whether an investor or company in another country has invested in it."""
    links = linked(graph, "invested_in", target=company["id"])
    return any(True for link in links for _ in abroad(graph, link["from"], region))


def has_outside_investor_and_partner(graph: Graph, company: Row, region: Row) -> bool:
    """Whether it has an investor outside the sample, and collaborates with a university that holds patents."""
    investors = [
        row_of(graph, "investors", link["from"]) for link in linked(graph, "invested_in", target=company["id"])
    ]
    partners = [
        row_of(graph, "universities", other)
        for link in graph["collaborates_with"]
        for this, other in ((link["from"], link["to"]), (link["to"], link["from"]))
        if this == company["id"]
    ]
    outside = any(row is not None and not sample(row) for row in investors)
    return outside and any(row is not None and (number(row, "patents") or 0) > 0 for row in partners)


def enables_an_invested_company(graph: Graph, company: Row, region: Row) -> bool:
    """Whether it enables a company in which an investor has invested."""
    return any(
        row_of(graph, "companies", link["to"]) and has_investor(graph, link["to"])
        for link in linked(graph, "enables", source=company["id"])
    )


def is_unsettled(graph: Graph, company: Row, region: Row) -> bool:
    """Whether its layer is unknown, or is another than foundation with a known year after 2016."""
    year = year_of(company, "founded_year")
    return not company["layer"] or (company["layer"] != "foundation" and year is not None and year > 2016)


def enablement_total(graph: Graph, level: str) -> Found:
    """The number of ENABLES links per company."""
    for company, region in companies(graph, level):
        links = linked(graph, "enables", source=company["id"])
        yield region, year_of(company, "founded_year"), (float(len(links)),)


def two_steps_of_enablement(graph: Graph, level: str) -> Found:
    """Each chain of one or two ENABLES links that begins at a company, and passes no link twice."""
    for company, region in companies(graph, level):
        for first in linked(graph, "enables", source=company["id"]):
            seconds = [link for link in linked(graph, "enables", source=first["to"]) if link["id"] != first["id"]]
            for _ in range(1 + len(seconds)):
                yield region, None, (1,)


def enabling_patents(graph: Graph, level: str) -> Found:
    """The patents of each company that enables somebody."""
    for company, region in companies(graph, level):
        if linked(graph, "enables", source=company["id"]):
            yield region, year_of(company, "founded_year"), (number(company, "patents"),)


def links_of_the_invested(graph: Graph, level: str) -> Found:
    """The number of ENABLES links of each company with an investor."""
    for company, region in companies(graph, level):
        if has_investor(graph, company["id"]):
            links = linked(graph, "enables", source=company["id"])
            yield region, year_of(company, "founded_year"), (float(len(links)),)


def has_sample_investor(graph: Graph, company: Row, region: Row) -> bool:
    """Whether an investor of the sample has invested in it."""
    investors = (
        row_of(graph, "investors", link["from"]) for link in linked(graph, "invested_in", target=company["id"])
    )
    return any(row is not None and sample(row) for row in investors)


def is_patented_or_valued(graph: Graph, company: Row, region: Row) -> bool:
    """Whether one of ten patents and a valuation of 100 million is there and the other is not; both must be known."""
    patents, valuation = number(company, "patents"), number(company, "valuation_cny_m")
    return patents is not None and valuation is not None and (patents >= 10) != (valuation >= 100)


def parallel_enablement(graph: Graph, level: str) -> Found:
    """Ordered pairs of different ENABLES links with the same two ends."""
    for company, region in companies(graph, level):
        for one in linked(graph, "enables", source=company["id"]):
            for other in linked(graph, "enables", company["id"], one["to"]):
                if one["id"] != other["id"]:
                    yield region, None, (one["id"],)


def co_investments(graph: Graph, level: str) -> Found:
    """Ordered pairs of different INVESTED_IN links into the same company in the same round, dated by the first."""
    for company, region in companies(graph, level):
        for one in linked(graph, "invested_in", target=company["id"]):
            for other in linked(graph, "invested_in", target=company["id"]):
                if one["id"] != other["id"] and one["round_id"] == other["round_id"]:
                    yield region, year_of(one), (one["id"],)


def technology_links(graph: Graph, level: str) -> Found:
    """ENABLES and COLLABORATES_WITH links as written, out of companies and universities of the sample."""
    for node in (*graph["companies"], *graph["universities"]):
        if sample(node):
            for region, _ in places(graph, node["id"], level):
                for table in ("enables", "collaborates_with"):
                    for link in linked(graph, table, source=node["id"]):
                        yield region, year_of(link), (link["id"],)


def company_university_pairs(graph: Graph, level: str) -> Found:
    """Pairs of a company and a university of the sample in one region."""
    for _, region in companies(graph, level):
        for university in graph["universities"]:
            if sample(university):
                for home, _ in places(graph, university["id"], level):
                    if home is region:
                        yield region, None, (university["id"],)


def papers(graph: Graph, level: str) -> Found:
    """Domestic and international papers of each university of the sample, a blank counting as 0."""
    for university in graph["universities"]:
        if sample(university):
            for region, _ in places(graph, university["id"], level):
                both = (number(university, "papers_domestic") or 0.0) + (number(university, "papers_intl") or 0.0)
                yield region, year_of(university, "founded_year"), (both,)


def large(link: Row) -> float:
    """The amount where it is 20 million or more, else 0."""
    amount = number(link, "amount_cny_m")
    return amount if amount is not None and amount >= 20 else 0.0


def amounts(value: Callable[[list[Arguments]], Value]) -> Case:
    """An aggregate of the shares of rounds."""
    return rounds(lambda link: (number(link, "amount_cny_m"),), value)


def round_amounts(value: Callable[[list[Arguments]], Value]) -> Case:
    """An aggregate of the amounts of rounds, once for each link."""
    return rounds(lambda link: (number(link, "round_amount_cny_m"),), value)


CASES: dict[str, Case] = {
    "amounts_apart": amounts(of_some(sample_deviation)),
    "different_amounts": amounts(lambda matches: math.fsum(numbers(matches, once=True))),
    "different_rounds_apart": round_amounts(of_some(sample_deviation, once=True)),
    "earliest_year": of_companies(lambda row: number(row, "founded_year"), of_some(min)),
    "largest_amount": amounts(of_some(max)),
    "links_of_the_invested": Case("stock", links_of_the_invested, total),
    "mean_different_round": round_amounts(of_some(statistics.fmean, once=True)),
    "median_amount": amounts(of_some(statistics.median)),
    "median_different_amount": amounts(of_some(statistics.median_low, once=True)),
    "not_enabling": which(lambda graph, row, _: not linked(graph, "enables", source=row["id"])),
    "patented_or_valued": which(is_patented_or_valued),
    "patents_apart": of_companies(lambda row: number(row, "patents"), of_some(statistics.pstdev)),
    "patents_at": enabled(lambda company, _: number(company, "patents"), of_some(third_quartile)),
    "patents_range": Case("stock", enabling_patents, of_some(lambda values: max(values) - min(values))),
    "sample_invested": which(has_sample_investor),
    "amount_per_round": rounds(
        lambda link: (number(link, "amount_cny_m"), link["round_id"] or None),
        lambda matches: ratio(total(matches), distinct(matches, 1)),
    ),
    "any_investor": which(has_disclosed_investor),
    "co_investments": Case("flow", co_investments, count),
    "collaboration_ends": collaborating(count),
    "collaborations": collaborating(distinct),
    "company_university_pairs": Case("none", company_university_pairs, count),
    "distinct_investors": rounds(lambda link: (link["from"],), distinct),
    "enablement_total": Case("stock", enablement_total, total),
    "enables_the_invested": which(enables_an_invested_company),
    "foreign_invested": which(has_investor_abroad),
    "frequent_enablers": which(lambda graph, row, _: len(linked(graph, "enables", source=row["id"])) >= 2),
    "invested_and_partnered": which(has_outside_investor_and_partner),
    "invested_or_patented": which(
        lambda graph, row, _: (number(row, "patents") or 0) >= 10 or has_investor(graph, row["id"])
    ),
    "large_shares": rounds(lambda link: (large(link),), total),
    "mean_amount": rounds(lambda link: (number(link, "amount_cny_m"),), mean),
    "mean_papers_per_university": Case("stock", papers, mean),
    "parallel_enablement": Case("none", parallel_enablement, count),
    "patent_holders": which(lambda graph, row, _: (number(row, "patents") or 0) >= 10),
    "patents_over_links": enabled(lambda company, _: number(company, "patents"), total),
    "self_enablement": enabled(lambda row, link: link["id"] if link["to"] == row["id"] else None, count),
    "share_of_rounds": rounds(
        lambda link: (number(link, "amount_cny_m"), number(link, "round_amount_cny_m")),
        lambda matches: ratio(100.0 * total(matches), total(matches, 1)),
    ),
    "technology_links": Case("flow", technology_links, count),
    "two_steps_of_enablement": Case("none", two_steps_of_enablement, count),
    "unsettled_companies": which(is_unsettled),
    "without_investor": which(lambda graph, row, _: not has_investor(graph, row["id"])),
}


def case_values(graph: Graph, case: Case, level: str, since: int | None, until: int | None) -> dict[str, Value]:
    """The value per region of the level."""
    found: dict[str, list[Arguments]] = {row["id"]: [] for row in graph["regions"] if row["level"] == level}
    for region, year, arguments in case.matches(graph, level):
        if inside_window(case.dated, year, since, until):
            found[region["id"]].append(arguments)
    return {region: case.value(matches) for region, matches in found.items()}


def case_rows(graph: Graph, level: str = "province") -> list[Row]:
    """The rows of `values_cases.csv`."""
    return [
        {"metric": name, "since": text(since), "until": text(until), "region": region, "value": text(value)}
        for name, case in CASES.items()
        for since, until in WINDOWS
        for region, value in case_values(graph, case, level, since, until).items()
    ]


if __name__ == "__main__":
    write(HERE / "values_cases.csv", case_rows(read(HERE / "dataset")))
