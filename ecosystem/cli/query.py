"""`ecosystem query`: one question to the graph, in Cypher."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from ecosystem.cli.console import (
    DEFAULT_STORE,
    DatabaseOption,
    Format,
    FormatOption,
    OutOption,
    StoreOption,
    say,
    show,
)
from ecosystem.errors import InputError, QueryError, UsageError

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


def query(
    text: Annotated[str, typer.Argument(metavar="QUERY|FILE.cypher", help="Cypher, or a file that holds it.")],
    param: Annotated[
        list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="A value for $NAME; may be repeated.")
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: Annotated[bool, typer.Option("--excel", help="Begin a CSV file with a byte-order mark, for Excel.")] = False,
    timeout: Annotated[float | None, typer.Option("--timeout", min=0.01, help="Seconds that it may take.")] = None,
) -> None:
    """Ask the graph something in Cypher; it only reads. A whole node or link is shown by its id."""
    import pandas as pd
    import pyarrow as pa

    from ecosystem.export import write_table
    from ecosystem.query.check import parameter_types
    from ecosystem.query.statement_check import check_statement
    from ecosystem.query.statement_parser import parse_statement
    from ecosystem.store import open_store

    statement_text, file = _read(text)
    values = dict(_value(given) for given in param or [])
    statement = parse_statement(statement_text, file)
    graph = open_store(store, database=database)
    faults = check_statement(statement, graph.schema, parameter_types(values), file)
    if faults:
        raise QueryError("the query does not fit the graph", findings=faults)
    table = graph.query(statement, values, timeout=timeout).read_all()
    # integers stay integers where some are missing
    frame = table.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    graph.close()
    if out is not None:
        write_table(out, frame, excel=excel)
        say(f"{len(frame):,} rows written to {out}")
    else:
        show(frame, form)


def _read(text: str) -> tuple[str, str | None]:
    """The query and, where it came from one, its file."""
    if not text.endswith(".cypher"):
        return text, None
    path = Path(text)
    try:
        return path.read_text(encoding="utf-8-sig"), path.name
    except UnicodeDecodeError as err:
        raise InputError(f"{path} is not UTF-8", hint="save it as UTF-8") from err
    except OSError as err:
        raise InputError(f"{path} cannot be read: {err.strerror}") from err


def _value(given: str) -> tuple[str, object]:
    """`level=province`, `since=2019`, `share=0.5`, `listed=true`, or a list `layers=[a,b]`."""
    name, equals, value = given.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"{given!r} is no parameter", hint="write --param level=province")
    if value.startswith("[") and value.endswith("]"):
        return name.strip(), [_scalar(part.strip()) for part in value[1:-1].split(",") if part.strip()]
    return name.strip(), _scalar(value)


def _scalar(text: str) -> object:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    if _NUMBER.fullmatch(text):
        return float(text) if set(text) & set(".eE") else int(text)
    return text
