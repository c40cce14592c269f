"""A document as a Word file: styles of headings, tables whose first row is repeated, a font that has Chinese."""

from __future__ import annotations

import io
import zipfile

import docx
import pandas as pd
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell, _Row

from ecosystem.export.document import LANGUAGE, Document, text_columns
from ecosystem.export.frame_cells import clean
from ecosystem.tables.writer import NO_CLOCK

WESTERN, EASTERN = "Calibri", "SimSun"
"""The fonts of letters and of Chinese; a program that lacks them takes its own."""
GREY, RED = RGBColor(0x59, 0x59, 0x59), RGBColor(0xC0, 0x00, 0x00)
_STYLES = ("Normal", "Title", "Heading 1", "Heading 2")
_DOS = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip knows: the same document gives the same bytes."""


def word_document(document: Document) -> bytes:
    """The bytes of a .docx; A4 across, since the tables are wide."""
    word = docx.Document()
    _set_up(word, document)
    word.add_heading(clean(document.title), level=0)
    if document.warning:
        run = word.add_paragraph().add_run(clean(document.warning))
        run.bold, run.font.color.rgb = True, RED
    for text in document.paragraphs:
        word.add_paragraph(clean(text))
    for section in document.sections:
        word.add_heading(clean(section.title), level=1)
        if len(section.frame.columns):
            _add_table(word, section.frame)
        for note in section.notes:
            _add_note(word, note)
    for fact in document.facts:
        _add_note(word, fact)
    buffer = io.BytesIO()
    word.save(buffer)
    return _without_clock(buffer.getvalue())


def _set_up(word: WordDocument, document: Document) -> None:
    """Page, fonts, language, and who made it when."""
    page = word.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(15)
    for name in _STYLES:
        style = word.styles[name]
        style.font.name = WESTERN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's font would win over the one that is named
        fonts.set(qn("w:eastAsia"), EASTERN)
    word.styles["Normal"].font.size = Pt(10.5)
    facts = word.core_properties
    facts.title, facts.author, facts.comments = clean(document.title)[:255], "ecosystem", ""
    facts.last_modified_by, facts.revision, facts.language = "ecosystem", 1, LANGUAGE[document.lang]
    facts.created = facts.modified = NO_CLOCK.replace(tzinfo=None)


def _add_note(word: WordDocument, text: str) -> None:
    run = word.add_paragraph().add_run(clean(text))
    run.font.size, run.font.color.rgb = Pt(9), GREY


def _add_table(word: WordDocument, frame: pd.DataFrame) -> None:
    columns = text_columns(frame)
    table = word.add_table(rows=0, cols=len(columns), style="Light Grid Accent 1")
    rows = [[column.heading for column in columns], *zip(*(column.cells for column in columns), strict=True)]
    for number, texts in enumerate(rows):
        row = table.add_row()
        for cell, text, column in zip(row.cells, texts, columns, strict=True):
            _fill(cell, text, right=column.right, bold=number == 0)
        _keep(row, header=number == 0)


def _fill(cell: _Cell, text: str, *, right: bool, bold: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(clean(text))
    run.bold, run.font.size = bold, Pt(8)


def _keep(row: _Row, *, header: bool) -> None:
    """A row stays on one page; the first is repeated on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))


def _without_clock(content: bytes) -> bytes:
    """The same file, whose parts say no time of day."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as held, zipfile.ZipFile(buffer, "w") as made:
        for part in held.infolist():
            made.writestr(zipfile.ZipInfo(part.filename, _DOS), held.read(part), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
