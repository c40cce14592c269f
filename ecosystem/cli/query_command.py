"""`ecosystem query`: a Cypher query on the graph."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Annotated

import typer

from ecosystem.cli.console import say, say_if_synthetic, show
from ecosystem.cli.options import (
    DEFAULT_STORE,
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    OutOption,
    StoreOption,
)
from ecosystem.errors import OutputError, UsageError
from ecosystem.messages import tr

MOST_SHOWN = 1_000_000
"""Rows of a table on the screen: how wide a column is, only all of its rows say."""
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
    timeout: Annotated[float, typer.Option("--timeout", min=0, help="Stop after so many seconds; 0: no limit.")] = 60,
    memory: Annotated[
        str,
        typer.Option(
            "--memory",
            metavar="SIZE",
            help="Stop where it needs more memory: 4GB, 500MB, half (of the machine's, at most 8 GB); 0: no limit.",
        ),
    ] = "half",
) -> None:
    """Run a Cypher query that only reads. A whole node or link is shown by its id, a list as in JSON.

    What is not a number, as 0.0 / 0.0, is NaN, and what is missing is blank: "–" on the screen, null in JSON.

    A Neo4j server takes any Cypher that reads, the embedded engine a subset. A query that reaches a limit of time or
    memory ends with an error, and nothing is written. A server has its own limits of memory as well.
    """
    import pandas as pd

    from ecosystem.export import write_table
    from ecosystem.store import open_store
    from ecosystem.store.limits import Limits
    from ecosystem.store.question import answer, read_question

    question, file = read_question(text)
    values = dict(_value(given) for given in param or [])
    limits = Limits.of(timeout, memory)
    with closing(open_store(store, database=database)) as graph:
        say_if_synthetic(graph.dataset)
        table = answer(graph, question, file, values, limits)
    # typed as they came: integers stay integers where some are missing, and not-a-number is not missing
    frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    if out is not None:
        write_table(out, frame, excel=excel)
        say(tr("{count:,} rows written to {out}", count=len(frame), out=out))
    elif form is Format.table and len(frame) > MOST_SHOWN:
        message = tr("the answer has {count:,} rows, too many for a table on the screen", count=len(frame))
        raise OutputError(message, hint=tr("write them, --out rows.parquet, print them, --format csv, or add LIMIT"))
    else:
        show(frame, form, own=True)


def _value(given: str) -> tuple[str, object]:
    """`level=province`, `since=2019`, `share=0.5`, `listed=true`, or a list `layers=[a,b]`."""
    from ecosystem.store.question import refuse_bytes

    refuse_bytes(tr("a parameter"), given)
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
