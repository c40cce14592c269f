"""A query file: Cypher under a header of comment lines, read and parsed, whatever it is a file of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ecosystem.errors import Finding, InputError, QueryError, did_you_mean
from ecosystem.messages import tr
from ecosystem.query.bound_query import BoundQuery
from ecosystem.query.check import parameter_types
from ecosystem.query.parser import parse
from ecosystem.query.provenance import Provenance, classify, windowed
from ecosystem.query.query_header import BUILT_IN, Constant, Dating, Entry, Header
from ecosystem.query.statement_tree import Query
from ecosystem.query.tree import PropertyOf
from ecosystem.tables.packed import text_content

_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class QueryFile:
    """One query, and what the header above it says.

    `dated` is the year by which a window selects: None for a query that no window touches; `dating` says how.
    `parameters` are the header's, beside `$level`, `$since` and `$until`; a list is for IN.
    """

    id: str
    title_en: str
    title_zh: str
    definition_en: str
    definition_zh: str
    unit: str
    dating: Dating
    dated: PropertyOf | None
    parameters: Mapping[str, Constant]
    source: str
    text: str
    file: str
    query: Query

    @property
    def provenance(self) -> Provenance:
        """How a value follows from its matches."""
        return classify(self.query)

    @property
    def parameter_types(self) -> dict[str, str]:
        """Every parameter that the query may use, with its type."""
        return BUILT_IN | parameter_types(self.parameters)

    def inside(self, bound: BoundQuery, since: int | None, until: int | None) -> BoundQuery:
        """The bound query in a window of years, as the header asks for it."""
        if self.dating == "none" or self.dated is None:
            return bound
        return windowed(bound, self.dating, self.dated, since, until)

    def arguments(self, level: str | None, since: int | None, until: int | None) -> dict[str, object]:
        """The values of every parameter that the query may use."""
        own = {name: list(value) if isinstance(value, tuple) else value for name, value in self.parameters.items()}
        return {**own, "level": level, "since": since, "until": until}

    def title(self, lang: str) -> str:
        """The title in Chinese (`zh`) or English (`en`)."""
        return self.title_zh if lang == "zh" else self.title_en

    @property
    def names(self) -> tuple[str, str, str]:
        """What people may call it: the id, and the title in each language."""
        return self.id, self.title_en, self.title_zh

    def definition(self, lang: str) -> str:
        """The definition in Chinese (`zh`) or English (`en`)."""
        return self.definition_zh if lang == "zh" else self.definition_en


F = TypeVar("F", bound=QueryFile)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of query file: the error that refuses one, header lines of its own, and its words, to be filled.

    `keys` are header lines beside HEADER_KEYS, with an example of each; they have to be there.
    """

    refusal: type[InputError]
    keys: Mapping[str, str]
    example: str
    faulty: str
    not_one: str
    unfit: str
    unknown: str
    shared: str
    no_folder: str
    none_there: str


def load_files(folder: Path, kind: FileKind, parse_text: Callable[[str, str], F]) -> dict[str, F]:
    """The files of a folder by id, in the order of their ids. Raises the kind's error with the faults of all."""
    if not folder.is_dir():
        raise kind.refusal(tr("there is no folder {folder}", folder=folder), hint=tr(kind.no_folder))
    files: dict[str, F] = {}
    findings: list[Finding] = []
    for path in sorted(folder.glob("*.cypher")):
        try:
            file = read_file(path, kind, parse_text)
            files[file.id] = file
        except InputError as err:
            findings += err.findings
    if findings:
        raise kind.refusal(tr(kind.faulty, folder=folder), findings=findings)
    if not files:
        raise kind.refusal(tr("{folder} has no .cypher file", folder=folder), hint=tr(kind.none_there, folder=folder))
    return files


def find_file(name: str, files: Mapping[str, F], kind: FileKind) -> F:
    """The file that an id means, or a title in either language; case, width and spaces do not matter.

    Raises the kind's error, with the nearest ids and titles, for a name that none has or several share.
    """
    if name in files:
        return files[name]
    found = [file for file in files.values() if _folded(name) in map(_folded, file.names)]
    if len(found) > 1:
        ids = ", ".join(file.id for file in found)
        raise kind.refusal(tr(kind.shared, name=name, count=len(found), ids=ids), hint=tr("write the id"))
    if not found:
        known = files if name.isascii() else [file.title_zh for file in files.values()]
        raise kind.refusal(tr(kind.unknown, name=name), hint=did_you_mean(name, known))
    return found[0]


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def read_file(path: Path, kind: FileKind, parse_text: Callable[[str, str], F]) -> F:
    """What is in a file. Raises the kind's error with every fault."""
    try:
        text = text_content(path)
    except UnicodeDecodeError as err:
        finding = Finding(
            "error", "wrong_encoding", tr("the file is not UTF-8"), path.name, hint=tr("save it as UTF-8")
        )
        raise kind.refusal(tr("{name} cannot be read", name=path.name), findings=[finding]) from err
    except OSError as err:
        finding = Finding(
            "error", "unreadable_file", tr("the file cannot be read: {strerror}", strerror=err.strerror), path.name
        )
        raise kind.refusal(tr("{name} cannot be read", name=path.name), findings=[finding]) from err
    return parse_text(text, path.name)


def parse_file(text: str, file: str, kind: FileKind) -> tuple[QueryFile, Mapping[str, Entry]]:
    """The query file in a text, and the header lines of its kind's own; its id is the file's name without the suffix.

    Raises the kind's error with every fault.
    """
    header = Header(file, kind.keys)
    header.read(text)
    file_id = file.removesuffix(".cypher")
    if not _ID.fullmatch(file_id):
        message = tr("{metric_id!r} is not a valid id", metric_id=file_id)
        header.refuse(None, "bad_id", message, tr("name the file in lower case: {example}", example=kind.example))
    try:
        query = parse(text, file)
    except QueryError as err:
        raise kind.refusal(tr(kind.not_one, file=file), findings=[*header.findings, *err.findings]) from err
    dating, dated = header.dating()
    (title_en, title_zh), (definition_en, definition_zh) = header.pair("title"), header.pair("definition")
    parameters = header.parameters()
    if header.findings:
        raise kind.refusal(tr(kind.not_one, file=file), findings=header.findings)
    unit, source = (header.values.get(key, ("", 0))[0] for key in ("unit", "source"))
    made = QueryFile(
        file_id,
        title_en,
        title_zh,
        definition_en,
        definition_zh,
        unit,
        dating,
        dated,
        parameters,
        source,
        text.strip() + "\n",
        file,
        query,
    )
    return made, {key: header.values[key] for key in kind.keys}
