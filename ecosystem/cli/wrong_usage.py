"""What the parser of the command line refuses, in the language that is spoken, with the nearest word as a hint."""

from __future__ import annotations

import re
from typing import Any

from ecosystem.errors import nearest
from ecosystem.messages import either, tr


def refusal(err: Any) -> str:
    """How the command is called, what is wrong, and what was perhaps meant; the help of a group that got no words.

    `err` is an exception of the click that Typer brings along, whose classes have no public names.
    """
    kind = type(err).__name__
    if kind == "NoArgsIsHelpError":
        return str(err.format_message())
    context = getattr(err, "ctx", None)
    lines = []
    if context is not None:
        help_option = context.help_option_names[0]
        lines = [
            context.get_usage(),
            tr("Try '{command} {option}' for help.", command=context.command_path, option=help_option),
            "",
        ]
    message, hint = _refusals(err, kind, context)
    lines.append(tr("Error: {message}", message=message))
    if hint:
        lines.append(tr("  hint: did you mean {close}?", close=hint))
    return "\n".join(lines)


def _refusals(err: Any, kind: str, context: Any) -> tuple[str, str]:
    """The sentence, and the nearest words to what was typed, if any are near."""
    if kind == "NoSuchOption":
        known = [option for param in context.command.get_params(context) for option in param.opts] if context else []
        return tr("No such option: {option}", option=err.option_name), _near(err.option_name, known)
    if kind == "MissingParameter" and err.param is not None:
        if err.param.param_type_name == "argument":
            return tr("Missing argument {name!r}.", name=str(err.param.metavar or err.param.name)), ""
        return tr("Missing option {name!r}.", name=str(err.param.opts[0])), ""
    if kind == "BadParameter" and err.param is not None:
        return _bad_value(err)
    if kind == "BadOptionUsage":
        if "not take" in err.message:
            return tr("Option {name!r} does not take a value.", name=err.option_name), ""
        return tr("Option {name!r} requires an argument.", name=err.option_name), ""
    if found := re.match(r"Got unexpected extra argument\(s\) \((.*)\)", err.message, re.DOTALL):
        return tr("Got unexpected extra argument(s) ({words})", words=found[1]), ""
    if found := re.match(r"No such command '(.*?)'\.", err.message):
        return tr("No such command '{name}'.", name=found[1]), _near(found[1], context.command.commands)
    return (tr("Missing command."), "") if err.message == "Missing command." else (err.format_message(), "")


def _bad_value(err: Any) -> tuple[str, str]:
    """What a value should have been: one of several words, a whole number, a number from another one on."""
    param = err.param
    name = str(param.metavar or param.name) if param.param_type_name == "argument" else str(param.opts[0])
    kind = param.type_descriptor
    given = _given(err)
    if kind.is_choice:
        choices = [str(getattr(choice, "value", choice)) for choice in kind.choices]
        listed = ", ".join(choices)
        message = tr(
            "Invalid value for {name!r}: {given!r} is not one of {listed}", name=name, given=given, listed=listed
        )
        return message, _near(given, choices)
    least = getattr(param, "min", None)
    number = {int: tr("a whole number"), float: tr("a number")}.get(kind.annotation)
    if number is None:
        return str(err.format_message()), ""
    values = {"name": name, "given": given, "number": number}
    if least is not None:
        return tr(
            "Invalid value for {name!r}: {given!r} is not {number} of at least {least}", **values, least=least
        ), ""
    return tr("Invalid value for {name!r}: {given!r} is not {number}", **values), ""


def _given(err: Any) -> str:
    """What was typed: what the check of a number was given, or else what stands in the message."""
    checked = getattr(err.__cause__, "errors", None)
    if checked is not None:
        return str(checked()[0]["input"])
    found = re.search(r"(?:'(.*)'|(\S+)) is not ", err.message, re.DOTALL)
    return (found[1] or found[2] or "") if found else ""


def _near(word: str, known: Any) -> str:
    return either(nearest(word, sorted(known), 1))
