"""Parameters given to a metric: `NAME=VALUE` held against its header, and written where its own values stood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ecosystem.errors import MetricError
from ecosystem.messages import tr
from ecosystem.query.printer import expression_text
from ecosystem.query.query_header import BUILT_IN, Constant, constant
from ecosystem.query.tree import ListOf, Literal
from ecosystem.query.types import literal_type

LONGEST = 1_000
"""Characters of a value that are read: it is a number or a few words."""

WIDEST = 2**63
"""Whole numbers of this size and more are none of any engine."""

_NAMED = re.compile(r"(?P<name>[^()]+?)\s*\((?P<given>.*)\)\s*", re.DOTALL)
_VALUE = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^,'"\[\]])+"""
_GIVEN = re.compile(rf"\s*(?P<name>[^\W\d]\w*)\s*=\s*(?P<value>{_VALUE})\s*(?:,|$)", re.DOTALL)
_PARAM_LINE = r"(?m)^([ \t]*//[ \t]*param[ \t]*:[ \t]*{name}[ \t]*=[ \t]*)[^\r\n]*"


def split_name(text: str) -> tuple[str, dict[str, str]] | None:
    """The name of a metric and what is given to it, of `NAME(PARAMETER=VALUE, ...)`; None for a name alone.

    Raises MetricError where the parentheses hold anything else.
    """
    found = _NAMED.fullmatch(text)
    if found is None or "=" not in found["given"]:
        return None
    return found["name"].strip(), read_given([found["given"]])


def read_given(texts: Iterable[str]) -> dict[str, str]:
    """The values by their names, as texts, of `NAME=VALUE` or several of them with commas between.

    Raises MetricError for a text that is nothing of the kind, and for a name that is given twice.
    """
    given: dict[str, str] = {}
    for text in texts:
        at = 0
        while at < len(text) or not text:
            found = _GIVEN.match(text, at)
            if found is None:
                message = tr("{text!r} is not a parameter with its value", text=text[:60])
                raise MetricError(message, hint=tr("write NAME=VALUE, for example segments=120"))
            if found["name"] in given:
                message = tr("the parameter {name} is given twice", name=found["name"])
                raise MetricError(message, hint=tr("keep one of them"))
            given[found["name"]] = found["value"].strip()
            at = found.end()
    return given


def typed_values(metric: str, own: Mapping[str, Constant], given: Mapping[str, str]) -> dict[str, Constant]:
    """What is given to a metric as constants of the types of its own, in the order of its header.

    Raises MetricError for a name that the metric does not have, and for a value of another type.
    """
    for name in given:
        if name not in own:
            raise MetricError(
                tr("{metric} has no parameter {name!r}", metric=metric, name=name), hint=_known(name, own)
            )
    return {name: _typed(metric, name, given[name], default) for name, default in own.items() if name in given}


def _known(name: str, own: Mapping[str, Constant]) -> str:
    if name in BUILT_IN:
        return tr("the options --level, --since and --until give it")
    if not own:
        return tr("its header has no line // param: NAME = VALUE")
    known = ", ".join(f"{key} = {constant_text(value)}" for key, value in own.items())
    return tr("its parameters, with the values they have: {known}", known=known)


def _typed(metric: str, name: str, text: str, default: Constant) -> Constant:
    """The constant in a text; a number with decimals may be whole, and a text stand without quotes."""
    wanted = literal_type(default)
    value = constant(text) if len(text) <= LONGEST else None
    if isinstance(value, int) and abs(value) >= WIDEST:
        value = None
    kind = None if value is None else literal_type(value)
    if kind == wanted and value is not None:
        return value
    if wanted == "float" and isinstance(value, int) and kind == "integer":
        return float(value)
    if wanted == "list of float" and kind == "list of integer" and isinstance(value, tuple):
        return tuple(float(item) for item in value if isinstance(item, int))
    if (
        wanted == "string"
        and kind is None
        and len(text) <= LONGEST
        and text.isprintable()
        and not set(text) & set("'\"\\")
    ):
        return text
    message = tr("the parameter {name} of {metric} cannot be {text}", name=name, metric=metric, text=repr(text[:60]))
    example = tr(
        "it is of the type {kind}, for example {name}={value}", kind=wanted, name=name, value=constant_text(default)
    )
    raise MetricError(message, hint=example)


def constant_text(value: Constant) -> str:
    """A constant in Cypher's words."""
    if isinstance(value, tuple):
        return expression_text(ListOf(tuple(Literal(item) for item in value)))
    return expression_text(Literal(value))


def given_name(name: str, values: Mapping[str, Constant]) -> str:
    """A metric's id with what is given to it, e.g. `segment_coverage(segments=120)`."""
    given = ", ".join(f"{key}={constant_text(value)}" for key, value in values.items())
    return f"{name}({given})"


def with_lines(text: str, values: Mapping[str, Constant]) -> str:
    """The text of a metric in which the header lines of these parameters have these values."""
    for name, value in values.items():
        found = re.search(_PARAM_LINE.format(name=re.escape(name)), text)
        if found is not None:
            text = f"{text[: found.end(1)]}{constant_text(value)}{text[found.end() :]}"
    return text
