"""The commands of `ecosystem`, put together: each parses, calls one library function, prints."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ecosystem.cli import (
    compare_command,
    dataset_command,
    explain_command,
    export_command,
    index_command,
    knockout_command,
    metrics_command,
    regions_command,
    weights_command,
)
from ecosystem.cli.coherence_command import coherence
from ecosystem.cli.console import put
from ecosystem.cli.demo_command import demo
from ecosystem.cli.drop_one_command import drop_one
from ecosystem.cli.load_command import load
from ecosystem.cli.plot_command import plot
from ecosystem.cli.query_command import query
from ecosystem.cli.score_command import score
from ecosystem.cli.verify_command import check_metrics, verify
from ecosystem.messages import tr
from ecosystem.version import __version__

GROUPS = {
    "regions": regions_command.app,
    "dataset": dataset_command.app,
    "metrics": metrics_command.app,
    "export": export_command.app,
    "index": index_command.app,
    "weights": weights_command.app,
    "compare": compare_command.app,
    "explain": explain_command.app,
    "knockout": knockout_command.app,
}


def translate(command: Any) -> None:
    """Put the helps of a command, and of those below it, into the language that is spoken."""
    for part in _with_help(command):
        part.help = tr(part.help)


def _with_help(command: Any) -> Iterator[Any]:
    """The command, its options and the commands below it, as far as they have a help."""
    for part in (command, *command.params):
        if getattr(part, "help", None):
            yield part
    for below in getattr(command, "commands", {}).values():
        if not isinstance(below, DeferredGroup):
            yield from _with_help(below)


def every_help() -> list[str]:
    """The help texts of all commands and options, each once."""
    root = typer.main.get_group(app)
    groups = [command.whole for command in root.commands.values() if isinstance(command, DeferredGroup)]
    return list(dict.fromkeys(part.help for command in (root, *groups) for part in _with_help(command)))


class DeferredGroup(TyperGroup):
    """A group of which only name and help are made until it is named: Typer takes a millisecond for each command."""

    def __init__(self, name: str, app: typer.Typer) -> None:
        super().__init__(name=name, help=tr(str(app.info.help)))
        self._app = app

    @cached_property
    def whole(self) -> TyperGroup:
        """The group with its commands."""
        whole = typer.main.get_group(self._app)
        whole.name = self.name
        translate(whole)
        return whole

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the whole group, which then parses and runs."""
        return self.whole.make_context(info_name, args, parent, **extra)


class Root(TyperGroup):
    """The commands of `main.py`, and the groups behind them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, group in GROUPS.items():
            self.add_command(DeferredGroup(name, group), name)
        translate(self)


app = typer.Typer(
    name="ecosystem",
    cls=Root,
    help="Analyze innovation ecosystems: from links to regional scores, and back to the links.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog="Example: ecosystem demo")(demo)
app.command(epilog="Example: ecosystem load mydata --store mydata.duckdb")(load)
app.command(
    epilog='Example: ecosystem query "MATCH (c:Company) RETURN c.layer AS layer, count(*) AS n ORDER BY n DESC"'
)(query)
index_command.app.command("drop-one", epilog="Example: ecosystem index drop-one asem --values asem/values.csv --at 2")(
    drop_one
)
index_command.app.command(
    "plot", epilog="Example: ecosystem index plot asem --values asem/values.csv --kind dot --out asem.svg"
)(plot)
metrics_command.app.command("check", epilog="Example: ecosystem metrics check metrics")(check_metrics)
app.command(epilog="Example: ecosystem verify --against mydata")(verify)
app.command(epilog="Example: ecosystem coherence asem --values asem/values.csv")(coherence)
app.command(epilog="Example: ecosystem score cingai-2023 --level province --groups --out scores.xlsx")(score)


def _version(given: bool) -> None:
    if given:
        put(f"ecosystem {__version__}\n")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Analyze innovation ecosystems: from links to regional scores, and back to the links."""
