"""The page of each published report: what it lists, and that its commands give what stands on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from report_pages import LANGUAGES, Item, Show, pages, read_report, reports

from ecosystem.resources import resource

ROOT = Path(__file__).parents[1]

SYSTEMS = ["aitisa-2021", "cingai-2023", "parks-20-cities", "scenario-2024", "tmtpost-2024"]
COMMANDS_AT_LEAST = 0.95
"""Of the printed tables, figures and sentences with a number, over all reports."""


def items() -> list[Item]:
    return [item for index in reports() for item in read_report(index).items]


def test_every_published_system_has_a_page_in_both_languages() -> None:
    assert reports() == SYSTEMS
    printed = {path.parent.name for path in resource("data/indices").glob("*/published")}
    assert printed == set(SYSTEMS)
    for index in SYSTEMS:
        assert (ROOT / "docs" / "reports" / f"{index}.md").exists()
        assert (ROOT / "docs" / "zh" / "reports" / f"{index}.md").exists()


def test_nearly_all_that_is_printed_has_a_command() -> None:
    found = items()
    assert sum(bool(item.command) for item in found) / len(found) >= COMMANDS_AT_LEAST


def test_every_item_says_its_place_in_both_languages() -> None:
    for item in items():
        assert set(item.place) == set(item.printed) == set(LANGUAGES), item
        assert not item.why or set(item.why) == set(LANGUAGES), item


ROWS = [
    {"region": "110000", "region_zh": "北京市", "region_en": "Beijing", "value": 618.0, "share": 0.28},
    {"region": "310000", "region_zh": "上海市", "region_en": "Shanghai", "value": 313.0, "share": None},
]


@pytest.mark.parametrize(
    ("show", "lang", "words"),
    [
        (Show(("region", "value:.0f", "share:.0%")), "en", "Beijing 618 28%; Shanghai 313 –"),
        (Show(("region",), {"region": "310000"}), "zh", "上海市"),
        (Show(("region",), {"region": ["310000", "110000"]}, first=1), "en", "Beijing"),
        (Show(("value:.0f",), total=True), "en", "931"),
        (Show(("region",), {"value": ">400"}, count=True), "en", "1"),
    ],
)
def test_what_is_shown_of_rows(show: Show, lang: str, words: str) -> None:
    assert show.of(ROWS, lang) == words


def test_rows_that_are_not_there_are_an_error() -> None:
    with pytest.raises(ValueError, match="no row has"):
        Show(("region",), {"region": "440000"}).of(ROWS, "en")


@pytest.mark.long
@pytest.mark.parametrize("index", SYSTEMS)
def test_the_commands_of_a_page_give_what_stands_on_it(index: str, tmp_path: Path) -> None:
    for path, text in pages(index, tmp_path):
        assert path.read_text(encoding="utf-8") == text, f"run docs/report_pages.py {index}"
