"""The form of `index.toml` and of a row of `indicators.csv`: outside text in, typed values or findings out."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from ecosystem.errors import Finding, did_you_mean
from ecosystem.index.files.own_rules_form import OwnRulesForm
from ecosystem.index.files.rule_forms import (
    AggregationForm,
    ImputationForm,
    MissingForm,
    NormalisationForm,
    RescalingForm,
    ScreeningForm,
    Table,
    TieringForm,
    TiesForm,
    TreatmentForm,
    WeightingForm,
)
from ecosystem.index.spec import CSV_NAME, TOML_NAME, Source, SourceKind, WeightSource
from ecosystem.messages import tr, tr_later

MOST_LEVELS = 100
"""How many levels of regions an index may rank: each has findings of its own."""


class TextForm(Table):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class GroupForm(Table):
    """`[[level.<name>.groups]]`."""

    id: str = Field(min_length=1)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    members: list[str] = Field(min_length=1)


class LevelForm(Table):
    """`[level.<name>]`."""

    ranked: list[str] = Field(min_length=1)
    rollup: Literal["sum"] | None = None
    groups: list[GroupForm] = Field(default_factory=list)

    @model_validator(mode="after")
    def _groups_have_a_rule(self) -> Self:
        if self.groups and self.rollup is None:
            raise ValueError(tr('has groups but no rule for rolling them up: add rollup = "sum"'))
        return self


class TableForm(Table):
    """`[table]`: the key columns of the tables of values."""

    id: str | None = Field(default=None, min_length=1)
    name: str | None = Field(default=None, min_length=1)
    year: str | None = Field(default=None, min_length=1)


class IndexForm(Table):
    """The whole of `index.toml`."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: TextForm
    unit_of_analysis: TextForm
    source: TextForm
    normalisation: NormalisationForm
    aggregation: AggregationForm
    missing: MissingForm
    ties: TiesForm
    level: dict[str, LevelForm] = Field(min_length=1, max_length=MOST_LEVELS)
    gap: list[TextForm] = Field(default_factory=list)
    imputation: ImputationForm | None = None
    treatment: TreatmentForm | None = None
    weighting: WeightingForm | None = None
    screening: ScreeningForm | None = None
    tiers: TieringForm | None = None
    rescaling: RescalingForm | None = None
    indicator: dict[str, OwnRulesForm] = Field(default_factory=dict)
    table: TableForm | None = None


class Row(BaseModel):
    """A row of `indicators.csv`; cells are text, so numbers are parsed, and a blank cell is None."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[^\W\d][\w.-]*$")
    parent: str | None
    level: int = Field(ge=1)
    name_zh: str
    name_en: str
    direction: int
    weight: float
    weight_source: WeightSource
    unit: str | None
    source: str | None
    denominator: str | None = None
    target: float | None = None
    lower: float | None = None
    upper: float | None = None
    aggregation: str | None = None
    per: float | None = Field(default=None, gt=0)

    @field_validator("target", "lower", "upper", "per")
    @classmethod
    def _finite(cls, number: float | None) -> float | None:
        if number is not None and not math.isfinite(number):
            raise ValueError(tr("is not a finite number"))
        return number

    @field_validator("source")
    @classmethod
    def _well_formed(cls, text: str | None) -> str | None:
        if text is not None and not re.fullmatch(rf"({'|'.join(get_args(SourceKind))}):\S.*", text):
            raise ValueError(tr("is not metric:<id>, column:<name> or network:<measure>"))
        return text

    def to_source(self) -> Source | None:
        """The source as a record, None where the cell is blank."""
        if self.source is None:
            return None
        kind, _, name = self.source.partition(":")
        return Source(cast(SourceKind, kind), name)


OPTIONAL = ("denominator", "target", "lower", "upper", "per", "aggregation")
"""Columns that an index may leave out."""

COLUMNS = tuple(name for name in Row.model_fields if name not in OPTIONAL)


def parse_toml(table: Mapping[str, Any]) -> tuple[IndexForm | None, list[Finding]]:
    """The checked form of `index.toml`, or None and every fault with its key."""
    try:
        return IndexForm.model_validate(table), []
    except ValidationError as err:
        return None, [_toml_finding(detail) for detail in err.errors()]


def parse_row(cells: Mapping[str, str], line: int) -> tuple[Row | None, list[Finding]]:
    """The checked form of a row, or None and every fault with its column."""
    try:
        return Row.model_validate({name: cell.strip() or None for name, cell in cells.items()}), []
    except ValidationError as err:
        return None, [_row_finding(detail, line) for detail in err.errors()]


def _toml_finding(detail: ErrorDetails) -> Finding:
    path = detail["loc"]
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    message, hint = _sentence(detail, f"{path[-1]!r}" if isinstance(path[-1], str) else f"entry {path[-1] + 1}")
    if detail["type"] == "extra_forbidden":
        hint = did_you_mean(str(path[-1]), _keys_at(path[:-1]))
    return Finding("error", _CODES.get(detail["type"], "bad_value"), message, TOML_NAME, None, place, None, hint)


def _row_finding(detail: ErrorDetails, line: int) -> Finding:
    column = str(detail["loc"][0])
    message, hint = _sentence(detail, column)
    code = "blank_cell" if detail["input"] is None else _CODES.get(detail["type"], "bad_value")
    value = None if detail["input"] is None else str(detail["input"])[:80]
    return Finding("error", code, message, CSV_NAME, line, column, value, hint)


_CODES = {"extra_forbidden": "unknown_key", "missing": "missing_key", "literal_error": "unknown_choice"}

_SENTENCES = {
    "extra_forbidden": (tr_later("unknown key {name}"), None),
    "missing": (tr_later("key {name} is missing"), None),
    "float_parsing": (tr_later("{name} {given!r} is not a number"), None),
    "float_type": (tr_later("{name} {given!r} is not a number"), None),
    "int_parsing": (tr_later("{name} {given!r} is not a whole number"), None),
    "int_from_float": (tr_later("{name} {given!r} is not a whole number"), None),
    "bool_type": (tr_later("{name} is not true or false: {given!r}"), None),
    "list_type": (tr_later("{name} is not a list: {given!r}"), tr_later("write it in square brackets")),
    "greater_than": (tr_later("{name} must be above {gt}"), None),
    "greater_than_equal": (tr_later("{name} must be at least {ge}"), None),
    "less_than_equal": (tr_later("{name} must be at most {le}"), None),
    "finite_number": (tr_later("{name} must be a finite number"), None),
    "string_type": (tr_later("{name} is not a text: {given!r}"), tr_later("write it in quotation marks")),
    "string_pattern_mismatch": (
        tr_later("{name} {given!r} is not a code"),
        tr_later("begin with a letter, go on with letters, digits, '_' or '-'; no spaces"),
    ),
}


def _sentence(detail: ErrorDetails, name: str) -> tuple[str, str | None]:
    """What is wrong, and the next step."""
    given, kind, context = detail["input"], detail["type"], detail.get("ctx", {})
    if given is None:
        return tr("{name} is blank", name=name), None
    if kind in _SENTENCES:
        message, hint = _SENTENCES[kind]
        return tr(message, name=name, given=given, **context), None if hint is None else tr(hint)
    if kind == "literal_error":
        return tr("{name} cannot be {given!r}", name=name, given=given), did_you_mean(
            str(given), re.findall(r"'([^']*)'", context["expected"])
        )
    if kind == "value_error":
        return f"{name} {f'{given!r} ' if isinstance(given, str) else ''}{context['error']}", None
    return f"{name}: {detail['msg'][:1].lower()}{detail['msg'][1:]}", None


def _keys_at(path: Sequence[str | int]) -> list[str]:
    """The keys that are known in the table at `path`; names of levels and list positions are passed over."""
    here: type[BaseModel] = IndexForm
    for part in path:
        field = here.model_fields.get(str(part))
        if field is not None:
            here = _model_in(field.annotation) or here
    return list(here.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part))), None)
