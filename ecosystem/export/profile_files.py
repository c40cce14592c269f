"""Profiles to files: a document that people read (.md, .html, .docx), a workbook, or the table of the parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.dataset.dataset import folder_name, is_marked
from ecosystem.errors import UsageError
from ecosystem.export.document import Document, html_document, markdown_document
from ecosystem.export.files import SUFFIXES, check_suffix, write_table, write_workbook
from ecosystem.headings import heading
from ecosystem.messages import BETWEEN, speaking, tr
from ecosystem.profiles.profile_tables import sections, sheets, title_of, worded_parts
from ecosystem.scoring.result_columns import part_words
from ecosystem.tables.atomic import write_bytes

if TYPE_CHECKING:
    from ecosystem.profiles import Profile

_DIGITS = 12
"""Digits of a hash that tell data apart."""


def _word(document: Document) -> bytes:
    from ecosystem.export.word_document import word_document

    return word_document(document)


DOCUMENTS: Mapping[str, Callable[[Document], bytes]] = {
    ".md": lambda document: markdown_document(document).encode(),
    ".html": lambda document: html_document(document).encode(),
    ".docx": _word,
}
"""What makes the bytes of a document, by suffix."""

PROFILE_SUFFIXES = tuple(dict.fromkeys((*DOCUMENTS, *SUFFIXES)))


def write_profile(profile: Profile, path: str | Path, *, lang: str = "en", excel: bool = False) -> None:
    """Write a profile as the suffix says: .docx, .html, .md a document, .xlsx a workbook, else the table of its parts.

    `lang` is zh, en or both. `excel` begins a CSV file with a byte-order mark. The same profile gives the same bytes.
    UsageError for another suffix, OutputError where the file cannot be written.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> ecosystem.write_profile(ecosystem.profile(scores, "四川省"), "profile.xlsx", lang="zh")
    """
    path = Path(path)
    suffix = check_suffix(path, PROFILE_SUFFIXES)
    if suffix in DOCUMENTS:
        if excel:
            message = tr("the byte-order mark is for .csv, not for {name}", name=path.name)
            raise UsageError(message, hint=tr("leave out --excel"))
        write_bytes(path, DOCUMENTS[suffix](profile_document(profile, lang)))
        return
    with speaking(lang):
        if suffix == ".xlsx" and not excel:
            names = {
                heading(f"sheet_{name}", lang).replace(BETWEEN, " "): frame
                for name, frame in sheets(profile, lang).items()
            }
            write_workbook(path, names, lang=lang, names=part_words(profile.scores.index, lang))
        else:
            parts = worded_parts(profile, lang) if suffix == ".csv" else profile.to_pandas()
            write_table(path, parts, excel=excel, lang=lang)


def profile_document(profile: Profile, lang: str) -> Document:
    """The document of a profile in a language, or in both."""
    paragraphs = tuple(profile.summary(lang).split("\n"))
    with speaking(lang):
        facts = tuple(_facts(profile))
        warning = _warning() if is_marked(profile.scores.dataset.name) else ""
    return Document(title_of(profile, lang), lang, paragraphs, tuple(sections(profile, lang)), facts, warning)


def _warning() -> str:
    return tr("Synthetic data: every organisation and link is made up; the results say nothing of any place.")


def _facts(profile: Profile) -> Iterator[str]:
    """Which data and years it rests on, and what has been changed of the rules."""
    scores = profile.scores
    if scores.table is not None:
        yield tr("Data: {name} (SHA-256 {hash})", name=scores.table.file, hash=scores.table.hash[:_DIGITS])
    if scores.graph is not None:
        name, digest = folder_name(scores.dataset.name), scores.dataset.hash[:_DIGITS]
        yield tr("Data: {name} (SHA-256 {hash})", name=name, hash=digest)
    if scores.window.given:
        yield tr("Years: {years}", years=str(scores.window))
    for code, reason in scores.missing.items():
        yield tr("no value: {code}: {reason}", code=code, reason=reason)
    for change in scores.index.overrides:
        yield tr("changed for this run: {change}", change=change)
