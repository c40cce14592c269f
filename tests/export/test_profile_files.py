"""Profiles as files: a page that asks nobody, a Word document that another program reads, the same bytes every time."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from docx.oxml.ns import qn
from docx.table import _Row
from docx.text.paragraph import Paragraph

from ecosystem.dataset import read_dataset
from ecosystem.errors import UsageError
from ecosystem.export.profile_files import PROFILE_SUFFIXES, write_profile
from ecosystem.profiles import Profile, profile
from ecosystem.scoring import score
from ecosystem.store import open_store

GOLDEN = Path(__file__).parents[1] / "golden" / "dataset"
EVIL = "<script>alert(1)</script> & | =1+1"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Profile]:
    """The profile of a region whose organisations all have a name that is dangerous in one format or the other."""
    home = tmp_path_factory.mktemp("profile-files")
    shutil.copytree(GOLDEN, home / "golden")
    companies = pd.read_csv(home / "golden" / "companies.csv", dtype="str")
    companies.assign(name=[f"{EVIL} {at}" for at in range(len(companies))]).to_csv(
        home / "golden" / "companies.csv", index=False
    )
    store = open_store(home / "g.duckdb", create=True)
    store.load(read_dataset(home / "golden").dataset)
    scores = score("cingai-2023", store)
    best = scores.standing.regions[int(scores.standing.overall.argmax())]
    yield profile(scores, best, against=scores)
    store.close()


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("lang", ["en", "zh", "both"])
def test_the_page_escapes_every_text_and_asks_nobody(found: Profile, tmp_path: Path, lang: str) -> None:
    write_profile(found, tmp_path / "p.html", lang=lang)
    text = (tmp_path / "p.html").read_text(encoding="utf-8")
    page = Page(text)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "link", "iframe", "object", "form", "a", "base"}
    assert not any(key.startswith("on") or key in ("src", "href") for _, attributes in page.tags for key in attributes)
    assert "url(" not in text
    assert "@import" not in text
    policy = [attributes.get("content") for _, attributes in page.tags if attributes.get("http-equiv")]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    # the name is there, as text
    assert EVIL in page.text
    assert found.name("en" if lang == "en" else "zh") in page.text
    assert all(attributes.get("scope") == "col" for tag, attributes in page.tags if tag == "th")
    assert dict(page.tags)["html"]["lang"] == ("en" if lang == "en" else "zh-CN")


def test_markdown_has_a_table_for_each_section(found: Profile, tmp_path: Path) -> None:
    write_profile(found, tmp_path / "p.md")
    text = (tmp_path / "p.md").read_text(encoding="utf-8")
    assert "<script>" not in text
    titles = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert titles[0] == "Values, scores and ranks"
    assert titles[2:] == ["Strengths and weaknesses", "Top organisations", "Partners", "Peers"]
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


def style_of(paragraph: Paragraph) -> str | None:
    return paragraph.style.name if paragraph.style is not None else None


def is_header(row: _Row) -> bool:
    properties = row._tr.trPr
    return properties is not None and properties.find(qn("w:tblHeader")) is not None


@pytest.mark.parametrize("lang", ["en", "zh", "both"])
def test_the_word_document_is_read_by_another_program(found: Profile, tmp_path: Path, lang: str) -> None:
    write_profile(found, tmp_path / "p.docx", lang=lang)
    word = docx.Document(str(tmp_path / "p.docx"))
    assert [style_of(paragraph) for paragraph in word.paragraphs].count("Title") == 1
    headings = [paragraph.text for paragraph in word.paragraphs if style_of(paragraph) == "Heading 1"]
    assert len(headings) == 6
    if lang == "zh":
        assert headings[0] == "数值、得分与排名"
    parts = word.tables[0]
    assert len(parts.rows) == 1 + len(found.parts)
    for table in word.tables:
        # the first row is repeated on every page, and is bold
        assert is_header(table.rows[0])
        assert all(run.bold for cell in table.rows[0].cells for run in cell.paragraphs[0].runs)
        assert not any(is_header(row) for row in table.rows[1:])
    for style in ("Normal", "Title", "Heading 1"):
        fonts = word.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "SimSun"
        assert fonts.get(qn("w:eastAsiaTheme")) is None
    text = "\n".join(cell.text for table in word.tables for row in table.rows for cell in row.cells)
    assert EVIL in text


def test_the_same_profile_gives_the_same_bytes_and_no_clock(found: Profile, tmp_path: Path) -> None:
    for suffix in PROFILE_SUFFIXES:
        one, other = (tmp_path / f"{name}{suffix}" for name in ("one", "other"))
        write_profile(found, one, lang="zh")
        write_profile(found, other, lang="zh")
        assert one.read_bytes() == other.read_bytes(), suffix
    with zipfile.ZipFile(io.BytesIO((tmp_path / "one.docx").read_bytes())) as held:
        assert {part.date_time for part in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in held.read("docProps/core.xml")


def test_the_workbook_has_every_table_unrounded(found: Profile, tmp_path: Path) -> None:
    write_profile(found, tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    assert book.sheetnames == ["summary", "profile", "strengths", "organisations", "partners", "peers", "method"]
    rows = list(book["profile"].values)
    place = rows[0].index("score")
    scores = [row[place] for row in rows[1:]]
    assert scores == pytest.approx(list(found.parts["score"]), nan_ok=True, rel=1e-15)
    assert not any(cell.data_type == "f" for sheet in book for line in sheet.iter_rows() for cell in line)


def test_csv_is_in_the_language_and_json_is_not(found: Profile, tmp_path: Path) -> None:
    write_profile(found, tmp_path / "p.csv", lang="zh")
    write_profile(found, tmp_path / "p.json", lang="zh")
    table = pd.read_csv(tmp_path / "p.csv")
    assert {"得分", "占全国份额", "百分位", "份额说明"} <= set(table.columns)
    assert "均值不能相加" in set(table["份额说明"])
    keys = pd.read_json(tmp_path / "p.json")
    assert {"score", "share_nation", "percentile", "share_note"} <= set(keys.columns)
    assert "a mean does not add up" in set(keys["share_note"])


def test_another_suffix_is_refused(found: Profile, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not end in a known suffix"):
        write_profile(found, tmp_path / "p.pdf")
    with pytest.raises(UsageError, match="byte-order mark"):
        write_profile(found, tmp_path / "p.docx", excel=True)
    assert not list(tmp_path.iterdir())
