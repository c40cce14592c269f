"""The page of the Python API: what the package and its rooms export, with signatures and docstrings."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import ecosystem

ROOMS = (
    "dataset",
    "imports",
    "synthetic.synthesize",
    "synthetic.twin",
    "regions",
    "query",
    "store",
    "indicator_source",
    "metrics",
    "metrics.verify",
    "index",
    "scoring",
    "audit",
    "profiles",
    "published.published",
    "published.comparison",
    "published.implied_weights",
    "export",
    "export.neo4j_admin",
)
"""Modules whose names are told; the last of `export` is not imported by it, since it needs the driver of Neo4j."""


def api_page(note: str) -> str:
    """The public names of `ecosystem` first, then what each room exports beside them."""
    parts = [f"# Python API\n\n{note}\n{_first_words()}\n"]
    told = set(ecosystem.__all__)
    parts += _section("ecosystem", [name for name in ecosystem.__all__ if name != "__version__"], ecosystem)
    for room in ROOMS:
        module = import_module(f"ecosystem.{room}")
        names = [name for name in getattr(module, "__all__", _functions(module)) if name not in told]
        told.update(names)
        parts += _section(f"ecosystem.{room}", names, module) if names else []
    return "\n".join(parts)


def _functions(module: ModuleType) -> list[str]:
    """The public functions of a module that has no list of names."""
    return [name for name, thing in vars(module).items() if not name.startswith("_") and _is_own(thing, module)]


def _is_own(thing: object, module: ModuleType) -> bool:
    return inspect.isfunction(thing) and thing.__module__ == module.__name__


def _first_words() -> str:
    # the formatter of the project sets comments in Markdown two blanks behind the code
    text = re.sub(r" {2,}#", "  #", (ecosystem.__doc__ or "").split("\n\n", 1)[1].strip())
    return f"A notebook needs one import:\n\n```python\n{text}\n```"


def _section(title: str, names: list[str], module: ModuleType) -> Iterator[str]:
    yield f"## {title}\n"
    if module is not ecosystem:
        yield f"{_doc(module)}\n"
    for name in sorted(names, key=str.casefold):
        yield from _entry(name, getattr(module, name))


def _entry(name: str, thing: Any) -> Iterator[str]:
    if inspect.isclass(thing):
        yield f"### {name}\n\n```python\nclass {name}{_bases(thing)}\n```\n\n{_doc(thing)}\n"
        yield from _members(thing)
    elif inspect.isfunction(inspect.unwrap(thing) if callable(thing) else thing):
        yield f"### {name}\n\n```python\n{_signature(name, thing)}\n```\n\n{_doc(thing)}\n"
    else:
        constant = isinstance(thing, str | tuple | int | float)
        shown = repr(thing) if constant else re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])", "", str(thing))
        quoted = shown.replace("'", '"')
        yield f"### {name}\n\n```python\n{name} = {quoted}\n```\n"


def _bases(thing: type) -> str:
    names = [
        base.__name__ for base in thing.__bases__ if base not in {object, Exception} and "Protocol" not in str(base)
    ]
    return f"({', '.join(names)})" if names else ""


def _members(thing: type) -> Iterator[str]:
    """Fields of a record, then public properties and methods with the first line of what they say."""
    fields = dataclasses.fields(thing) if dataclasses.is_dataclass(thing) else ()
    rows = [f"| `{field.name}` | `{_cell(field.type)}` | |" for field in fields if not field.name.startswith("_")]
    for name, member in vars(thing).items():
        plain = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if name.startswith("_"):
            continue
        if isinstance(plain, property):
            returned = inspect.signature(plain.fget).return_annotation if plain.fget else ""
            rows.append(f"| `{name}` | `{_cell(returned)}` | {_line(plain)} |")
        elif inspect.isfunction(plain):
            rows.append(f"| `{_cell(_signature(name, plain, bound=True))}` | | {_line(plain)} |")
    if rows:
        yield "\n".join(["| member | type | |", "|---|---|---|", *rows, ""])


def _signature(name: str, function: Any, *, bound: bool = False) -> str:
    """The signature as it is written: annotations without quotes, a default that is a function by its name."""
    found = inspect.signature(function)
    parameters = [
        each.replace(default=_default(each.default), annotation=_Text(each.annotation))
        if each.annotation is not each.empty
        else each
        for each in list(found.parameters.values())[1 if bound else 0 :]
    ]
    return f"{name}{found.replace(parameters=parameters, return_annotation=_Text(found.return_annotation))}"


def _default(default: Any) -> Any:
    named = callable(default) and default is not inspect.Parameter.empty
    return _Text(default.__name__) if named else default


class _Text:
    """What a signature shows as it stands."""

    def __init__(self, text: object) -> None:
        self.text = str(text)

    def __repr__(self) -> str:
        return self.text


def _doc(thing: Any) -> str:
    text, *examples = re.split(r"\n\n(?=>>> )", inspect.cleandoc(thing.__doc__ or ""))
    return "\n\n".join([text.replace("<", "&lt;"), *(f"```pycon\n{example.strip()}\n```" for example in examples)])


def _line(thing: Any) -> str:
    return _cell(_doc(thing).split("\n\n")[0].replace("\n", " "))


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|")
