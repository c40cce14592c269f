"""`ecosystem network`: networks of organisations. This module lists, shows, writes and checks network files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ecosystem.cli.commands import App
from ecosystem.cli.console import say
from ecosystem.cli.network_options import NetworksOption
from ecosystem.cli.network_request import NetworkArgument
from ecosystem.cli.options import (
    DEFAULT_STORE,
    DatabaseOption,
    Format,
    FormatOption,
    LangOption,
    ModelOption,
    StoreOption,
)
from ecosystem.cli.query_files import new_file, show_file, show_list
from ecosystem.cli.run_request import known_networks
from ecosystem.errors import Finding, NetworkError
from ecosystem.messages import tr, tr_count

app = App(help="Networks of organisations: Cypher files that return edges, and what is measured on them.")


@app.command("list")
def list_command(lang: LangOption, folder: NetworksOption = None, form: FormatOption = Format.table) -> None:
    """List the networks."""
    show_list(known_networks(folder), lang, form, {"directed": lambda one: tr("yes") if one.directed else tr("no")})


@app.command("show")
def show_command(
    name: NetworkArgument,
    lang: LangOption,
    sql: Annotated[bool, typer.Option("--sql", help="Show the SQL of the edges and of the evidence too.")] = False,
    folder: NetworksOption = None,
    model: ModelOption = None,
) -> None:
    """Show a network: what its edges are and what they weigh, how it is dated, and its Cypher."""
    from ecosystem.network import find_network

    file = find_network(name, known_networks(folder))
    show_file(file, lang, {"directed": tr("yes") if file.directed else tr("no")}, sql=sql, model=model)


@app.command("new")
def new_command(
    name: Annotated[str, typer.Argument(metavar="ID", help="The new network's id, in lower case.")],
    folder: Annotated[Path, typer.Option("--networks", metavar="FOLDER", help="Where the file goes.")] = Path(
        "networks"
    ),
) -> None:
    """Write a file for a network of your own: it runs as it is, and you change it from there."""
    from ecosystem.network import parse_network

    new_file(name, folder, "network_template.cypher", parse_network)
    say(tr("edit it, then: ecosystem network summary {name} --networks {folder}", name=name, folder=folder))


@app.command("check")
def check_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder of networks.")],
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
) -> None:
    """Check a folder of networks: parse them, and run each on a store; a weight is a number above 0."""
    from contextlib import closing

    from ecosystem.network import linkage, load_networks
    from ecosystem.store import open_store, stored_regions

    networks = load_networks(folder)
    findings: list[Finding] = []
    with closing(open_store(store, database=database)) as graph:
        level = stored_regions(graph).levels[0]
        for file in networks.values():
            try:
                found = linkage(graph, file, level=level)
            except NetworkError as err:
                findings += err.findings
                if not err.findings:  # the file is well, and this graph has nothing for it
                    say(str(err))
                continue
            edges = tr_count("{count:,} edge", "{count:,} edges", len(found.network.weight))
            say(f"{file.id}: {edges}")
    if findings:
        raise NetworkError(tr("the networks in {folder} have errors", folder=folder), findings=findings)
    say(tr_count("{count} network parses and runs", "{count} networks parse and run", len(networks)))
