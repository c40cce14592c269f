"""A synthetic dataset: a folder of plainly invented organisations and links, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pyarrow as pa
from pyarrow import csv, parquet

from ecosystem.dataset.dataset import README, SYNTHETIC
from ecosystem.errors import UsageError
from ecosystem.messages import tr
from ecosystem.model import Model, load_model
from ecosystem.progress import Progress, silent
from ecosystem.synthetic.random_links import make_links, make_rounds, quotas
from ecosystem.synthetic.random_nodes import FLOOR, make_nodes, region_values
from ecosystem.tables.atomic import new_folder

FEWEST_COMPANIES, MOST_COMPANIES = FLOOR, 2_000_000
FEWEST_LINKS, MOST_LINKS = 1_000, 20_000_000
TEXT = (
    f"{SYNTHETIC} DATA. Every organisation, person, link and value in this folder is made up at random: no result\n"
    "says anything of a place. {companies} companies, {links} links, seed {seed}.\n\n"
    "合成数据：本文件夹中的机构、人物、关系和数值均为随机虚构，任何结果都不说明任何地区。\n"
    "企业 {companies} 家，关系 {links} 条，种子 {seed}。\n"
)
TableFormat = Literal["csv", "parquet"]


def synthesize(
    folder: Path,
    *,
    companies: int = 2200,
    links: int = 10_000,
    seed: int = 1,
    format: TableFormat = "csv",  # noqa: A002 - the word of the command line and of the contract
    progress: Progress = silent,
) -> None:
    """Write a dataset of `companies` sample companies and `links` links (all link files together, but for located_in).

    The same arguments give the same bytes (with the same versions of numpy and pyarrow). Every one of the 31 mainland
    provinces has a value other than 0 of each CINGAI metric. There are undated links and nodes, blank amounts, patents
    and valuations, parallel links, identical rows, links from an organisation to itself, rounds with several investors,
    undisclosed and corporate investors, organisations abroad, without region, and outside the sample. Its README marks
    the dataset, and so every result, as synthetic.

    Raises UsageError for numbers out of range and OutputError where the folder is not empty or cannot be written.
    """
    _check(companies, links, seed, format)
    with new_folder(folder) as stage:
        model = load_model()
        total = len([label for label in model.labels if label != "Region"]) + len(model.link_tables)
        for done, (name, table) in enumerate(_tables(model, companies, links, seed)):
            progress(tr("writing tables"), done, total)
            _write(table, stage / f"{name}.{format}")
        (stage / README).write_text(TEXT.format(companies=companies, links=links, seed=seed), encoding="utf-8")
        progress(tr("writing tables"), total, total)


def _tables(model: Model, companies: int, links: int, seed: int) -> Iterator[tuple[str, pa.Table]]:
    """File names and tables, one at a time: the links of one type are gone before those of the next are made."""
    counts = quotas(model, links)
    rounds = make_rounds(seed, counts["INVESTED_IN"])
    world = make_nodes(model, seed, companies=companies, people=counts["WORKS_FOR"], hidden=int(rounds.hidden.sum()))
    yield from world.tables.items()
    yield model.links["LOCATED_IN"].table, world.located
    yield model.labels["RegionValue"].table, region_values(seed)
    for link, count in counts.items():
        yield model.links[link].table, make_links(seed, model.links[link], world, rounds, count)


def _write(table: pa.Table, path: Path) -> None:
    if path.suffix == ".parquet":
        parquet.write_table(table, path)
    else:
        csv.write_csv(table, path)


def _check(companies: int, links: int, seed: int, form: str) -> None:
    if not FEWEST_COMPANIES <= companies <= MOST_COMPANIES:
        raise UsageError(
            tr(
                "{companies} companies are out of range: {low} to {high}",
                companies=companies,
                low=FEWEST_COMPANIES,
                high=MOST_COMPANIES,
            ),
            hint=tr("there are at least two companies in each of 31 provinces"),
        )
    if not FEWEST_LINKS <= links <= MOST_LINKS:
        raise UsageError(
            tr(
                "{links} links are out of range: {low} to {high}",
                links=links,
                low=FEWEST_LINKS,
                high=MOST_LINKS,
            )
        )
    if seed < 0:
        raise UsageError(tr("the seed {seed} is negative", seed=seed), hint=tr("a seed is 0 or more"))
    if form not in {"csv", "parquet"}:
        raise UsageError(tr("no format {form!r}", form=form), hint=tr("known are: csv, parquet"))
