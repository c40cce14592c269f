"""The twin of an index: a synthetic dataset whose scores are the published ones, as far as these pin it down."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from ecosystem.dataset.dataset import README, SYNTHETIC
from ecosystem.errors import UsageError
from ecosystem.messages import tr
from ecosystem.model import load_model
from ecosystem.progress import Progress, silent
from ecosystem.regions import shipped_regions
from ecosystem.synthetic import twin_links
from ecosystem.synthetic.system_twin import system_tables
from ecosystem.synthetic.twin_nodes import ABROAD, ABROAD_EACH, Nodes, make_others, make_people, make_sample
from ecosystem.synthetic.twin_values import read_values, twin_file
from ecosystem.tables.atomic import new_folder
from ecosystem.tables.writer import write_table

TEXT = (
    f"{SYNTHETIC} DATA. Every organisation, person and link in this folder is made up. The counts and totals were\n"
    "calibrated so that the scores of the index {index} are those that its report printed: the dataset proves the\n"
    "arithmetic, not the data. Seed {seed}.\n\n"
    "合成数据：本文件夹中的机构、人物和关系均为虚构。数量与总量经过校准，使指数 {index} 的得分等于报告印出的得分；\n"
    "它证明的是算法，不是数据。种子 {seed}。\n"
)
INVESTED = 400
CINGAI = "cingai-2023"


def write_twin(index: str, folder: Path, *, seed: int = 1, progress: Progress = silent) -> None:
    """Write the twin of an index as the dataset folder `folder`: the same seed gives the same bytes.

    Every seed gives other organisations and links, and the same value of every indicator in every region. Raises
    UsageError for an index without calibrated values, OutputError where the folder cannot be written.
    """
    if seed < 0:
        raise UsageError(tr("the seed {seed} is negative", seed=seed), hint=tr("a seed is 0 or more"))
    path = twin_file(index)
    tables = _cingai_tables(path, seed) if index == CINGAI else system_tables(index, path, seed)
    with new_folder(folder) as stage:
        for done, (name, table) in enumerate(tables.items()):
            progress(tr("writing tables"), done, len(tables))
            write_table(stage / f"{name}.csv", table)
        (stage / README).write_text(TEXT.format(index=index, seed=seed), encoding="utf-8")


def _cingai_tables(path: Path, seed: int) -> dict[str, pa.Table]:
    """Every file of the twin of CINGAI, whose provinces hold cities, and whose links go abroad and come from there."""
    values = read_values(path, shipped_regions())
    sample = make_sample(seed, values)
    abroad = len(ABROAD) * ABROAD_EACH
    world = twin_links.World(
        seed=seed,
        values=values,
        sample=sample,
        foreign_companies=make_others("Company", "XC", "示例境外企业", abroad),
        foreign_universities=make_others("University", "XU", "示例境外大学", abroad),
        invested=make_others("Company", "YC", "示例被投企业", INVESTED),
    )
    return _tables(world)


def _tables(world: twin_links.World) -> dict[str, pa.Table]:
    """Every file of the dataset by its name."""
    model, careers = load_model(), twin_links.careers(world)
    tables = {model.labels[label].table: nodes.table for label, nodes in world.sample.items()}
    for table, others in (
        ("companies", (world.foreign_companies, world.invested)),
        ("universities", (world.foreign_universities,)),
    ):
        tables[table] = pa.concat_tables([tables[table], *(each.table for each in others)], promote_options="default")
    return tables | {
        "people": make_people(len(careers["works_for"])),
        "invested_in": twin_links.invested_in(world),
        "enables": twin_links.enables(world),
        "member_of": twin_links.member_of(world),
        **careers,
        "located_in": pa.concat_tables([_located(world), careers["located_in"]]),
    }


def _located(world: twin_links.World) -> pa.Table:
    places = pa.array(world.values.places)
    parts = [_at(nodes, places) for nodes in world.sample.values()]
    countries = pa.array(np.repeat(ABROAD, ABROAD_EACH))
    parts += [
        pa.table({"from": nodes.ids, "to": countries})
        for nodes in (world.foreign_companies, world.foreign_universities)
    ]
    return pa.concat_tables(parts)


def _at(nodes: Nodes, places: pa.Array) -> pa.Table:
    """A row for each node that has a place."""
    known = np.flatnonzero(nodes.place >= 0)
    return pa.table({"from": nodes.ids.take(pa.array(known)), "to": places.take(pa.array(nodes.place[known]))})
