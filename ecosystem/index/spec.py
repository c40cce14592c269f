"""What an index is once it is read: the hierarchy of indicators, the ranked regions, the rules of the steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ecosystem.errors import UsageError, did_you_mean
from ecosystem.headings import heading
from ecosystem.index.rules import (
    AS_PRINTED,
    NO_IMPUTATION,
    NO_RESCALING,
    NO_RULES,
    NO_TREATMENT,
    Aggregation,
    Imputation,
    Missing,
    Normalisation,
    OwnRules,
    Rescaling,
    Screening,
    Tiering,
    Ties,
    Treatment,
    Weighting,
)
from ecosystem.messages import Bilingual, spoken, tr
from ecosystem.notebook import few_lines, html_rows, one_language, picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "Aggregation",
    "Group",
    "Imputation",
    "Index",
    "Indicator",
    "Level",
    "Missing",
    "Normalisation",
    "OwnRules",
    "Rescaling",
    "Screening",
    "Source",
    "SourceKind",
    "TableColumns",
    "Text",
    "Tiering",
    "Ties",
    "Treatment",
    "Variable",
    "VariableKind",
    "WeightSource",
    "Weighting",
]

TOML_NAME, CSV_NAME = "index.toml", "indicators.csv"
"""The files of an index folder: its rules, its hierarchy."""

EVERY = "*"
"""In place of a list of ranked regions: every region of the level that the hierarchy of the dataset has."""

SourceKind = Literal["metric", "column", "network"]
WeightSource = Literal["printed", "derived", "assumed"]
VariableKind = Literal["group", "denominator", "other"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str

    def to(self, lang: str) -> str:
        """The text in one language, or in both for files."""
        if lang == "both":
            return Bilingual.of(self.zh, self.en)
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Source:
    """Where the values of an indicator come from: a metric file, a column of a table, a network measure."""

    kind: SourceKind
    name: str

    def __str__(self) -> str:
        """The source as `indicators.csv` writes it, e.g. `metric:company_count`."""
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of the hierarchy: an indicator with a source (level 1), an aggregate, or the top, which has no parent.

    `direction` is 1 where more is better, -1 where less is; `weight` is a share of the whole index;
    `row` is the line of `indicators.csv` that it was read from, None for one built in memory. `denominator` is a column
    that values are divided by, and `per` how many of it a value is for (1 where None; 100000: per 100,000 inhabitants);
    `target` a value aimed at; `lower`, `upper` the goalposts. Each is in the unit of its column, whatever the
    direction, and before a logarithm or a root. `own` holds the rules that it has in place of those of the index.
    `aggregation` is the method by which a parent's score is made, None for the index's.
    """

    code: str
    parent: str | None
    level: int
    name: Text
    direction: int
    weight: float
    weight_source: WeightSource
    unit: str
    source: Source | None
    row: int | None = None
    denominator: str | None = None
    target: float | None = None
    lower: float | None = None
    upper: float | None = None
    aggregation: str | None = None
    per: float | None = None
    own: OwnRules = NO_RULES


@dataclass(frozen=True, slots=True)
class Variable:
    """A column beside the indicators: a group of regions, a denominator, or a column that is kept for the export."""

    code: str
    kind: VariableKind
    name: Text
    unit: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group of ranked regions whose scores are rolled up, e.g. an economic circle."""

    id: str
    name: Text
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A level of regions at which the index is defined, with the regions that it ranks, in the order of the file."""

    name: str
    regions: tuple[str, ...]
    rollup: Literal["sum"] | None = None
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class TableColumns:
    """The columns of a table of values that name its regions and years, None where the headings say it."""

    id: str | None = None
    name: str | None = None
    year: str | None = None

    def over(self, other: TableColumns) -> TableColumns:
        """These columns, those of another where one is not given."""
        return TableColumns(self.id or other.id, self.name or other.name, self.year or other.year)


AS_HEADED = TableColumns()
"""No column is named: the headings of the table say which they are."""


@dataclass(frozen=True, slots=True)
class Index:
    """A composite indicator: the whole specification. `hash` is the SHA-256 of the files it was read from.

    `changes` says, a sentence each in both languages, which rules a run has changed against those files. `table` names
    the key columns of its tables of values.
    """

    id: str
    title: Text
    unit_of_analysis: Text
    source: Text
    levels: Mapping[str, Level]
    indicators: tuple[Indicator, ...]
    normalisation: Normalisation
    aggregation: Aggregation
    missing: Missing
    ties: Ties
    gaps: tuple[Text, ...] = ()
    hash: str = ""
    imputation: Imputation = NO_IMPUTATION
    treatment: Treatment = NO_TREATMENT
    weighting: Weighting = AS_PRINTED
    screening: Screening | None = None
    tiers: Tiering | None = None
    variables: tuple[Variable, ...] = ()
    changes: tuple[Text, ...] = ()
    table: TableColumns = AS_HEADED
    rescaling: Rescaling = NO_RESCALING

    def plot(self, kind: str = "framework", **options: Any) -> Figure:
        """The picture of the pillars and indicators, as wide as their weights; see `ecosystem.plot`."""
        return picture(self, kind=kind, **options)

    @property
    def _title(self) -> str:
        facts = {"index": self.id, "indicators": len(self.leaves), "pillars": len(self.pillars)}
        return tr("{index}: {indicators} indicators in {pillars} pillars", **facts)

    def __repr__(self) -> str:
        counts = (
            (name, EVERY if level.regions == (EVERY,) else len(level.regions)) for name, level in self.levels.items()
        )
        levels = tr(
            "levels and how many regions each ranks: {names}", names=", ".join(f"{name} {n}" for name, n in counts)
        )
        rules = {"scale": self.normalisation.method, "mean": self.aggregation.method, "missing": self.missing.rule}
        methods = tr("methods: {scale}, {mean}; missing values: {missing}", **rules)
        changed = tr("changed for this run: {changes}", changes="; ".join(self.overrides)) if self.overrides else ""
        return few_lines(self._title, self.title.to(one_language()), levels, methods, changed)

    def _repr_html_(self) -> str:
        lang = one_language()
        rows = [(row.code, row.parent, row.name.to(lang), row.weight, row.source) for row in self.indicators]
        names = [heading(name, lang) for name in ("code", "parent", "name", "weight", "source")]
        return html_rows(self._title, names, rows)

    @property
    def depth(self) -> int:
        """The level of the top: the number of levels of the hierarchy."""
        return max(indicator.level for indicator in self.indicators)

    @property
    def leaves(self) -> tuple[Indicator, ...]:
        """The indicators that have values, in the order of the file: the columns of every value matrix."""
        return self.at(1)

    @property
    def pillars(self) -> tuple[Indicator, ...]:
        """The parts right under the top; the indicators themselves where the hierarchy has two levels."""
        return self.at(self.depth - 1)

    @property
    def top(self) -> Indicator:
        """The index itself, as the one row without a parent."""
        return next(indicator for indicator in self.indicators if indicator.parent is None)

    @property
    def linear(self) -> bool:
        """True where every point is a line of its value between the column's minimum and maximum, and points add up.

        That is min-max, a weighted sum or arithmetic means by printed weights, 0 for what is missing, and no step
        before them: nothing is divided, screened, imputed or treated. What changes a few values can then be computed
        from these alone.
        """
        means = {*self.aggregation.methods, *(row.aggregation for row in self.indicators if row.aggregation)}
        steps = (self.normalisation.method, self.missing.rule, self.weighting.method)
        before = (self.imputation.method, self.treatment.method, self.screening)
        apart = any(leaf.denominator or leaf.own != NO_RULES for leaf in self.leaves)
        adds = means in ({"weighted_sum"}, {"amean"})
        return adds and steps == ("minmax", "zero", "printed") and before == ("none", "none", None) and not apart

    @property
    def rescales(self) -> bool:
        """True where a last step brings the scores onto another scale."""
        return self.rescaling.method != NO_RESCALING.method

    @property
    def normalisations(self) -> tuple[Normalisation, ...]:
        """The rule of every indicator: its own, else that of the index."""
        return tuple(leaf.own.normalisation or self.normalisation for leaf in self.leaves)

    @property
    def imputations(self) -> tuple[Imputation, ...]:
        """The rule of every indicator: its own, else that of the index."""
        return tuple(leaf.own.imputation or self.imputation for leaf in self.leaves)

    @property
    def treatments(self) -> tuple[Treatment, ...]:
        """The rule of every indicator: its own, else that of the index."""
        return tuple(leaf.own.treatment or self.treatment for leaf in self.leaves)

    def at(self, level: int) -> tuple[Indicator, ...]:
        """The rows of one level of the hierarchy (1 = indicators), in the order of the file."""
        return tuple(indicator for indicator in self.indicators if indicator.level == level)

    def ancestors(self, row: Indicator) -> tuple[str, ...]:
        """The codes of the parent of a row of the hierarchy, of its parent, and so on to the top."""
        parent = {each.code: each.parent for each in self.indicators}
        found: list[str] = []
        here = row.parent
        while here is not None:
            found.append(here)
            here = parent[here]
        return tuple(found)

    @property
    def overrides(self) -> tuple[str, ...]:
        """Which rules a run has changed, a sentence each in the language that is spoken."""
        return tuple(change.to(spoken()) for change in self.changes)

    def code_of(self, name: str) -> str:
        """The code of the part with that code, or that name in either language; the text itself where none has it.

        UsageError where several parts have the name.
        """
        if any(part.code == name for part in self.indicators):
            return name
        found = [part.code for part in self.indicators if name.casefold() in _names(part.name)]
        if len(found) > 1:
            message = tr(
                "{name!r} is the name of {count} parts: {codes}", name=name, count=len(found), codes=", ".join(found)
            )
            raise UsageError(message, hint=tr("write the code"))
        return found[0] if found else name

    def level(self, name: str) -> Level:
        """The level of regions of that name; UsageError where the index does not define it."""
        try:
            return self.levels[name]
        except KeyError:
            message = tr("index {id} has no level {level!r}", id=self.id, level=name)
            raise UsageError(message, hint=did_you_mean(name, self.levels)) from None


def _names(text: Text) -> set[str]:
    return {text.zh.casefold(), text.en.casefold()}
