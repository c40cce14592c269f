"""`ecosystem export`: the graph as files for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.commands import App
from ecosystem.cli.completion import complete_link
from ecosystem.cli.console import progress, put, say, say_if_synthetic
from ecosystem.cli.options import DEFAULT_STORE, DatabaseOption, FolderArgument, StoreOption
from ecosystem.cli.out_files import new_folder
from ecosystem.errors import DatasetError
from ecosystem.messages import together, tr

if TYPE_CHECKING:
    from ecosystem.export.graph_parts import GraphParts
    from ecosystem.progress import Progress

app = App(
    help="Write the graph for Gephi and others, or for Neo4j's offline importer.",
)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")]
LinkOption = Annotated[
    list[str] | None,
    typer.Option(
        "--link",
        metavar="TYPE",
        help="Only links of this type and their ends; may be repeated.",
        autocompletion=complete_link,
    ),
]


@app.command("graphml")
def graphml(
    file: FileArgument, link: LinkOption = None, store: StoreOption = DEFAULT_STORE, database: DatabaseOption = None
) -> None:
    """Write nodes and links as GraphML, for Gephi, igraph, networkx, yEd and Cytoscape."""
    from ecosystem.export.graphml import write_graphml

    with _graph(store, database, link) as (graph, report):
        write_graphml(file, graph, progress=report)
    _say_written(graph, str(file))


@app.command("gexf")
def gexf(
    file: FileArgument, link: LinkOption = None, store: StoreOption = DEFAULT_STORE, database: DatabaseOption = None
) -> None:
    """Write nodes and links as GEXF, the format of Gephi."""
    from ecosystem.export.gexf import write_gexf

    with _graph(store, database, link) as (graph, report):
        write_gexf(file, graph, progress=report)
    _say_written(graph, str(file))


@app.command("csv")
def csv(
    file: FileArgument,
    link: LinkOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="With a byte-order mark, and formulas disarmed, for Excel.")
    ] = False,
) -> None:
    """Write two tables: for graph.csv the nodes as graph.nodes.csv and the links as graph.links.csv."""
    from ecosystem.export.graph_csv import write_graph_csv

    with _graph(store, database, link) as (graph, report):
        files = write_graph_csv(file, graph, excel=excel, progress=report)
    _say_written(graph, together(files))


@app.command("neo4j-admin")
def neo4j_admin(
    folder: FolderArgument,
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="The folder to write: new, or empty.", callback=new_folder)
    ],
) -> None:
    """Write the files for `neo4j-admin database import full`, and import.sh with its command line."""
    from ecosystem.dataset import read_dataset
    from ecosystem.export.neo4j_admin import SCRIPT, write_neo4j_admin

    with progress() as report:
        reading = read_dataset(folder, progress=report)
        if not reading.clean:
            hint = tr("correct them (ecosystem dataset check lists all)")
            raise DatasetError(tr("{folder} has errors", folder=folder), findings=reading.findings, hint=hint)
        write_neo4j_admin(out, reading.dataset, progress=report)
    rows = sum(table.num_rows for table in (*reading.dataset.nodes.values(), *reading.dataset.links.values()))
    say(tr("{rows:,} nodes and links written to {out}; with the database stopped, run", rows=rows, out=out))
    put(f"{out / SCRIPT}\n")  # the command is the answer: stdout


@contextmanager
def _graph(store: str, database: str | None, link: list[str] | None) -> Iterator[tuple[GraphParts, Progress]]:
    """The graph to write, and the progress callback."""
    from ecosystem.export.graph_parts import graph_parts
    from ecosystem.store import open_store
    from ecosystem.store.snapshot import snapshot

    with closing(open_store(store, database=database)) as graph, progress() as report:
        say_if_synthetic(graph.dataset)
        yield graph_parts(snapshot(graph, progress=report), link or ()), report


def _say_written(graph: GraphParts, where: str) -> None:
    nodes, links = (sum(part.table.num_rows for part in parts) for parts in (graph.nodes, graph.links))
    say(tr("{nodes:,} nodes and {links:,} links written to {where}", nodes=nodes, links=links, where=where))
