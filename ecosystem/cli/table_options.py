"""`--wide` and `--columns` of every command that prints a table: declared once, given to the commands in one place.

A command neither declares nor receives them: what they say is kept here until the command has ended, and `console` asks
for it when it prints.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ecosystem.cli.options import Format
from ecosystem.errors import UsageError
from ecosystem.messages import tr

if TYPE_CHECKING:
    import pandas as pd

WITHOUT_FORMAT = frozenset({"demo", "load", "verify"})
"""Commands that print a table and have no option `--format`."""
KEYS = "keys"
"""Where a frame keeps the keys of its columns by their headings, if they are not those of `headings`."""
NO_KEYS: Mapping[str, str] = {}


@dataclass(slots=True)
class Wanted:
    """What a person wants of the tables of one run: all columns, or some by name, in their order.

    `met` are the names that a table has had, `seen` the columns that there were, `held` what is printed once it is
    known that no name is wrong.
    """

    wide: bool = False
    columns: tuple[str, ...] = ()
    met: frozenset[str] = frozenset()
    seen: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


wanted = Wanted()
"""The choice of the command that runs."""


def _set_wide(value: bool) -> bool:
    wanted.wide = value
    return value


def _set_columns(value: str | None) -> str | None:
    names = next(csv.reader([(value or "").replace("，", ",")], skipinitialspace=True), [])
    wanted.columns = tuple(filter(None, map(str.strip, names)))
    if value is not None and not wanted.columns:
        raise UsageError(tr("--columns names no column"), hint=tr("separate names by commas: --columns rank,region"))
    return value


def places_of(headings: Sequence[str], keys: Mapping[str, str] = NO_KEYS) -> list[int]:
    """The places of the columns that are wanted, in the order in which they were named.

    A column is called as it is headed, or by the key or the heading of either language that means the same. `keys` are
    those of headings that no table of the program has, as titles of measures.
    """
    from ecosystem.cli.fitted_table import keys_of

    folded, own = [_folded(heading) for heading in headings], [_folded(keys.get(heading, "")) for heading in headings]
    wanted.seen = tuple(dict.fromkeys((*wanted.seen, *headings)))
    places: list[int] = []
    for name in wanted.columns:
        same = [place for place, heading in enumerate(folded) if heading == _folded(name)]
        same = same or [place for place, key in enumerate(own) if key == _folded(name)]
        same = same or [place for place, heading in enumerate(headings) if keys_of(heading) & keys_of(name)]
        places += [place for place in same if place not in places]
        if same:
            wanted.met |= {name}
    return places


def chosen(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of a table that are wanted: all where none is named, and none where it has none of those."""
    if not wanted.columns:
        return frame
    return frame.iloc[:, places_of([str(name) for name in frame.columns], frame.attrs.get(KEYS, NO_KEYS))]


def _folded(name: str) -> str:
    return name.casefold().replace("_", " ")


def refuse_unknown_columns() -> None:
    """Raise UsageError where a column was asked for that no table of the command had; nothing of it is printed then."""
    unknown = [name for name in wanted.columns if name not in wanted.met] if wanted.seen else []
    if unknown:
        wanted.held = ()
        raise UsageError(
            tr("there is no column {names}", names=", ".join(map(repr, unknown))),
            hint=tr("the columns are {columns}", columns=", ".join(wanted.seen)),
        )


def released() -> str:
    """What was held back until the command had ended; the next one begins without a choice."""
    text = "".join(wanted.held)
    wanted.wide, wanted.columns, wanted.met, wanted.seen, wanted.held = False, (), frozenset(), (), ()
    return text


@cache
def _options() -> tuple[Any, ...]:
    """The two options, made by Typer as it makes those of a command."""
    holder = typer.Typer(add_completion=False)
    holder.command()(_declared)
    return tuple(option for option in typer.main.get_command(holder).params if option.name in ("wide", "columns"))


def _declared(
    wide: Annotated[
        bool,
        typer.Option(
            "--wide",
            help="Show all columns of a table, however narrow the terminal.",
            callback=_set_wide,
            expose_value=False,
        ),
    ] = False,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="A,B,C",
            help="Show these columns of the table, in this order.",
            callback=_set_columns,
            expose_value=False,
        ),
    ] = None,
) -> None:
    """What a command without options of its own would look like."""


def add_table_options(command: Any) -> None:
    """Give the two options to a command that prints a table: after its `--format`."""
    place = next((at for at, each in enumerate(command.params, 1) if each.default is Format.table), None)
    if place is None and command.name in WITHOUT_FORMAT:
        place = len(command.params)
    if place is not None:
        command.params[place:place] = _options()
