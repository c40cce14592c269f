"""What is removed: what is chosen, and one clear message where nothing is, or nothing can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ecosystem.audit import curve, explain, knock_out_each, knockout, trace, versus
from ecosystem.audit.graph_variants import AuditedScores
from ecosystem.audit.selection import select
from ecosystem.dataset import read_dataset
from ecosystem.errors import EcosystemError, InputError, RegionError, SpecError, UsageError
from ecosystem.index import load_index
from ecosystem.scoring import Scores, score
from ecosystem.store import open_store

GOLDEN = Path(__file__).parents[1] / "golden" / "dataset"


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scores]:
    """The golden dataset with two companies of one name, and Tibet with nothing in it."""
    folder = tmp_path_factory.mktemp("selection")
    (folder / "data").mkdir()
    for file in GOLDEN.glob("*.csv"):
        (folder / "data" / file.name).write_bytes(file.read_bytes())
    path = folder / "data" / "companies.csv"
    columns = path.read_text(encoding="utf-8").splitlines()[0].count(",")
    twins = "".join(f"{twin},Twin{',' * (columns - 1)}\n" for twin in ("twin1", "twin2"))
    path.write_text(path.read_text(encoding="utf-8") + twins, encoding="utf-8")
    with (folder / "data" / "regions.csv").open("a", encoding="utf-8") as hierarchy:
        hierarchy.write("540000,西藏自治区,province,540000,CN,CN,Tibet,,,,\n")
    store = open_store(folder / "graph.duckdb", create=True)
    store.load(read_dataset(folder / "data").dataset)
    yield score(load_index("cingai-2023"), store)
    store.close()


def ids(scores: Scores, **chosen: Any) -> set[str]:
    store = AuditedScores(scores).graph.store
    found = select(scores, store, **chosen)
    kinds = [*store.schema.nodes]
    return set(store.entities.known(found.nodes, kinds)["id"])


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(GOLDEN / f"{name}.csv", dtype="str", keep_default_na=False)


@pytest.mark.parametrize(
    ("chosen", "frame", "condition"),
    [
        ({"entities": ["c01"]}, "companies", "id == 'c01'"),
        ({"entities": ["company 02", "c05"]}, "companies", "id in ('c02', 'c05')"),
        ({"where": "label=Company,layer=foundation"}, "companies", "layer == 'foundation'"),
        ({"where": "label=Company, patents >= 30"}, "companies", "patents.replace('', '-1').astype('int') >= 30"),
        ({"where": "label=Company,in_sample=false"}, "companies", "in_sample == 'false'"),
        ({"where": "label=Company,layer!=foundation"}, "companies", "layer not in ('foundation', '')"),
    ],
)
def test_who_is_chosen(scores: Scores, chosen: Mapping[str, Any], frame: str, condition: str) -> None:
    wanted = table(frame).query(condition, engine="python")["id"]
    assert len(wanted)
    assert ids(scores, **chosen) == set(wanted)


@pytest.mark.parametrize("text", ["x" * 60, "名" * 600, " ", "\u200b"])
def test_a_name_that_nothing_is_like(scores: Scores, text: str) -> None:
    with pytest.raises(InputError, match="not clear which organisation is meant"):
        ids(scores, entities=[text])


def test_a_region_takes_all_that_lies_in_it(scores: Scores) -> None:
    found = ids(scores, where="label=Company,region=北京市")
    located = table("located_in").set_index("from")["to"]
    known = {name for name in located.index[located.isin(["110000", "110100", "北京市"])] if name.startswith("c")}
    assert known <= found
    assert set(scores.evidence("company_count").frame("110000")["node_c"]) <= found
    assert ids(scores, partner_country="US") >= set(located.index[located.isin(["US", "US-CA"])])


def test_a_link_type_is_taken_out_whole(scores: Scores) -> None:
    found = knockout(scores, links=["ENABLES"])
    assert found.links == len(table("enables"))
    at = [leaf.code for leaf in scores.index.leaves].index("enablement_links")
    # the dataset then says nothing on enablement: missing, not zero
    assert pd.isna(found.after.raw[:, at]).all()
    assert set(found.touched) == {"enablement_links", "intl_enablement", "intl_technology_input"}


@pytest.mark.parametrize(
    ("call", "kind", "parts"),
    [
        (
            {"entities": ["Compny 02"]},
            InputError,
            ["nothing has the name or the id 'Compny 02'", "did you mean Company 02 (Company, c02)"],
        ),
        ({"entities": ["zzzzqqqq"]}, InputError, ["nothing has the name or the id 'zzzzqqqq'"]),
        (
            {"entities": ["Twin"]},
            InputError,
            ["name of 2", "Twin (Company, twin1); Twin (Company, twin2)"],
        ),
        ({"entities": ["四川省"]}, InputError, ["'四川省' is a region"]),
        ({}, UsageError, ["choose what to remove"]),
        ({"where": "label=Compny"}, UsageError, ["unknown label 'Compny'", "Company"]),
        ({"where": "label=Company,colour=red"}, UsageError, ["these nodes have no property 'colour'"]),
        ({"where": "label"}, UsageError, ["'label' is not a condition", "for example"]),
        ({"where": ""}, UsageError, ["is not a condition"]),
        ({"where": "label=Company,patents>=many"}, UsageError, ["'many' is not a value of type integer"]),
        ({"where": "label=Company,listed=perhaps"}, UsageError, ["'perhaps' is not a value of type boolean"]),
        ({"where": "label=Policy,date>=soon"}, UsageError, ["'soon' is not a value of type date"]),
        ({"where": "label=Policy,date>=2020-01-01"}, InputError, ["matches nothing"]),
        ({"where": "label!=Company"}, UsageError, ["label can only be compared with ="]),
        ({"where": "label=Company,label=Person"}, UsageError, ["two labels"]),
        ({"where": "label=Company,region=Atlantis"}, RegionError, ["Atlantis"]),
        ({"where": "label=Company,patents>=1000000"}, InputError, ["matches nothing"]),
        ({"where": "label=Segment,region=北京市"}, InputError, ["matches nothing"]),
        ({"links": ["ENABELS"]}, UsageError, ["no link type 'ENABELS'", "ENABLES"]),
        ({"links": ["WITHIN"]}, UsageError, ["no link type 'WITHIN'"]),
        ({"links": ["LOCATED_IN"]}, InputError, ["there is nothing to score"]),
        ({"partner_country": "中国"}, InputError, ["has ranked regions"]),
        ({"partner_country": "Atlantis"}, RegionError, ["Atlantis"]),
        ({"partner_country": "Iceland"}, RegionError, ["Iceland"]),
    ],
)
def test_one_clear_message(
    scores: Scores, call: Mapping[str, Any], kind: type[EcosystemError], parts: list[str]
) -> None:
    with pytest.raises(kind) as caught:
        knockout(scores, **call)
    for part in parts:
        assert part in str(caught.value)


def test_the_nearest_three_are_named(scores: Scores) -> None:
    with pytest.raises(InputError) as caught:
        trace(scores, "Compny 02")
    (finding,) = caught.value.findings
    assert finding.hint is not None
    assert finding.hint.count("(Company, c") == 3
    assert finding.hint.startswith("did you mean Company 02 (Company, c02) or ")


def test_everything_is_too_much(scores: Scores) -> None:
    with pytest.raises(InputError, match="there is nothing to score"):
        knockout(scores, where="in_sample=true")


def test_regions_and_indicators_that_are_not_there(scores: Scores) -> None:
    with pytest.raises(RegionError, match="Atlantis"):
        explain(scores, "Atlantis")
    with pytest.raises(RegionError, match="did you mean"):
        explain(scores, "Jiangsuu")
    with pytest.raises(RegionError, match="is not ranked"):
        explain(scores, "US-CA")
    with pytest.raises(SpecError, match="company_count"):
        explain(scores, "江苏省", indicator="company_cuont")
    with pytest.raises(UsageError, match="at least 1"):
        explain(scores, "江苏省", top=0)
    with pytest.raises(UsageError, match="the same region"):
        versus(scores, "江苏省", "320000")
    with pytest.raises(InputError, match="'Planet'"):
        knock_out_each(scores, "Planet")
    with pytest.raises(InputError, match="nothing has the name or the id"):
        trace(scores, "nobody at all")


def test_a_region_without_evidence(scores: Scores) -> None:
    found = explain(scores, "Tibet")
    assert not any(len(line.codes) for line in found.lines)
    assert found.total == pytest.approx(scores.standing.overall[scores.standing.regions.index("540000")], abs=1e-9)
    with pytest.raises(InputError, match="no organisation stands behind"):
        curve(scores, "Tibet")
    with pytest.raises(UsageError, match="--remove"):
        curve(scores, remove=0)


def test_what_is_behind_no_value_changes_nothing(scores: Scores) -> None:
    found = knockout(scores, ["twin1"])
    assert found.touched == ()
    assert (found.regions()["score_change"] == 0).all()
    assert found.indicators().empty
    assert found.pillars().empty
