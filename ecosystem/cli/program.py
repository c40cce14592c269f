"""The commands of `ecosystem`, put together: each parses, calls one library function, prints."""

from __future__ import annotations

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
    network_command,
    regions_command,
    weights_command,
)
from ecosystem.cli.coherence_command import coherence
from ecosystem.cli.commands import App, Group, with_help
from ecosystem.cli.console import put
from ecosystem.cli.demo_command import demo
from ecosystem.cli.drop_one_command import drop_one
from ecosystem.cli.index_template_command import template
from ecosystem.cli.init_command import init
from ecosystem.cli.load_command import load
from ecosystem.cli.network_files_command import draw, export
from ecosystem.cli.network_inference_command import against_chance, backbone, gravity
from ecosystem.cli.network_layers_command import evolution, multiplex, relatedness
from ecosystem.cli.network_paths_command import ego, path, suggest
from ecosystem.cli.network_structure_command import communities, core, holes
from ecosystem.cli.network_tables_command import connectors, flows, nodes, regions, roles, summary, typology
from ecosystem.cli.plot_command import plot
from ecosystem.cli.profile_command import profile
from ecosystem.cli.query_command import query
from ecosystem.cli.report_command import report
from ecosystem.cli.robustness_command import robustness
from ecosystem.cli.score_command import score
from ecosystem.cli.verify_command import check_metrics, verify
from ecosystem.version import __version__

GROUPS = {
    "regions": regions_command.app,
    "dataset": dataset_command.app,
    "metrics": metrics_command.app,
    "network": network_command.app,
    "export": export_command.app,
    "index": index_command.app,
    "weights": weights_command.app,
    "compare": compare_command.app,
    "explain": explain_command.app,
    "knockout": knockout_command.app,
}


def every_help() -> list[str]:
    """The help texts of all commands and options, each once."""
    return list(dict.fromkeys(part.help for part in with_help(typer.main.get_group(app))))


class DeferredGroup(Group):
    """A group of which only name and help are made until it is named: Typer takes a millisecond for each command."""

    def __init__(self, name: str, app: typer.Typer) -> None:
        super().__init__(name=name, help=str(app.info.help))
        self._app = app

    @cached_property
    def whole(self) -> TyperGroup:
        """The group with its commands."""
        whole = typer.main.get_group(self._app)
        whole.name = self.name
        return whole

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the whole group, which then parses and runs."""
        return self.whole.make_context(info_name, args, parent, **extra)


class Root(Group):
    """The commands of `main.py`, and the groups behind them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, group in GROUPS.items():
            self.add_command(DeferredGroup(name, group), name)


app = App(
    name="ecosystem",
    cls=Root,
    help="Analyze innovation ecosystems: from links to regional scores, and back to the links.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for function in (demo, init, load, query, verify, coherence, score, profile, report, robustness):
    app.command()(function)
index_command.app.command("template")(template)
index_command.app.command("drop-one")(drop_one)
index_command.app.command("plot")(plot)
metrics_command.app.command("check")(check_metrics)
for table in (summary, nodes, regions, flows, connectors, roles, typology, backbone, gravity, communities, core, holes):
    network_command.app.command()(table)
network_command.app.command("test")(against_chance)
for study in (multiplex, evolution, relatedness, ego, path, suggest, draw, export):
    network_command.app.command()(study)


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
