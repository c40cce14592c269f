"""Organisations of several sources that are one by their code in a public register."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports import import_text, table

from ecosystem.dataset.own_model import model_of_text
from ecosystem.imports import ImportReport
from ecosystem.imports.merge.organisations import Organisation
from ecosystem.imports.merge.registers import kinds_differ, plain_code
from ecosystem.messages import speaking

MAPPING = """
title = "organisations of a register"
files.list = { path = "list.csv" }
[nodes.university]
label = "University"
keep = { column = "kind", in = ["u"] }
id = { column = "id", prefix = "PREFIX" }
name = "name"
in_sample = SAMPLE
region = { column = "country", level = "country" }
properties = { ror = "ror", lei = "lei", wikidata = "wikidata", legal_name = "legal" }
[nodes.institute]
label = "Institute"
keep = { column = "kind", in = ["i"] }
id = { column = "id", prefix = "PREFIX" }
name = "name"
in_sample = SAMPLE
properties = { ror = "ror", lei = "lei", wikidata = "wikidata", legal_name = "legal" }
"""
HEADER = "id,kind,name,country,ror,lei,wikidata,legal\n"


def source(folder: Path, name: str, *rows: str, sample: str = "true", merges: Path | None = None) -> ImportReport:
    mapping = MAPPING.replace("PREFIX", f"{name}-").replace("SAMPLE", sample)
    return import_text(folder, name, mapping, {"list.csv": HEADER + "\n".join(rows) + "\n"}, merges)


def names(folder: Path) -> list[tuple[str, str]]:
    return [(row["id"], row["name"]) for row in table(folder, "universities")]


def test_the_same_code_is_one_node_whatever_the_names(tmp_path: Path) -> None:
    source(
        tmp_path, "ror", "1,u,Granta,GB,https://ror.org/0AB,,,", "2,u,Bend,US,https://ror.org/0CD,,,", sample="false"
    )
    source(tmp_path, "works", "7,u,Univ. of Granta,GB,0ab,,,", "8,u,Bend,US,0ef,,,")
    assert names(tmp_path) == [("ror-1", "Granta"), ("ror-2", "Bend"), ("works-8", "Bend")]
    assert [row["in_sample"] for row in table(tmp_path, "universities")] == ["true", "false", "true"]
    (pair,) = table(tmp_path, "merges")
    assert (pair["kind"], pair["merged"], pair["name_a"], pair["name_b"]) == (
        "same_code",
        "yes",
        "Granta",
        "Univ. of Granta",
    )


def test_the_same_id_in_two_sources_is_one_node_only_by_its_code(tmp_path: Path) -> None:
    """Ids of different sources agree by chance, codes of a register do not."""
    mapping = MAPPING.replace("PREFIX", "x-").replace("SAMPLE", "true")
    rows = HEADER + "1,u,Granta,GB,0ab,,,\n2,u,Bend,US,,,,\n"
    for name in ("one", "two"):
        import_text(tmp_path, name, mapping, {"list.csv": rows})
    assert names(tmp_path) == [("x-1", "Granta"), ("x-2", "Bend"), ("two:x-2", "Bend")]


def test_a_refused_pair_stays_two(tmp_path: Path) -> None:
    source(tmp_path, "a", "1,u,Granta,GB,0ab,,,")
    source(tmp_path, "b", "2,u,Granta Fields,GB,0ab,,,")
    merges = tmp_path / "decided.csv"
    text = (tmp_path / "out" / "merges.csv").read_text(encoding="utf-8-sig")
    merges.write_text(text.replace("\n,yes", "\nrefuse,yes"), encoding="utf-8")
    source(tmp_path, "b", "2,u,Granta Fields,GB,0ab,,,", merges=merges)
    assert [key for key, _ in names(tmp_path)] == ["a-1", "b-2"]


def test_names_do_not_join_what_a_register_tells_apart(tmp_path: Path) -> None:
    source(tmp_path, "a", "1,u,First,GB,,LEI1,,Granta Holdings Ltd", "2,u,Second,GB,,LEI2,,Granta Holdings Limited")
    assert [key for key, _ in names(tmp_path)] == ["a-1", "a-2"]
    assert [(row["kind"], row["merged"]) for row in table(tmp_path, "merges")] == [("same_name_other_code", "no")]
    source(tmp_path, "b", "3,u,Third,GB,,,,Granta Holdings", "4,u,Fourth,GB,,LEI2,,")
    assert [key for key, _ in names(tmp_path)] == ["a-1", "a-2"]


def test_of_two_registers_that_disagree_the_earlier_is_believed(tmp_path: Path) -> None:
    source(tmp_path, "a", "1,u,Granta,GB,0ab,,Q1,", "2,u,Bend,US,0cd,,Q2,")
    source(tmp_path, "b", "3,u,Granta,GB,0ab,,Q2,", "4,u,Else,US,0ef,,Q1,", "5,u,Bend again,US,,,Q2,")
    assert [key for key, _ in names(tmp_path)] == ["a-1", "a-2", "b-4"]


def test_nodes_of_two_kinds_stay_apart_and_are_told(tmp_path: Path) -> None:
    source(tmp_path, "a", "1,u,Granta,GB,0ab,,,")
    report = source(tmp_path, "b", "2,i,Granta Laboratory,GB,0ab,,,")
    assert len(names(tmp_path)) == len(table(tmp_path, "institutes")) == 1
    (told,) = [finding for finding in report.findings if finding.code == "register_kinds_differ"]
    assert (told.column, told.value) == ("ror", "0ab")


def test_kinds_of_the_users_own_are_named_by_his_model() -> None:
    model = model_of_text('{"labels": {"Museum": {"table": "museums", "zh": "博物馆", "organisation": true}}}')
    both = [Organisation(f"{kind}1", kind, "Granta", 0, codes={"ror": "0ab"}) for kind in ("Company", "Museum")]
    with speaking("zh"):
        (told,) = kinds_differ(both, model)
    assert "企业, 博物馆" in told.message


@pytest.mark.parametrize("text", ["https://ror.org/03YRM5C26", "03yrm5c26", " ror.org/03yrm5c26/ "])
def test_a_code_may_be_an_address(text: str) -> None:
    assert plain_code(text) == "03yrm5c26"
