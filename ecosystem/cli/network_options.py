"""The options that all commands of `ecosystem network` have, declared once: which network, and where tables go.

A command says `@on_network()` and takes them as two records: the `Scope` of the network, and the `Output` of tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.network_request import Asked, put_tables
from ecosystem.cli.option_records import Command, takes
from ecosystem.cli.options import (
    DEFAULT_STORE,
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    Lang,
    LangOption,
    LevelOption,
    OutOption,
    SinceOption,
    StoreOption,
    UntilOption,
)

if TYPE_CHECKING:
    import pandas as pd

NetworksOption = Annotated[
    Path | None, typer.Option("--networks", metavar="FOLDER", help="Networks of your own, beside the shipped ones.")
]
IsolatesOption = Annotated[
    bool, typer.Option("--isolates", help="Count organisations without an edge, too: all that could have one.")
]


@dataclass(frozen=True, slots=True)
class Scope:
    """The store, the level of regions and the years of the network that a command is about."""

    level: str
    since: int | None
    until: int | None
    folder: Path | None
    store: str
    database: str | None
    isolates: bool

    def asked(self, name: str) -> Asked:
        """The network of that name within the scope."""
        return Asked(name, self.folder, self.store, self.database, self.level, self.since, self.until, self.isolates)


@dataclass(frozen=True, slots=True)
class Output:
    """The language of tables, and where they go: on the screen, to a program, or into a file."""

    lang: Lang
    form: Format
    out: Path | None
    excel: bool

    @property
    def on_screen(self) -> bool:
        """Whether a person reads the tables from the terminal."""
        return self.form is Format.table and self.out is None

    def put(self, tables: Mapping[str, pd.DataFrame]) -> None:
        """Print or write tables by the names of their sheets; see `put_tables`."""
        put_tables(tables, self.form, self.out, excel=self.excel)


def on_network(*, isolates: bool = False, tables: bool = True) -> Callable[[Command], Command]:
    """Decorate a command on networks: it has all shared options, `--isolates` and those of tables where asked for."""
    records: dict[str, Callable[..., object]] = {"output": _output} if tables else {}
    return takes(without=() if isolates else ("isolates",), **records, scope=_scope)


def _scope(
    level: LevelOption = "province",
    since: SinceOption = None,
    until: UntilOption = None,
    folder: NetworksOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    isolates: IsolatesOption = False,
) -> Scope:
    return Scope(level, since, until, folder, store, database, isolates)


def _output(
    lang: LangOption, form: FormatOption = Format.table, out: OutOption = None, excel: ExcelOption = False
) -> Output:
    return Output(lang, form, out, excel)
