"""Cells for values: dates, numbers, amounts with their currency; a question where one is not certain."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from ecosystem.imports.amounts import amount
from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.guess.cell_looks import CERTAIN, Cells
from ecosystem.imports.guess.column_guess import Column
from ecosystem.imports.guess.draft import (
    AS_AMOUNT,
    AS_DATE,
    AS_INTEGER,
    AS_NUMBER,
    AS_YEAR,
    Draft,
    cell,
    comment,
    text,
    texts,
)
from ecosystem.imports.guess.list_cells import MOST
from ecosystem.imports.guess.money_words import (
    bare_numbers,
    currency_of,
    not_told,
    scale_of,
    several_currencies,
    with_units,
    without_symbols,
)
from ecosystem.imports.guess.organisation_names import UNKNOWN_PARTY
from ecosystem.imports.guess.parties import Party, Table
from ecosystem.imports.money_language import Money
from ecosystem.messages import tr, tr_later


def samples(column: Column) -> str:
    """The first texts of a column, for a comment."""
    return ", ".join(map(comment, column.cells.samples()))


def optional(share: float) -> list[str]:
    """What keeps a row of which a cell cannot be read, where there are such."""
    return [] if share >= 1 else ["optional = true"]


def year_cell(column: Column) -> str | None:
    """The cell for the year of a date: a day and a month that could be swapped have the same year."""
    dates = column.cells.dates
    if column.cells.year >= MOST:
        return cell(column.name, AS_YEAR, *optional(column.cells.year))
    formats = dates.formats or dates.ambiguous or ()
    if dates.share < MOST:
        return None
    told = [f"format = {texts(formats) if len(formats) > 1 else text(formats[0])}"] if formats else []
    return cell(column.name, AS_YEAR, *told, *optional(dates.share))


def date_lines(draft: Draft, column: Column, role: str, prefix: str = "properties.") -> list[str]:
    """The lines for the year and the day that a column tells; what is ambiguous is asked."""
    lines = []
    dates = column.cells.dates
    if dates.share < MOST and column.cells.year < MOST:
        draft.say(
            column.name,
            tr("dates that cannot be read as they are ({samples}): in which format are they?", samples=samples(column)),
        )
        return []
    if dates.mixed:
        draft.say(
            column.name,
            tr(
                "some dates have the day first, some the month first ({samples}): which is it?", samples=samples(column)
            ),
            f"{prefix}date = {cell(column.name, f'format = {texts(sorted(dates.formats))}')}",
        )
        return []
    year = year_cell(column)
    if year is not None:
        lines.append(f"{prefix}year = {year}")
        draft.use(column.name, f"{role}.year")
    if column.cells.year >= MOST:
        return lines
    if dates.ambiguous:
        day, month = dates.ambiguous
        draft.say(
            column.name,
            tr("every day is at most 12 ({samples}): is the day first, or the month?", samples=samples(column)),
            f"{prefix}date = {cell(column.name, f'format = {text(day)}')}",
            f"{prefix}date = {cell(column.name, f'format = {text(month)}')}",
        )
        return lines
    formats = dates.formats
    told = [f"format = {texts(formats) if len(formats) > 1 else text(formats[0])}"] if formats else []
    lines.append(f"{prefix}date = {cell(column.name, AS_DATE, *told)}")
    draft.use(column.name, f"{role}.date")
    return lines


def number_cell(column: Column) -> str | None:
    """The cell for a number; None where not nearly all cells are numbers that a mapping reads."""
    cells = column.cells
    if cells.points_between_thousands:
        return None
    if cells.decimal_comma:
        return cell(column.name, AS_NUMBER, 'decimal = ","')
    if cells.whole >= CERTAIN:
        return cell(column.name, AS_INTEGER, *optional(cells.whole))
    return cell(column.name, AS_NUMBER, *optional(cells.number)) if cells.number >= CERTAIN else None


def currency_beside(table: Table, party: Party | None, column: Column) -> Column | None:
    """The column that tells the currency of an amount: the one of the same party, or the only one."""
    found = [one for one in table.columns if one.kind == "currency"]
    own = [one for one in found if party is not None and one in party.columns]
    near = [one for one in found if plain_of(one).startswith(plain_of(column).split(" ")[0])]
    return next(iter(near or own or (found if len(found) == 1 else [])), None)


def plain_of(column: Column) -> str:
    """The words of the name of a column."""
    return column.plain


def amount_line(
    draft: Draft, table: Table, party: Party | None, column: Column, name: str, role: str, prefix: str = "properties."
) -> tuple[str, str] | None:
    """The property and the line for an amount in a currency that is certain; None with a question where it is not.

    Only CNY is CNY: an amount in another currency is a property of its own in that currency.
    """
    currency = currency_of(column.name, column.cells)
    beside = currency_beside(table, party, column)
    if currency is None and beside is not None and len(beside.cells.counts) == 1:
        code = next(iter(beside.cells.counts)).strip()
        currency = code if re.fullmatch("[A-Z]{3}", code) else None
        if currency is not None:
            draft.use(beside.name, f"{role}.currency")
    if currency is None:
        several = several_currencies(column.cells) or ([*beside.cells.counts] if beside is not None else [])
        why = (
            tr("in several currencies ({several})", several=", ".join(map(comment, several[:6])))
            if several
            else tr("in which currency?")
        )
        scale = scale_of(column.name, column.cells) or 1
        told = [f"times = {scale}"] if scale != 1 and bare_numbers(column.cells) >= MOST else []
        told += ['decimal = ","'] if column.cells.decimal_comma else []
        proposal = f"{prefix}{name}_cny_m = {cell(column.name, AS_AMOUNT, *told)}"
        draft.say(
            column.name,
            tr(
                "amounts of money ({samples}), {why} What is one of each in CNY? [money] takes the rates",
                samples=samples(column),
                why=why,
            ),
            proposal,
        )
        if beside is not None:
            draft.say(
                beside.name,
                tr("the currency of {column} ({samples})", column=comment(column.name), samples=samples(beside)),
            )
        return None
    return _in_currency(draft, table, column, name, role, prefix, currency)


def _in_currency(
    draft: Draft, table: Table, column: Column, name: str, role: str, prefix: str, currency: str
) -> tuple[str, str] | None:
    """The property in millions of the currency: of plain numbers by a factor, of words where they can be read."""
    own = f"{name}_{currency.casefold()}_m"
    cells = column.cells
    if not with_units(cells) and (numbers := _told(column)) is not None:
        found = _bare(draft, numbers, name, role, prefix, currency)
        draft.missing += [one for one in not_told(cells) if found is not None and one not in draft.missing]
        return found
    if currency == "CNY" and cells.share(_is_yuan) == 1:
        draft.money["CNY"] = ["人民币", "元"]
        draft.use(column.name, f"{role}.{own}")
        return own, f"{prefix}{own} = {cell(column.name, AS_AMOUNT)}"
    scale = scale_of(column.name, cells) or 1
    times = [f"times = {scale}"] if scale != 1 and bare_numbers(without_symbols(cells)) >= 0.5 else []
    proposal = f"{prefix}{own} = {cell(column.name, AS_AMOUNT, *times)}"
    symbols = [symbol for symbol in _SYMBOLS if any(symbol in one for one in cells.counts)]
    if currency == table.currency and not times and cells.share(_reads_in(currency, symbols)) == 1:
        draft.money[currency] = symbols
        draft.missing += [one for one in not_told(cells) if one not in draft.missing]
        draft.use(column.name, f"{role}.{own}")
        return own, proposal
    question = tr(
        "amounts in {currency} ({samples}): in which words? [money] reads them",
        currency=currency,
        samples=samples(column),
    )
    shared = [f"share = {{ {own.removeprefix('round_')} = {text(own)} }}"] if own.startswith("round_") else []
    draft.say(column.name, question, money_line(currency, symbols), proposal, *shared)
    return None


def _told(column: Column) -> Column | None:
    """The column without the words for an amount that is not told; None where the rest are no numbers."""
    unknown = not_told(column.cells)
    left = [text for text in column.cells.texts if text not in unknown]
    numbers = replace(column, cells=Cells(left, column.cells.rows))
    return numbers if number_cell(numbers) is not None else None


def _bare(draft: Draft, column: Column, name: str, role: str, prefix: str, currency: str) -> tuple[str, str] | None:
    """The property of plain numbers, by the factor that the heading tells; a question where it tells none."""
    own = f"{name}_{currency.casefold()}_m"
    cells = column.cells
    decimal = ['decimal = ","'] if cells.decimal_comma else []
    keep = optional(1 if cells.blank == 0 else cells.comma_number if cells.decimal_comma else cells.number)
    scale = scale_of(column.name, cells)

    def line(units: int) -> str:
        times = Decimal(units) / 10**6
        told = [] if times == 1 else [f"times = {times.normalize():f}"]
        return f"{prefix}{own} = {cell(column.name, AS_NUMBER, *decimal, *told, *keep)}"

    if scale is None:
        draft.say(
            column.name,
            tr(
                "amounts in {currency} ({samples}): in single units, thousands, or millions?",
                currency=currency,
                samples=samples(column),
            ),
            *map(line, (1, 10**3, 10**6)),
        )
        return None
    draft.use(column.name, f"{role}.{own}")
    if currency != "CNY":
        draft.say(column.name, tr(_ALL_IN, currency=currency), money_line(currency))
    return own, line(scale)


def _reads_in(currency: str, symbols: Sequence[str]) -> Callable[[str], bool]:
    """Whether an amount can be read where all are in one currency; words for one that is not told count as blank."""
    money = Money.model_validate({"into": currency, "default": currency, "symbols": dict.fromkeys(symbols, currency)})

    def reads(text: str) -> bool:
        try:
            return bool(UNKNOWN_PARTY.match(text)) or amount(text, money) is not None
        except UnreadableError:
            return False

    return reads


_SYMBOLS = ("$", "£", "¥", "kr", "Rs")
_ALL_IN = tr_later("is all money of the dataset in {currency}? Then this line, and the metrics of money count it:")


def money_line(currency: str, symbols: Sequence[str] = ()) -> str:
    """The line of the mapping for amounts in one currency; `symbols` are those that are of several."""
    said = ", ".join(f"{text(symbol)} = {text(currency)}" for symbol in symbols)
    more = [f"symbols = {{ {said} }}"] if said else []
    return f"money = {{ {', '.join([f'into = {text(currency)}', f'default = {text(currency)}', *more])} }}"


def _is_yuan(text: str) -> bool:
    """Whether an amount can be read with no words but those of the yuan."""
    try:
        amount(text, _YUAN)
    except UnreadableError:
        return False
    return True


_YUAN = Money.model_validate({"currencies": {"人民币": 1, "元": 1}, "default": "人民币"})


def currency_of_column(table: Table, column: Column) -> str | None:
    """The currency of an amount, by its name, its cells or the column beside it; None where nobody tells one."""
    own = currency_of(column.name, column.cells)
    if own is not None:
        return own
    beside = currency_beside(table, None, column)
    return next(iter(beside.cells.counts)) if beside is not None and beside.cells.distinct == 1 else None
