"""The form of `[indicator.CODE]` of `index.toml`: the rules of one indicator's own."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from ecosystem.index import rules
from ecosystem.index.files.rule_forms import ImputationForm, NormalisationForm, Table, TreatmentForm, one_of
from ecosystem.index.formula import FormulaError, read_formula
from ecosystem.index.steps.transform import TRANSFORMATIONS
from ecosystem.messages import tr


class TransformationForm(Table):
    """`transformation` of `[indicator.CODE]`."""

    step = TRANSFORMATIONS

    method: Annotated[str, one_of(TRANSFORMATIONS)]
    formula: str | None = None
    by: str | None = None
    per: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    earlier: str | None = None
    over: int = Field(default=1, ge=1)

    @field_validator("formula")
    @classmethod
    def _can_be_read(cls, text: str | None) -> str | None:
        try:
            read_formula(text or "")
        except FormulaError as err:
            raise ValueError(f"{err}; {err.hint}") from err
        return text

    def record(self) -> rules.Transformation:
        """The checked rule."""
        return rules.Transformation(self.method, self.formula or "", self.by, self.per, self.earlier, self.over)


def _listed(given: object) -> object:
    return given if isinstance(given, list) else [given]


def _makes_first(given: list[TransformationForm]) -> list[TransformationForm]:
    for place, one in enumerate(given):
        if place and TRANSFORMATIONS.find(one.method).first:
            raise ValueError(
                tr("has {method!r} after another one: it makes the value, so write it first", method=one.method)
            )
    return given


class OwnRulesForm(Table):
    """`[indicator.CODE]`: the rules of one indicator in place of those of the index."""

    transformation: Annotated[
        list[TransformationForm], BeforeValidator(_listed), AfterValidator(_makes_first), Field(min_length=1)
    ] = Field(default_factory=list)
    normalisation: NormalisationForm | None = None
    treatment: TreatmentForm | None = None
    imputation: ImputationForm | None = None

    @model_validator(mode="after")
    def _years_are_of_all(self) -> Self:
        if self.treatment is not None and "years" in self.treatment.model_fields_set:
            raise ValueError(tr("has a treatment with years, which are for all indicators: write them in [treatment]"))
        return self

    def record(self) -> rules.OwnRules:
        """The checked rules."""
        return rules.OwnRules(
            tuple(one.record() for one in self.transformation),
            self.normalisation.record() if self.normalisation else None,
            self.treatment.record() if self.treatment else None,
            self.imputation.record() if self.imputation else None,
        )
