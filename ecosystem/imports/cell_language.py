"""The language of mappings, its small words: names of files, encodings, conditions, cells."""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator
from pydantic import model_validator as check

from ecosystem.imports.currency_words import is_currency
from ecosystem.imports.patterns import compiled
from ecosystem.messages import tr, tr_later

DecimalMark = Literal[".", ","]
Reading = Literal["text", "integer", "number", "boolean", "year", "date", "amount", "vague", "hash"]


def _constant(entry: object) -> str | int | float | bool:
    if isinstance(entry, float) and not math.isfinite(entry):
        raise ValueError("is not a finite number")
    if not isinstance(entry, str | int | float):
        raise ValueError("is not a text, a number, true or false")  # noqa: TRY004 - pydantic collects ValueErrors
    if isinstance(entry, int) and not -(2**63) <= entry < 2**63:
        raise ValueError("is too large a number: a dataset holds whole numbers of 64 bits")
    return entry


def listed(entry: object) -> object:
    """A key that takes several entries also takes one."""
    return entry if isinstance(entry, list) else [entry]


def _pattern(text: str) -> str:
    compiled(text)
    return text


def compared(words: object) -> object:
    """Words in the form in which amounts are compared: NFKC, without white space."""
    if isinstance(words, dict):
        return {compared(word): number for word, number in words.items()}
    if isinstance(words, list):
        return [compared(word) for word in words]
    return "".join(unicodedata.normalize("NFKC", words).split()) if isinstance(words, str) else words


def _currency(code: str) -> str:
    if not is_currency(code):
        raise ValueError(f"{code!r} is no currency: give its ISO 4217 code in capitals, e.g. USD")
    return code


_KNOWN = tr_later("known are utf-8, gbk, gb18030, big5, cp1252, utf-16, ...")
_NO_FILES = ("unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined")


def _encoding(name: str) -> str:
    try:
        b"  ".decode(name)
    except UnicodeError:
        return name  # two blanks are no text in it, but the codec is there
    except LookupError as err:
        raise ValueError(f"is not a text encoding: {name!r}; {tr(_KNOWN)}") from err
    if codecs.lookup(name).name.replace("_", "-") in _NO_FILES:
        raise ValueError(f"is no encoding of files: {name!r} is for texts inside a program; {tr(_KNOWN)}")
    return name


def _inside(name: str) -> str:
    """The name of a file, which has to stand in the folder that the user gives: a mapping may come from anybody."""
    if not name or any(ord(letter) < 32 for letter in name):
        raise ValueError(f"is no name of a file: {name!r}")
    # as either system reads it: a mapping that is made on one is used on the other
    for path in (PurePosixPath(name), PureWindowsPath(name)):
        if path.is_absolute() or path.anchor or ".." in path.parts:
            raise ValueError(
                f"{name!r} leads out of the folder that --from names; give the name of a file in it, "
                "or write its name alone here and give the file with --from"
            )
    return name


_CHAIN = re.compile(r"[^\[\].]+(\.[^\[\].]+)*\[\](\.[^\[\].]+(\.[^\[\].]+)*\[\])*")


def _chain(text: str) -> str:
    if not _CHAIN.fullmatch(text):
        raise ValueError(f"{text!r} is no chain of lists; for example authors[] or authors[].affiliations[]")
    return text


_DIRECTIVES = "YymbBdHIMSfpzZaA%"
_SAME_PART = {"y": "Y", "b": "m", "B": "m", "I": "H", "Z": "z", "a": "A"}


def _date_format(text: str) -> str:
    """A format of dates: `excel`, `unix`, or what `strptime` takes, with a year and no part twice."""
    if text in ("excel", "unix"):
        return text
    found = re.findall("%(.?)", text, re.DOTALL)
    if unknown := [letter for letter in found if letter not in _DIRECTIVES or not letter]:
        raise ValueError(
            f"has %{unknown[0]}, which is no part of a date; known are {' '.join('%' + one for one in 'YymbBd')}"
        )
    parts = [_SAME_PART.get(letter, letter) for letter in found if letter != "%"]
    if "Y" not in parts or len(parts) != len(set(parts)):
        raise ValueError(f"{text!r} needs a year (%Y or %y), and no part twice; for example '%d/%m/%Y', or 'excel'")
    return text


def _replacement(rules: object) -> object:
    """Regular expressions and what stands in their place, with groups that are there."""
    for pattern, by in rules.items() if isinstance(rules, dict) else ():
        if isinstance(by, str):
            compiled(pattern)
            try:
                re.compile(pattern).sub(by, "")
            except (re.error, IndexError) as err:
                raise ValueError(f"cannot put {by!r} in the place of {pattern!r}: {err}") from err
    return rules


Constant = Annotated[str | int | float | bool, PlainValidator(_constant)]
Words = Annotated[list[str], BeforeValidator(compared)]
Rate = Annotated[Decimal, Field(gt=0)]
Rates = Annotated[dict[str, Rate], BeforeValidator(compared)]
Currency = Annotated[str, AfterValidator(_currency)]
Pattern = Annotated[str, BeforeValidator(lambda text: _pattern(text) if isinstance(text, str) else text)]
Chain = Annotated[str, AfterValidator(_chain)]
Replaced = dict[Annotated[str, Field(min_length=1)], str]
Substituted = Annotated[dict[str, str], BeforeValidator(_replacement)]
Units = dict[Annotated[str, Field(pattern=r"\S")], Annotated[Decimal, Field(gt=0)]]
Encoding = Annotated[str, AfterValidator(_encoding)]
FileName = Annotated[str, AfterValidator(_inside)]
FileNames = Annotated[list[FileName], BeforeValidator(listed), Field(min_length=1)]
Texts = Annotated[list[str], BeforeValidator(listed)]
SomeTexts = Annotated[list[str], BeforeValidator(listed), Field(min_length=1)]
DateFormat = Annotated[str, AfterValidator(_date_format)]
DateFormats = Annotated[list[DateFormat], BeforeValidator(listed)]


class Spec(BaseModel):
    """A table of a mapping file; a key that it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class Condition(Spec):
    """Something that holds for a row or not. In a list of conditions all must hold."""

    column: str = Field(description="the column that is looked at")
    within: list[str] | None = Field(None, alias="in", description="holds for these texts")
    out: list[str] | None = Field(
        None, description="does not hold for these; together with `in`, a text in neither list goes to quarantine"
    )
    matches: Pattern | None = Field(None, description="a regular expression that is found in the cell")
    not_matches: Pattern | None = Field(None, description="a regular expression that is not found in the cell")
    blank: bool | None = Field(None, description="true: the cell is blank; false: it is not")
    before: str | None = Field(
        None, description="another column; holds where the text stands before the text of that one, in sorted order"
    )

    unlike: str | None = Field(None, description="another column; holds where the two texts differ")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is looked at."""
        return (self.column, *(name for name in (self.before, self.unlike) if name is not None))

    @check(mode="after")
    def _says_something(self) -> Self:
        tests = (self.within, self.out, self.matches, self.not_matches, self.blank, self.before, self.unlike)
        if all(test is None for test in tests):
            raise ValueError("says nothing: give one of in, out, matches, not_matches, blank, before, unlike")
        both = set(self.within or ()) & set(self.out or ())
        if both:
            raise ValueError(f"has {', '.join(sorted(both))} both in `in` and in `out`")
        return self


def columns_of(conditions: Iterable[Condition]) -> tuple[str, ...]:
    """Every column that the conditions look at, once."""
    return tuple(dict.fromkeys(column for condition in conditions for column in condition.columns))


Conditions = Annotated[list[Condition], BeforeValidator(listed)]


_NOT_OF_CONSTANTS = {
    *("unescape", "replace", "substitute", "pattern", "translate", "reading", "formats", "decimal", "units", "times"),
    *("currency", "currency_column", "year", "optional", "prefix"),
}


class CellSpec(Spec):
    """How a value is made from a row; a bare text is short for `{ column = "..." }`, any other constant for `value`."""

    column: str | None = Field(None, description="take the text of this column")
    first: list[str] | None = Field(None, min_length=1, description="take the first of these columns that is not blank")
    join: list[str] | None = Field(
        None, min_length=1, description="take the texts of these columns, with `by` between them"
    )
    by: str = Field("|", description="what stands between the texts of `join`")
    value: Constant | None = Field(None, description="a constant")
    when: Conditions = Field([], description="conditions; where one does not hold, the value is `default`")
    unescape: bool = Field(
        False, description="true: entities of HTML become what they stand for, once: AT&amp;T is AT&T"
    )
    replace: Replaced = Field({}, description="text = what stands in its place, one after the other")
    substitute: Substituted = Field(
        {}, description="regular expression = what stands in place of all that it finds, \\\\1 for its first group"
    )
    pattern: Pattern | None = Field(
        None, description="keep what this regular expression finds: its first group, or all of it; nothing found: blank"
    )
    translate: dict[str, Constant] | None = Field(
        None, alias="map", description="text = value; a text that is not here goes to quarantine"
    )
    reading: Reading | None = Field(
        None, alias="as", description="how the text is read; by default as the model types the property, else as text"
    )
    formats: DateFormats = Field(
        [],
        alias="format",
        description="how dates are written, e.g. %d/%m/%Y, %B %Y, excel for its numbers of days, or unix for seconds "
        "since 1970; several are tried in their order, then the usual ones",
    )
    decimal: DecimalMark | None = Field(
        None, description="of numbers and amounts: what stands before the decimals; by default a point"
    )
    units: Units = Field(
        {},
        description='of numbers: what may stand behind one = what it is multiplied by, e.g. { "%" = 0.01, "km" = 1 }',
    )
    times: Annotated[Decimal, Field(gt=0)] | None = Field(
        None, description="of numbers and amounts: they are multiplied by it, e.g. 1000 for a column in thousands"
    )
    currency: str | None = Field(
        None, description="of amounts: the currency of those that name none, where it is not the default of [money]"
    )
    currency_column: str | None = Field(None, description="of amounts: the column that says what they are in")
    year: str | None = Field(
        None,
        description="of amounts: a column with the year or the day whose rate counts; `format` says how it is written",
    )
    optional: bool | None = Field(
        None,
        description="of a property or an added column. true: a text that cannot be read is blank, with a finding, and "
        "the row stays; false: the row goes to quarantine. By default true where a date is read and none is there",
    )
    prefix: str = Field("", description="put before the text or hash")
    default: Constant | None = Field(None, description="what a blank cell becomes")

    @check(mode="after")
    def _has_one_origin(self) -> Self:
        if sum(origin is not None for origin in (self.column, self.first, self.join, self.value)) != 1:
            raise ValueError("needs exactly one of column, first, join, value")
        if self.value is not None and (idle := _NOT_OF_CONSTANTS & self.model_fields_set):
            keys = sorted(type(self).model_fields[name].alias or name for name in idle)
            raise ValueError(f"is a constant: {', '.join(keys)} have nothing to work on")
        of_amounts = {"currency", "currency_column", "year"} & self.model_fields_set
        if of_amounts and self.reading not in ("amount", "vague"):
            raise ValueError(f"{', '.join(sorted(of_amounts))} go with as = 'amount' or 'vague'")
        if self.formats and self.year is None and self.reading not in (None, "date", "year"):
            raise ValueError("format goes with as = 'date' or 'year'")
        if self.prefix and self.reading not in (None, "text", "hash"):
            raise ValueError("prefix goes with as = 'text' or 'hash'")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the cell looks at."""
        origin = [self.column] if self.column is not None else [*(self.first or ()), *(self.join or ())]
        origin += [column for column in (self.currency_column, self.year) if column is not None]
        return (*origin, *(column for condition in self.when for column in condition.columns))


def _cell(entry: object) -> object:
    if isinstance(entry, str):
        return {"column": entry}
    return {"value": entry} if isinstance(entry, bool | int | float) else entry


Cell = Annotated[CellSpec, BeforeValidator(_cell)]
