"""The header of a table compared with the columns of the model, and the typed columns that come of it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.faults import Faults, shortened
from ecosystem.dataset.typed import infer, parse, too_long
from ecosystem.messages import tr
from ecosystem.model import CURRENCY, Property, unit_word
from ecosystem.tables.raw import RawTable
from ecosystem.tables.words import ARROW

_LONGEST_NAME = 100
_PLACES = {"region", "province", "city", "地区", "省份", "省", "城市", "市"}


Columns = dict[str, pa.ChunkedArray]


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table by name: those that the model knows, in its order, and the others, in the file's.

    `complete` is False when a required column is missing: no row can be loaded then.
    """

    known: Mapping[str, pa.ChunkedArray]
    extra: Mapping[str, pa.ChunkedArray]
    complete: bool


def match_header(
    raw: RawTable,
    known: Mapping[str, Property],
    required: Sequence[str],
    faults: Faults,
    *,
    made: Sequence[str] = (),
    located: bool = False,
) -> Header:
    """The columns of `raw` by name, and a finding for every name that is missing, doubled, misspelled or unknown.

    The columns `made` are not read but made of the others. With `located`, a column that names a region is told to be
    no location: those come from `located_in`.
    """
    named = _named_columns(raw, known, faults, made)
    found = {name: named[name] for name in known if name in named}
    extra = {name: column for name, column in named.items() if name not in known}
    for name in extra:
        _tell_extra(name, known, found, faults, located=located)
    missing = [name for name in required if name not in found]
    for name in missing:
        hint = tr("the columns are: {names}", names=", ".join(map(shortened, (raw.headings or raw.names)[:20])))
        message = tr("the column {name!r} is missing", name=known[name].zh if raw.headings else name)
        faults.tell("error", "missing_column", message, column=name, hint=hint)
    if missing:
        faults.add_all(tr("the file has no column {missing}", missing=", ".join(missing)))
    return Header(found, extra, not missing)


def _named_columns(
    raw: RawTable, known: Mapping[str, Property], faults: Faults, made: Sequence[str]
) -> dict[str, pa.ChunkedArray]:
    """The columns that can be read, each name once."""
    by_fold = {name.casefold(): name for name in known}
    named: dict[str, pa.ChunkedArray] = {}
    taken: dict[str, str] = {}
    for place, (name, column) in enumerate(zip(raw.names, raw.columns, strict=True), start=1):
        fold = name.casefold()
        if not name and column.null_count == len(column):
            continue  # a comma too many at the end of every line
        if fault := _name_fault(name, place):
            faults.tell("error", "bad_column_name", fault, column=shortened(name) or None, hint=tr("rename the column"))
        elif fold in taken:
            hint = tr("delete or rename one of the two")
            faults.tell("error", "duplicate_column", _twice(name, taken[fold]), column=name, hint=hint)
        elif fold in made:
            message = tr("the column {name!r} is not read: it is made from the others", name=name)
            faults.tell("error", "bad_column_name", message, column=name, hint=tr("delete or rename the column"))
        elif not _is_plain(column.type):
            message = tr(
                "the column {name!r} has the type {type}, which no property can have",
                name=name,
                type=str(column.type)[:200],
            )
            faults.tell("error", "bad_column_type", message, column=name, hint=tr("drop it, or write it as text"))
        elif by_fold.get(fold, name) != name:
            message = tr("the column {name!r} differs from {known!r} only by capitals", name=name, known=by_fold[fold])
            faults.tell(
                "error",
                "misspelled_column",
                message,
                column=name,
                hint=tr("rename it {known!r}", known=by_fold[fold]),
            )
        else:
            named[name], taken[fold] = column, name
    return named


def _twice(name: str, other: str) -> str:
    if name == other:
        return tr("the column {name!r} is there twice", name=name)
    return tr("the columns {name!r} and {other!r} differ only by capitals", name=name, other=other)


def _is_plain(kind: pa.DataType) -> bool:
    return not (pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _name_fault(name: str, place: int) -> str | None:
    if not name:
        return tr("column {place} has cells but no name", place=place)
    if name.startswith("_"):
        return tr("the column {name!r} begins with an underscore: such names are reserved", name=name)
    if not name.isprintable():
        return tr(
            "the name of column {place} has line breaks or control characters: {name!r}",
            place=place,
            name=shortened(name),
        )
    return (
        tr(
            "the name of column {place} has more than {limit} characters",
            place=place,
            limit=_LONGEST_NAME,
        )
        if len(name) > _LONGEST_NAME
        else None
    )


def _tell_extra(
    name: str, known: Mapping[str, Property], found: Mapping[str, pa.ChunkedArray], faults: Faults, *, located: bool
) -> None:
    meant = _meant(name, {other: entry for other, entry in known.items() if other not in found})
    if money := _own_currency(name, known):
        message = tr("the column {name!r} is {known!r} in another currency", name=name, known=money.name)
        hint = tr("convert the numbers and rename the column: all amounts are in {unit}", unit=unit_word(money.unit))
        faults.tell("error", "other_currency", message, column=name, hint=hint)
    elif located and name.casefold() in _PLACES:
        message = tr("the column {name!r} is kept as a property, not as a location", name=name)
        faults.tell("info", "region_column", message, column=name, hint=tr("locations are read from located_in"))
    elif meant:
        message = tr("the column {name!r} is unknown and kept as a property of that name; misspelled?", name=name)
        hint = tr("did you mean {meant!r}?", meant=meant)
        if foreign := _other_unit(name, known):
            hint = tr(
                "convert the numbers to {unit} and call it {heading!r}", unit=foreign.unit, heading=foreign.heading
            )
        faults.tell("warning", "misspelled_column", message, column=name, hint=hint)
    else:
        message = tr("the column {name!r} is unknown and kept as a property of that name", name=name)
        hint = tr("known are: {known}", known=", ".join(known))
        faults.tell("info", "extra_column", message, column=name, hint=hint)


def _meant(name: str, absent: Mapping[str, Property]) -> str | None:
    """The known column, absent from the file, that an unknown one probably is: misspelled, or in another unit."""
    plain = {_plain(other): other for other in absent}
    if other_unit := _other_unit(name, absent):
        return other_unit.name
    close = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=0.8)
    if close:
        return plain[close[0]]
    longer = [other for other in absent if other.startswith(f"{name.casefold()}_")]  # the unit was forgotten
    return longer[0] if len(longer) == 1 else None


def _other_unit(name: str, known: Mapping[str, Property]) -> Property | None:
    """The known column that a Chinese heading names with a unit that is not its own: 估值（亿元）."""
    bare, bracket, _ = name.replace("(", "（").partition("（")
    return next((entry for entry in known.values() if bracket and entry.unit and entry.zh == bare.strip()), None)


def _own_currency(name: str, known: Mapping[str, Property]) -> Property | None:
    """The known column that one is in another currency, where a `model.toml` has set a currency: no sum mixes them."""
    stem, _, rest = name.casefold().removesuffix("_m").rpartition("_")
    if not stem or len(rest) != len(CURRENCY) or not name.casefold().endswith("_m"):
        return None
    money = (entry for entry in known.values() if entry.unit.endswith(" million") and CURRENCY not in entry.unit)
    return next((entry for entry in money if entry.name.removesuffix("_m").rpartition("_")[0] == stem), None)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def typed_columns(header: Header, known: Mapping[str, Property], rows: int, faults: Faults) -> Columns:
    """Each known column of the file, each with a default whether it is there or not, and each extra column.

    A column without a known type gets the narrowest that fits.
    """
    columns: Columns = {}
    for name, entry in known.items():
        if name in header.known:
            columns[name] = _with_default(parse(header.known[name], entry, faults), entry)
        elif entry.default is not None:
            columns[name] = pa.chunked_array([pa.repeat(pa.scalar(entry.default, ARROW[entry.type]), rows)])
    for name, column in header.extra.items():
        if (long := too_long(column)) is not None:
            message = tr(
                "column {name!r} is kept as text: {long} would lose digits as a number",
                name=shortened(name),
                long=shortened(long),
            )
            hint = tr("leave it if these are ids; write a measure with a point or an exponent: 1.2e19")
            faults.tell("warning", "too_many_digits", message, column=shortened(name), hint=hint)
        columns[name] = parse(column, Property(name, infer(column)), faults)
    return columns


def _with_default(values: pa.ChunkedArray, entry: Property) -> pa.ChunkedArray:
    return values if entry.default is None else pc.fill_null(values, pa.scalar(entry.default, values.type))
