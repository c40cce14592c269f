"""Files for Neo4j's offline importer, and its command line: the first load of something large."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from ecosystem.dataset.dataset import Dataset
from ecosystem.errors import OutputError
from ecosystem.messages import tr
from ecosystem.progress import Progress, silent
from ecosystem.store.neo4j.marker import MARKER, marker_of, marker_properties, properties_of
from ecosystem.tables.atomic import new_folder

SCRIPT = "import.sh"
_TYPES = {
    pa.string(): "string",
    pa.int64(): "long",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}


def write_neo4j_admin(folder: Path, dataset: Dataset, *, progress: Progress = silent) -> None:
    """Write a folder from which `neo4j-admin database import full` makes the graph that a load would have made.

    `nodes/` and `links/` have a CSV file per label and link type, `constraints.cypher` what to run once the server is
    up, `import.sh` the command line: it takes the name of the database and further options of the importer. The folder
    may be missing or empty; it is there whole or not at all. OutputError where it cannot be written, or a property has
    a name that the importer cannot read.
    """
    _refuse_names(dataset)
    with new_folder(folder) as stage:
        total = len(dataset.nodes) + len(dataset.links)
        lines = []
        for done, (option, file, table) in enumerate(_files(dataset), start=1):
            (stage / file).parent.mkdir(exist_ok=True)
            with (stage / file).open("wb") as sink:
                csv.write_csv(table, sink)
            lines.append(f"--{option}={file}")
            progress(tr("write"), min(done, total), total)
        (stage / "constraints.cypher").write_text(_constraints(dataset), encoding="utf-8")
        script = stage / SCRIPT
        script.write_text(_script(lines, multiline=_has_line_ends(dataset)), encoding="utf-8")
        script.chmod(0o755)


def _files(dataset: Dataset) -> Iterator[tuple[str, str, pa.Table]]:
    """The option, the file and the table of each label and type, and of the marker last."""
    model = dataset.model
    for label, table in dataset.nodes.items():
        known = model.labels[label]
        columns = {":ID": table["_id"], **_properties(table, set(known.properties))}
        yield f"nodes={label}", f"nodes/{known.table}.csv", pa.table(columns)
    for kind, table in dataset.links.items():
        link = model.links[kind]
        ends = {":START_ID": table["_src"], ":END_ID": table["_dst"]}
        yield (
            f"relationships={kind}",
            f"links/{link.table}.csv",
            pa.table(ends | _properties(table, set(link.properties))),
        )
    free = 1 + max((pc.max(table["_id"]).as_py() for table in dataset.nodes.values() if table.num_rows), default=-1)
    yield f"nodes={MARKER}", "nodes/_marker.csv", _marker(dataset, free)


def _properties(table: pa.Table, known: set[str]) -> dict[str, pa.ChunkedArray]:
    """The columns that a load would write, with the importer's type behind the name."""
    return {f"{name}:{_TYPES.get(table[name].type, 'string')}": table[name] for name in properties_of(table, known)}


def _marker(dataset: Dataset, key: int) -> pa.Table:
    facts: Mapping[str, object] = {"id": "dataset", **marker_properties(marker_of(dataset, "ready"))}
    facts = {name: value for name, value in facts.items() if value is not None}
    columns = {name: pa.array([value]) for name, value in facts.items()}
    return pa.table({":ID": [key], **{f"{name}:{_TYPES[column.type]}": column for name, column in columns.items()}})


def _script(lines: list[str], *, multiline: bool) -> str:
    options = ["--id-type=integer", f"--multiline-fields={str(multiline).lower()}", *lines]
    written = " \\\n  ".join(shlex.quote(option) for option in options)
    return (
        "#!/bin/sh\n"
        "# usage: ./import.sh [DATABASE] [options of neo4j-admin, e.g. --overwrite-destination]\n"
        "# Run it where the server's files are, as the user that runs the server, while the database is stopped.\n"
        'set -eu\ncd "$(dirname "$0")"\n'
        'database="${1:-neo4j}"\n[ $# -eq 0 ] || shift\n'
        f'exec "${{NEO4J_ADMIN:-neo4j-admin}}" database import full "$database" \\\n  {written} "$@"\n'
    )


def _constraints(dataset: Dataset) -> str:
    texts = [
        f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:`{label}`) REQUIRE n.id IS UNIQUE;"
        for label in (*dataset.model.labels, MARKER)
    ]
    return "\n".join(["// what `ecosystem load` makes before it writes", *texts, ""])


def _has_line_ends(dataset: Dataset) -> bool:
    """Whether a text goes over several lines: the importer then reads a file with one thread, so only where needed."""
    texts = (
        table[name]
        for table in (*dataset.nodes.values(), *dataset.links.values())
        for name in table.column_names
        if not name.startswith("_") and pa.types.is_string(table[name].type)
    )
    return any(pc.any(pc.match_substring_regex(text, "[\r\n]")).as_py() for text in texts)


def _refuse_names(dataset: Dataset) -> None:
    for kind, table in (*dataset.nodes.items(), *dataset.links.items()):
        wrong = [name for name in table.column_names if set(name) & set(":(){}")]
        if wrong:
            message = tr(
                "{kind} has the property {wrong!r}: a header of the importer gives : ( ) {{ }} another meaning",
                kind=kind,
                wrong=wrong[0],
            )
            raise OutputError(message, hint=tr("rename the column, or use ecosystem load"))
