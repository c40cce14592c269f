"""The command `ecosystem`: parses, calls one library function, prints."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

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
from ecosystem.cli.console import say
from ecosystem.cli.demo_command import demo
from ecosystem.cli.load_command import load
from ecosystem.cli.query_command import query
from ecosystem.cli.score_command import score
from ecosystem.cli.verify_command import check_metrics, verify
from ecosystem.errors import EcosystemError, UsageError
from ecosystem.version import __version__

INTERRUPTED = 130
"""The exit code after Ctrl-C."""

app = typer.Typer(
    name="ecosystem",
    help="Analyze innovation ecosystems: from links to regional scores, and back to the links.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog="Example: ecosystem demo")(demo)
app.add_typer(regions_command.app, name="regions")
app.add_typer(dataset_command.app, name="dataset")
app.command(epilog="Example: ecosystem load mydata --store mydata.duckdb")(load)
app.add_typer(metrics_command.app, name="metrics")
app.command(
    epilog='Example: ecosystem query "MATCH (c:Company) RETURN c.layer AS layer, count(*) AS n ORDER BY n DESC"'
)(query)
metrics_command.app.command("check", epilog="Example: ecosystem metrics check metrics")(check_metrics)
app.command(epilog="Example: ecosystem verify --against mydata")(verify)
app.add_typer(export_command.app, name="export")
app.add_typer(index_command.app, name="index")
app.add_typer(weights_command.app, name="weights")
app.command(epilog="Example: ecosystem coherence asem --values asem/values.csv")(coherence)
app.add_typer(compare_command.app, name="compare")
app.command(epilog="Example: ecosystem score cingai-2023 --level province --groups --out scores.xlsx")(score)
app.add_typer(explain_command.app, name="explain")
app.add_typer(knockout_command.app, name="knockout")


def _version(given: bool) -> None:
    if given:
        typer.echo(f"ecosystem {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Analyze innovation ecosystems: from links to regional scores, and back to the links."""


def main() -> None:
    """Run the command line: exit 0 done, 1 findings or an expected error, 2 wrong usage, 130 interrupted."""
    try:
        app()
    except UsageError as err:
        say(f"error: {err}")
        sys.exit(2)
    except EcosystemError as err:
        say(f"error: {err}")
        sys.exit(1)
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            say("stopped: what was being written has been discarded, and what existed before is unchanged")
        raise
    except BrokenPipeError:
        # the program at the other end of the pipe has read enough (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
