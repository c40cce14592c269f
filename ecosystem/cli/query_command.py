"""`ecosystem query`: a Cypher query on the graph."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import say, say_if_synthetic, show
from ecosystem.cli.options import (
    DEFAULT_STORE,
    STREAM,
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    OutOption,
    StoreOption,
)
from ecosystem.errors import InputError, QueryError, UsageError, mended
from ecosystem.messages import tr

if TYPE_CHECKING:
    import pyarrow as pa

    from ecosystem.query import Schema
    from ecosystem.query.tree import AnyStatement
    from ecosystem.store import GraphStore

_LONGEST_NUMBER = 400
"""Characters: the largest floats written out have 309 digits."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


def query(
    text: Annotated[
        str, typer.Argument(metavar="QUERY|FILE.cypher|-", help="A query in Cypher, the file with it, or - for stdin.")
    ],
    param: Annotated[
        list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="A value for $NAME; may be repeated.")
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
    timeout: Annotated[float | None, typer.Option("--timeout", min=0.01, help="Stop after so many seconds.")] = None,
) -> None:
    """Run a Cypher query that only reads. A whole node or link is shown by its id, a list as in JSON.

    What is not a number, as 0.0 / 0.0, is NaN, and what is missing is blank: "–" on the screen, null in JSON.

    A Neo4j server takes any Cypher that reads, the embedded engine a subset.
    """
    import pandas as pd

    from ecosystem.export import write_table
    from ecosystem.store import open_store

    question, file = _read(text)
    values = dict(_value(given) for given in param or [])
    with closing(open_store(store, database=database)) as graph:
        say_if_synthetic(graph.dataset)
        table = _answer(graph, question, file, values, timeout)
    # typed as they came: integers stay integers where some are missing, and not-a-number is not missing
    frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    if out is not None:
        write_table(out, frame, excel=excel)
        say(tr("{count:,} rows written to {out}", count=len(frame), out=out))
    else:
        show(frame, form)


def _answer(
    graph: GraphStore, text: str, file: str | None, values: Mapping[str, object], timeout: float | None
) -> pa.Table:
    """The rows; a text outside our grammar is sent as it stands to a store that accepts any Cypher."""
    from ecosystem.store.base import CypherStore

    try:
        statement = _checked(text, file, graph.schema, values)
    except QueryError as err:
        beyond = any(finding.code in ("syntax", "outside_subset") for finding in err.findings)
        if beyond and isinstance(graph, CypherStore):
            return graph.ask(text, values, timeout=timeout)
        raise
    return graph.query(statement, values, timeout=timeout).read_all()


def _checked(text: str, file: str | None, schema: Schema, values: Mapping[str, object]) -> AnyStatement:
    """The statement. Raises QueryError when it does not parse, or does not fit the graph."""
    from ecosystem.query.check import parameter_types
    from ecosystem.query.statement_check import check_statement
    from ecosystem.query.statement_parser import parse_statement

    statement = parse_statement(text, file)
    faults = check_statement(statement, schema, parameter_types(values), file)
    if faults:
        raise QueryError(tr("the query does not fit the graph"), findings=faults)
    return statement


def _read(text: str) -> tuple[str, str | None]:
    """The query and, where it came from one, its file."""
    if text != STREAM and not text.endswith(".cypher"):
        _refuse_bytes(tr("the query"), text)
        return text, None
    from ecosystem.tables.packed import text_content

    path = Path(text)
    try:
        return text_content(path), path.name
    except UnicodeDecodeError as err:
        raise InputError(tr("{path} is not UTF-8", path=path), hint=tr("save it as UTF-8")) from err
    except OSError as err:
        raise InputError(tr("{path} cannot be read: {strerror}", path=path, strerror=err.strerror)) from err


def _refuse_bytes(what: str, text: str) -> None:
    """Raise UsageError for an argument with bytes that are no text: neither an engine nor a file takes them."""
    try:
        text.encode()
    except UnicodeEncodeError as err:
        hint = tr("these bytes are not: {mended}", mended=mended(text[max(err.start - 20, 0) : err.start + 1]))
        raise UsageError(tr("{what} is not UTF-8", what=what), hint=hint) from err


def _value(given: str) -> tuple[str, object]:
    """`level=province`, `since=2019`, `share=0.5`, `listed=true`, or a list `layers=[a,b]`."""
    _refuse_bytes("a parameter", given)
    name, equals, value = given.partition("=")
    if not equals or not name.strip():
        raise UsageError(tr("{given!r} is not a parameter", given=given), hint=tr("write --param level=province"))
    if value.startswith("[") and value.endswith("]"):
        return name.strip(), [_scalar(part.strip()) for part in value[1:-1].split(",") if part.strip()]
    return name.strip(), _scalar(value)


def _scalar(text: str) -> object:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    if _NUMBER.fullmatch(text):
        if len(text) > _LONGEST_NUMBER:
            # Python takes long to read so many digits, and refuses in the end
            raise UsageError(
                tr("a parameter is a number of {count:,} characters", count=len(text)),
                hint=tr("put it in quotes if it is a text"),
            )
        return float(text) if set(text) & set(".eE") else int(text)
    return text
