"""Options that many commands have, declared once and handed to a command as a record.

A command says `@takes(scoring=scoring, delivery=delivery)` and has a parameter of each of these names: in its place the
command line has the arguments and options of the function that makes the record.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection
from typing import Any

Command = Callable[..., None]


def takes(*, without: Collection[str] = (), **records: Callable[..., object]) -> Callable[[Command], Command]:
    """Decorate a command so that it takes the options of records; `without` are those that keep their default."""

    def decorated(function: Command) -> Command:
        own = inspect.signature(function, eval_str=True).parameters
        makers = {name: inspect.signature(make, eval_str=True).parameters for name, make in records.items()}
        merged: dict[str, inspect.Parameter] = {}
        for name, param in own.items():
            options = makers.get(name, {name: param})
            merged |= {option: each for option, each in options.items() if option not in without}

        @functools.wraps(function)
        def command(**values: Any) -> None:
            made = {
                record: records[record](**{name: values.pop(name) for name in options if name in merged})
                for record, options in makers.items()
            }
            function(**values, **made)

        # what Typer reads in place of the parameters of `command`
        parameters = [param.replace(kind=inspect.Parameter.KEYWORD_ONLY) for param in merged.values()]
        vars(command)["__signature__"] = inspect.Signature(parameters)
        command.__annotations__ = {name: param.annotation for name, param in merged.items()}
        return command

    return decorated
