"""A metric: one Cypher file, its header read and its text parsed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal as OneOf
from typing import cast

from ecosystem.errors import Finding, MetricError, QueryError, did_you_mean
from ecosystem.messages import tr, tr_later
from ecosystem.model import Scalar
from ecosystem.notebook import few_lines, one_language, record_table
from ecosystem.query import Query, parse
from ecosystem.query.check import parameter_types
from ecosystem.query.provenance import Provenance, classify
from ecosystem.query.tree import ListOf, Literal, Position, PropertyOf
from ecosystem.query.types import literal_type
from ecosystem.resources import resource
from ecosystem.tables.packed import text_content

PROVENANCES: Mapping[Provenance, str] = {
    "monotone": tr_later("monotone"),
    "witnessed": tr_later("witnessed"),
    "recompute": tr_later("recompute"),
}
"""The classes in words, which say what a removal costs."""
Constant = Scalar | tuple[Scalar, ...]

HEADER_KEYS = ("title", "definition", "unit", "dated", "param", "source")
BUILT_IN = {"level": "string", "since": "integer", "until": "integer"}
"""The parameters that every metric may use, with their types."""

_ID = re.compile(r"[a-z][a-z0-9_]*")
_HEADER = re.compile(r"//\s*(\w+)\s*:(?!//)\s*(.*)")
_DATED = re.compile(r"(flow|stock)\s+(\w+)\.(\w+)")
_PARAM = re.compile(r"([^\W\d_]\w*)\s*=\s*(.+)")


@dataclass(frozen=True, slots=True)
class Metric:
    """One relational metric: a query that returns `region, value`, and what its header says.

    `dated` is the year by which a window selects: None for a metric that no window touches; `dating` says how.
    `parameters` are the header's, beside `$level`, `$since` and `$until`; a list is for IN.
    """

    id: str
    title_en: str
    title_zh: str
    definition_en: str
    definition_zh: str
    unit: str
    dating: OneOf["flow", "stock", "none"]
    dated: PropertyOf | None
    parameters: Mapping[str, Constant]
    source: str
    text: str
    file: str
    query: Query

    def __repr__(self) -> str:
        # one line: `load_metrics` gives a dictionary of them
        return few_lines(f"<Metric {self.id}: {self.title(one_language())} ({self.unit}), {self.provenance}>")

    def _repr_html_(self) -> str:
        return record_table(f"{self.title(one_language())} ({self.id})", self)

    @property
    def provenance(self) -> Provenance:
        """How a value follows from its matches."""
        return classify(self.query)

    @property
    def parameter_types(self) -> dict[str, str]:
        """Every parameter that the query may use, with its type."""
        return BUILT_IN | parameter_types(self.parameters)

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


def load_metrics(folder: str | Path | None = None) -> dict[str, Metric]:
    """The metrics of a folder (else those of the package), by id, in the order of their ids.

    Raises MetricError with every fault of every file.

    >>> ecosystem.load_metrics()["company_count"]
    <Metric company_count: Companies (companies), monotone>
    """
    folder = resource("cypher", "metrics") if folder is None else Path(folder)
    if not folder.is_dir():
        raise MetricError(
            tr("there is no folder {folder}", folder=folder), hint=tr("--metrics takes a folder of .cypher files")
        )
    metrics: dict[str, Metric] = {}
    findings: list[Finding] = []
    for path in sorted(folder.glob("*.cypher")):
        try:
            metric = read_metric(path)
            metrics[metric.id] = metric
        except (MetricError, QueryError) as err:
            findings += err.findings
    if findings:
        raise MetricError(tr("the metrics in {folder} have errors", folder=folder), findings=findings)
    if not metrics:
        raise MetricError(
            tr("{folder} has no .cypher file", folder=folder),
            hint=tr("make one: ecosystem metrics new ID --metrics {folder}", folder=folder),
        )
    return metrics


def find_metric(name: str, metrics: Mapping[str, Metric]) -> Metric:
    """The metric that an id means, or a title in either language; case, width and spaces do not matter.

    Raises MetricError, with the nearest ids and titles, for a name that none has or several share.
    """
    if name in metrics:
        return metrics[name]
    found = [metric for metric in metrics.values() if _folded(name) in map(_folded, metric.names)]
    if len(found) > 1:
        ids = ", ".join(metric.id for metric in found)
        message = tr("{name!r} is the title of {count} metrics: {ids}", name=name, count=len(found), ids=ids)
        raise MetricError(message, hint=tr("write the id"))
    if not found:
        known = metrics if name.isascii() else [metric.title_zh for metric in metrics.values()]
        raise MetricError(tr("there is no metric {name!r}", name=name), hint=did_you_mean(name, known))
    return found[0]


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def read_metric(path: Path) -> Metric:
    """The metric in a file. Raises MetricError or QueryError with every fault."""
    try:
        text = text_content(path)
    except UnicodeDecodeError as err:
        finding = Finding(
            "error", "wrong_encoding", tr("the file is not UTF-8"), path.name, hint=tr("save it as UTF-8")
        )
        raise MetricError(tr("{name} cannot be read", name=path.name), findings=[finding]) from err
    except OSError as err:
        finding = Finding(
            "error", "unreadable_file", tr("the file cannot be read: {strerror}", strerror=err.strerror), path.name
        )
        raise MetricError(tr("{name} cannot be read", name=path.name), findings=[finding]) from err
    return parse_metric(text, path.name)


def parse_metric(text: str, file: str) -> Metric:
    """The metric in a text; its id is the file's name without the suffix."""
    header = _Header(file)
    header.read(text)
    metric_id = file.removesuffix(".cypher")
    if not _ID.fullmatch(metric_id):
        header.refuse(
            None,
            "bad_id",
            tr("{metric_id!r} is not a valid id", metric_id=metric_id),
            tr("name the file in lower case: company_count.cypher"),
        )
    try:
        query = parse(text, file)
    except QueryError as err:
        raise MetricError(tr("{file} is not a metric", file=file), findings=[*header.findings, *err.findings]) from err
    dating, dated = header.dating()
    title_en, title_zh = header.pair("title")
    definition_en, definition_zh = header.pair("definition")
    parameters = header.parameters()
    if header.findings:
        raise MetricError(tr("{file} is not a metric", file=file), findings=header.findings)
    return Metric(
        metric_id,
        title_en,
        title_zh,
        definition_en,
        definition_zh,
        header.values.get("unit", ("", 0))[0],
        dating,
        dated,
        parameters,
        header.values.get("source", ("", 0))[0],
        text.strip() + "\n",
        file,
        query,
    )


class _Header:
    """The comment lines above the query: `// key: value`."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.values: dict[str, tuple[str, int]] = {}
        self.params: list[tuple[str, int]] = []

    def refuse(self, line: int | None, code: str, message: str, hint: str | None = None) -> None:
        self.findings.append(Finding("error", code, message, self.file, line, hint=hint))

    def read(self, text: str) -> None:
        """Take in the header's lines, which end where the query begins."""
        # a comment ends at these alone: a header line has what the grammar's comment has
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
            found = _HEADER.match(line.strip())
            if found:
                self.entry(number, found.group(1).lower(), found.group(2).strip())
            elif line.strip() and not line.strip().startswith("//"):
                break
        for key in ("title", "unit", "dated"):
            value, number = self.values.get(key, ("", 1))
            if not value:
                hint = tr("write a line: // {key}: {examples}", key=key, examples=_EXAMPLES[key])
                self.refuse(number, "header_missing", tr("the header has no {key}", key=key), hint)

    def entry(self, line: int, key: str, value: str) -> None:
        if key not in HEADER_KEYS:
            self.refuse(line, "header_key", tr("{key!r} is not a header key", key=key), did_you_mean(key, HEADER_KEYS))
        elif key == "param":
            self.params.append((value, line))
        elif key in self.values:
            self.refuse(line, "header_twice", tr("{key} is given twice in the header", key=key), tr("keep one of them"))
        else:
            self.values[key] = (value, line)

    def pair(self, key: str) -> tuple[str, str]:
        """English and Chinese of a value `English | 中文`; one text serves for both."""
        english, _, chinese = (part.strip() for part in self.values.get(key, ("", 0))[0].partition("|"))
        return english or chinese, chinese or english

    def dating(self) -> tuple[OneOf["flow", "stock", "none"], PropertyOf | None]:
        """How a window touches the metric, and the year by which it does."""
        value, line = self.values.get("dated", ("none", 0))
        found = _DATED.fullmatch(value)
        if found:
            kind = cast("OneOf['flow', 'stock']", found.group(1))
            return kind, PropertyOf(found.group(2), found.group(3), position=Position(line))
        if value not in ("none", ""):
            hint = tr("write flow t.year, stock c.founded_year or none")
            self.refuse(line, "header_dated", tr("dated: {value!r} is not valid", value=value), hint)
        return "none", None

    def parameters(self) -> dict[str, Constant]:
        """The parameters of the metric's own."""
        values: dict[str, Constant] = {}
        taken = set(BUILT_IN)
        for text, line in self.params:
            found = _PARAM.fullmatch(text)
            # engines ignore the case of a name
            if not found or found.group(1).lower() in taken:
                defined = ", ".join(f"${name}" for name in sorted(taken))
                hint = tr("write // param: segments = 18; {names} are defined already", names=defined)
                self.refuse(
                    line,
                    "header_param",
                    tr("{text} is not a parameter declaration", text=_shortened(text)),
                    hint,
                )
                continue
            taken.add(found.group(1).lower())
            value = _constant(found.group(2))
            if value is None:
                hint = tr("write a number, true, false, a text in quotes, or a list of one kind of these")
                self.refuse(
                    line,
                    "header_param",
                    tr("{text} is not a constant", text=_shortened(found.group(2))),
                    hint,
                )
            else:
                values[found.group(1)] = value
        return values


_LONGEST_SHOWN = 60
_EXAMPLES = {"title": "Companies | 企业数量", "unit": "companies", "dated": "none"}


def _shortened(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…")


def _constant(text: str) -> Constant | None:
    """The value of a constant, or of a list of constants of one type, in Cypher's words; None when it is none."""
    try:
        query = parse(f"MATCH (n) RETURN {text} AS value")
    except QueryError:
        return None
    if len(query.items) != 1:
        return None
    expression = query.items[0].expression
    if isinstance(expression, ListOf):
        items = tuple(item.value for item in expression.items if isinstance(item, Literal) and item.value is not None)
        whole = len(items) == len(expression.items) and literal_type(items) != "list of unknown"
        return items if whole and items else None
    return expression.value if isinstance(expression, Literal) else None
