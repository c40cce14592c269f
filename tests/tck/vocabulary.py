"""The labels, link types and properties that a query speaks of, whether a graph has them or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from notation import Token, tokens

_OPEN, _CLOSE = ("(", "[", "{"), (")", "]", "}")
_SUBQUERIES = ("EXISTS", "COUNT", "COLLECT", "CALL")


@dataclass(frozen=True)
class Vocabulary:
    """What a query names, without repetition, in order of appearance."""

    labels: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()


def vocabulary(query: str) -> Vocabulary:
    """What a query names: a colon leads to a label, in the brackets of a link to a type, in braces from a property."""
    found: dict[str, dict[str, None]] = {"label": {}, "kind": {}, "property": {}}
    for what, name in _named(tokens(query)):
        found[what][name] = None
    return Vocabulary(tuple(found["label"]), tuple(found["kind"]), tuple(found["property"]))


def _named(pieces: list[Token]) -> Iterator[tuple[str, str]]:
    """Every name with what it names."""
    within = [""]
    in_types = False
    for before, token, after in zip([Token("", ""), *pieces], pieces, [*pieces[1:], Token("", "")], strict=False):
        if token.text in _OPEN:
            within.append(_bracket(token, before))
        elif token.text in _CLOSE:
            within = within[:-1] or [""]
            in_types = False
        elif token.text == "." and after.kind in ("name", "quoted"):
            yield "property", after.name
        elif token.text == ":" and within[-1] == "{" and before.kind in ("name", "quoted"):
            yield "property", before.name
        elif token.text == ":" and after.kind in ("name", "quoted"):
            in_types = within[-1] == "link"
            yield "kind" if in_types else "label", after.name
        elif token.text == "|" and in_types and after.kind in ("name", "quoted"):
            yield "kind", after.name


def _bracket(token: Token, before: Token) -> str:
    """What an opening bracket begins: a link, a subquery (as if there were no bracket), or what it is elsewhere."""
    if token.text == "[" and before.text == "-":
        return "link"
    return "" if token.text == "{" and before.text.upper() in _SUBQUERIES else token.text
