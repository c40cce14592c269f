"""What a `model.toml` may say, as it is read: labels, link types and properties beside those of the shipped model."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, StringConstraints

from ecosystem.model import PropertyType

LONGEST_WORD = 200
MOST_KINDS, MOST_PROPERTIES = 100, 200

Word = Annotated[str, StringConstraints(strict=True, max_length=LONGEST_WORD)]
Number = StrictInt | StrictFloat
Value = StrictBool | StrictInt | StrictFloat | StrictStr


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PropertyForm(_Form):
    """A column of the table of a label or a link type."""

    type: PropertyType = Field(description="string, integer, float, boolean or date")
    unit: Word | None = Field(None, description="unit of a number, for its heading")
    zh: Word | None = Field(None, description="Chinese name, which a heading may be as well")
    en: Word | None = Field(None, description="what it means")
    required: StrictBool | None = Field(None, description="a row must have it; for new labels and link types only")
    values: list[Word] | None = Field(None, description="the only texts that it may be")
    minimum: Number | None = Field(None, description="smallest number allowed")
    maximum: Number | None = Field(None, description="largest number allowed")
    default: Value | None = Field(None, description="what a blank cell becomes")
    words: dict[Word, Word] | None = Field(None, description="Chinese words that a cell may say in place of a value")


class LabelForm(_Form):
    """A kind of node: a new one, or what is added to one that there is."""

    table: Word | None = Field(None, description="name of its table: projects for projects.csv; a new label needs one")
    zh: Word | None = Field(None, description="Chinese name, which its file may be called as well")
    en: Word | None = Field(None, description="what it is")
    organisation: StrictBool | None = Field(None, description="an organisation, whose legal names a merge compares")
    in_sample: StrictBool | None = Field(None, description="false where its nodes have no in_sample")
    keyless: StrictBool | None = Field(None, description="for RegionValue alone")
    properties: dict[str, PropertyForm] = Field({}, max_length=MOST_PROPERTIES, description="its columns, by name")


class LinkForm(_Form):
    """A kind of link: a new one, or what is added to one that there is."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True)

    table: Word | None = Field(None, description="name of its table: granted_to for granted_to.csv")
    zh: Word | None = Field(None, description="Chinese name, which its file may be called as well")
    en: Word | None = Field(None, description="what it says")
    sources: list[str] = Field([], alias="from", max_length=MOST_KINDS, description="labels at which it may begin")
    targets: list[str] = Field([], alias="to", max_length=MOST_KINDS, description="labels at which it may end")
    directed: StrictBool | None = Field(None, description="false where both ends are alike, as in a collaboration")
    at_most_one: StrictBool | None = Field(None, description="a node has one such link at most")
    derived: StrictBool | None = Field(None, description="for WITHIN alone")
    properties: dict[str, PropertyForm] = Field({}, max_length=MOST_PROPERTIES, description="its columns, by name")


class ModelForm(_Form):
    """What is added to the shipped model, in the words of `data/model.toml`."""

    version: StrictInt | None = Field(None, description="version of the shipped model that it was written for")
    currency: StrictStr | None = Field(None, description="currency of all amounts, e.g. USD; without it CNY")
    labels: dict[str, LabelForm] = Field({}, max_length=MOST_KINDS, description="labels, by name")
    links: dict[str, LinkForm] = Field({}, max_length=MOST_KINDS, description="link types, by name")


NO_ADDITIONS = ModelForm.model_validate({})
"""The shipped model as it is."""
