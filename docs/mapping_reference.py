"""The reference of the language of mappings, out of its models: what `docs/sources.md` shows between two marks."""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from ecosystem.dataset.model_form import NO_ADDITIONS, ModelForm
from ecosystem.imports.cell_language import CellSpec, Condition, Spec
from ecosystem.imports.language import (
    Each,
    EndSpec,
    FileSpec,
    FillDown,
    Join,
    LinkSpec,
    MappingSpec,
    NodeSpec,
    Unnamed,
)
from ecosystem.imports.money_language import Money
from ecosystem.imports.place_language import PlaceSpec

BEGIN = "<!-- reference: made from the models, do not edit -->"
END = "<!-- end of reference -->"

_SECTIONS: dict[type[Spec], str] = {
    MappingSpec: "The file",
    FileSpec: "`[files.KEY]`",
    FillDown: "`[files.KEY.fill_down]`",
    Join: "`[files.KEY.join.KEY]`",
    Money: "`[money]`",
    NodeSpec: "`[nodes.KEY]`",
    Each: "`each`",
    PlaceSpec: "`region`",
    Unnamed: "`unnamed`",
    LinkSpec: "`[links.KEY]`",
    EndSpec: "`from`, `to`",
    CellSpec: "A cell",
    Condition: "A condition",
}
_WORDS: dict[object, str] = {
    ModelForm: "`[model]`",
    CellSpec: "cell",
    Condition: "condition",
    bool: "true or false",
    Any: "constant",
}


def reference() -> str:
    """Markdown: one section for each table of the language, one row for each of its keys."""
    return "\n".join(_section(table, title) for table, title in _SECTIONS.items())


def with_reference(page: str) -> str:
    """The page with the present reference between its two marks."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{reference()}\n{END}{after}"


def _section(table: type[Spec], title: str) -> str:
    rows = [
        f"| `{field.alias or name}` | {_kind(field.annotation)} | {_needed(field.is_required(), field.default)} "
        f"| {_escaped(field.description or '')} |"
        for name, field in table.model_fields.items()
    ]
    head = ["| key | takes | default | meaning |", "|---|---|---|---|"]
    return "\n".join([f"### {title}", "", str(table.__doc__), "", *head, *rows, ""])


def _needed(required: bool, default: object) -> str:
    if required:
        return "must be given"
    return "" if default is None or default in ({}, [], "", NO_ADDITIONS) else f"`{_escaped(_as_toml(default))}`"


def _as_toml(default: object) -> str:
    if isinstance(default, list):
        return f"[{', '.join(_as_toml(one) for one in default)}]"
    return f'"{default}"' if isinstance(default, str) else str(default).lower()


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def _kind(annotation: Any) -> str:
    """What a key takes, in words."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(arguments[0])
    if origin is Literal:
        return " ".join(f"`{one}`" for one in arguments)
    if origin in (Union, UnionType):
        kinds = [_kind(one) for one in arguments if one is not type(None)]
        if any(get_origin(one) is Literal for one in arguments):
            return " or ".join(kinds)
        return kinds[0] if len(kinds) == 1 else "constant"
    if origin is list:
        return f"list: {_kind(arguments[0])}"
    if origin is dict:
        return f"table: {_kind(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, Spec | ModelForm):
        return _WORDS.get(annotation) or _SECTIONS[annotation]
    return {str: "text", bool: "true or false"}.get(annotation, "number")
