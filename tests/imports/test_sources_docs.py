"""docs/sources.md is true: its reference is that of the models, its example runs."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from docs.mapping_reference import reference, with_reference
from ecosystem.imports import import_source
from ecosystem.imports.cell_language import CellSpec, Condition
from ecosystem.imports.language import EndSpec, FileSpec, LinkSpec, MappingSpec, NodeSpec
from ecosystem.imports.money_language import Money

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sources.md"
CHINESE = PAGE.parent / "zh" / "sources.md"


def example(name: str, page: Path) -> str:
    found = re.search(rf"<!-- example: {re.escape(name)} -->\n```\w*\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    assert found, name
    return found[1]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_reference_is_the_one_of_the_models() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_reference(page), "docs/sources.md is behind: write with_reference(page) into it"


def test_every_key_has_a_row_with_a_meaning() -> None:
    text = reference()
    for table in (MappingSpec, FileSpec, Money, NodeSpec, LinkSpec, EndSpec, CellSpec, Condition):
        for name, field in table.model_fields.items():
            assert field.description
            assert f"| `{field.alias or name}` |" in text


def test_the_chinese_reference_has_the_same_keys() -> None:
    """Table by table in the same order, with the same defaults and the same choices."""

    def keys(page: Path) -> list[tuple[str, str, str]]:
        rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \| .* \|$", page.read_text(encoding="utf-8"), re.MULTILINE)
        return [(key, " ".join(re.findall(r"`[^`]+`", takes)), default) for key, takes, default in rows]

    english = [(key, takes, default.replace("must be given", "必填")) for key, takes, default in keys(PAGE)]
    assert len(english) > 80
    assert keys(CHINESE) == english


@pytest.mark.parametrize("page", [PAGE, CHINESE], ids=["en", "zh"])
def test_the_example_is_short_and_gives_what_the_page_says(page: Path, tmp_path: Path) -> None:
    mapping = example("mapping.toml", page)
    assert len([line for line in mapping.splitlines() if line.strip()]) <= 15
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    (tmp_path / "companies.csv").write_bytes(example("companies.csv", page).encode("gbk"))
    out = tmp_path / "out"
    report = import_source(str(tmp_path / "mapping.toml"), tmp_path / "companies.csv", out)
    assert report.findings == ()
    assert [row["id"] for row in rows(out / "companies.csv")] == ["c-A1", "c-A2", "c-A3"]
    assert [row["founded_year"] for row in rows(out / "companies.csv")] == ["2016", "2018", "2015"]
    assert [row["name"] for row in rows(out / "universities.csv")] == [
        "清华大学",
        "北京大学",
        "北京大学(深圳研究生院、南燕)",
    ]
    assert [row["to"] for row in rows(out / "located_in.csv")] == ["110000", "440300", "330100"]
    assert len(rows(out / "collaborates_with.csv")) == 3
    assert not (out / "import" / "findings.csv").exists()
    used = {entry.entry: (entry.rows, entry.used, entry.skipped, entry.quarantined) for entry in report.entries}
    assert used["links.joint"] == (3, 2, 1, 0)


@pytest.mark.parametrize("page", [PAGE, CHINESE], ids=["en", "zh"])
def test_the_example_of_nested_records_gives_what_the_page_says(page: Path, tmp_path: Path) -> None:
    for name in ("works.toml", "works.jsonl"):
        (tmp_path / name).write_text(example(name, page), encoding="utf-8")
    out = tmp_path / "out"
    report = import_source(str(tmp_path / "works.toml"), tmp_path / "works.jsonl", out)
    assert [one for one in report.findings if one.severity != "info"] == []
    assert [(row["id"], row["name"]) for row in rows(out / "universities.csv")] == [
        ("u-I1", "Tsinghua"),
        ("u-I2", "Todai"),
        ("u-I3", ""),
    ]
    assert [row["to"] for row in rows(out / "located_in.csv")] == ["CN", "JP", "JP"]
    assert len(rows(out / "collaborates_with.csv")) == 3
    counts = [(one.file, one.rows) for one in report.files]
    assert counts == [("works.jsonl", 2), ("works.jsonl (seats)", 4)]
