"""A person's question to a store: Cypher that only reads, checked before it is asked; the rows as a frame."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ecosystem.errors import Finding, InputError, QueryError, UsageError, mended
from ecosystem.messages import tr
from ecosystem.query import Schema
from ecosystem.query.check import parameter_types
from ecosystem.query.parser import parse_statement
from ecosystem.query.statement_check import check_statement
from ecosystem.query.statement_tree import AnyStatement
from ecosystem.query.traversal import parameter_names
from ecosystem.store.base import CypherStore, GraphStore, LimitedStore
from ecosystem.store.limits import DEFAULT_SECONDS, HALF, Limits
from ecosystem.store.opening import open_store
from ecosystem.tables.packed import STDIN, text_content


def query(
    store: GraphStore | str | Path,
    text: str | Path,
    /,
    *,
    timeout: float | None = DEFAULT_SECONDS,
    memory: str | int | None = HALF,
    **parameters: Any,
) -> pd.DataFrame:
    """The rows of a Cypher query that only reads, as a pandas frame; `$name` in it is the parameter of that name.

    `text` is the query, or the path of a file that ends in .cypher. `store` is open, or the path or URL of one, which
    is opened and closed again. A whole node or link is its id. Columns have the types of Arrow, as pandas shows them:
    integers stay integers where some are missing. A Neo4j server takes any Cypher that reads, the embedded engine a
    subset (docs/language.md).

    `timeout` is in seconds, `memory` a size such as "4GB" or a number of bytes, by default half of the machine's, at
    most 8 GB; 0 is no limit. On the embedded engine a quarter of the memory is for the rows of the answer and the rest
    for finding them; a server has its own, and only the rows are held to it.

    QueryError where the text does not parse or does not fit the graph, with the place and the nearest names; UsageError
    for a value that no engine takes; StoreError where the engine refuses or a limit is reached.

    >>> store = ecosystem.open_store("demo/graph.duckdb")
    >>> text = "MATCH (c:Company {layer: $layer}) RETURN count(c) AS companies"
    >>> ecosystem.query(store, text, layer="foundation")
       companies
    0        374
    """
    question, file = read_question(text)
    values = {name: _value(name, value) for name, value in parameters.items()}
    limits = Limits.of(timeout, memory)
    opened = closing(open_store(store)) if isinstance(store, str | Path) else nullcontext(store)
    with opened as graph:
        table = answer(graph, question, file, values, limits)
    # typed as they came: integers stay integers where some are missing, and not-a-number is not missing
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def answer(graph: GraphStore, text: str, file: str | None, values: Mapping[str, object], limits: Limits) -> pa.Table:
    """The rows; a text outside our grammar is sent as it stands to a store that accepts any Cypher."""
    try:
        statement = _checked(text, file, graph.schema, values)
    except QueryError as err:
        beyond = any(finding.code in ("syntax", "outside_subset") for finding in err.findings)
        if beyond and isinstance(graph, CypherStore):
            return graph.ask(text, values, timeout=limits.seconds, memory=limits.memory)
        raise
    with graph.limited(limits.memory) if limits.memory and isinstance(graph, LimitedStore) else nullcontext():
        return limits.gathered(graph.query(statement, values, timeout=limits.seconds))


def _checked(text: str, file: str | None, schema: Schema, values: Mapping[str, object]) -> AnyStatement:
    """The statement. Raises QueryError when it does not parse, or does not fit the graph."""
    statement = parse_statement(text, file)
    faults = [
        _as_question(fault, statement) for fault in check_statement(statement, schema, parameter_types(values), file)
    ]
    if faults:
        raise QueryError(tr("the query does not fit the graph"), findings=faults)
    return statement


def _as_question(fault: Finding, statement: AnyStatement) -> Finding:
    """The fault with a hint for who asks: a metric declares a parameter in its header, a question is given one."""
    if fault.code != "unknown_parameter":
        return fault
    name = next((name for name in parameter_names(statement) if f"${name} " in fault.message), "NAME")
    return replace(fault, hint=tr("give it a value: --param {name}=1, in Python {name}=1", name=name))


def read_question(text: str | Path) -> tuple[str, str | None]:
    """The query and, where it came from one, the name of its file; InputError where that cannot be read."""
    path = Path(text)
    if isinstance(text, str) and path != STDIN and not text.endswith(".cypher"):
        refuse_bytes(tr("the query"), text)
        return text, None
    try:
        return text_content(path), path.name
    except UnicodeDecodeError as err:
        raise InputError(tr("{path} is not UTF-8", path=path), hint=tr("save it as UTF-8")) from err
    except OSError as err:
        raise InputError(tr("{path} cannot be read: {strerror}", path=path, strerror=err.strerror)) from err


def refuse_bytes(what: str, text: str) -> None:
    """Raise UsageError for an argument with bytes that are no text: neither an engine nor a file takes them."""
    try:
        text.encode()
    except UnicodeEncodeError as err:
        hint = tr("these bytes are not: {mended}", mended=mended(text[max(err.start - 20, 0) : err.start + 1]))
        raise UsageError(tr("{what} is not UTF-8", what=what), hint=hint) from err


def _value(name: str, value: Any) -> object:
    """The value of a parameter as an engine takes it: scalars and lists of numpy and pandas are plain ones."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, list | tuple | set | frozenset):
        return [_value(name, item) for item in value]
    if value is None or isinstance(value, bool | int | float | str | date | timedelta):
        return value
    message = tr("${name} cannot be a {kind}", name=name, kind=type(value).__name__)
    raise UsageError(message, hint=tr("give a number, a text, a date, a time, a duration, or a list of these"))
