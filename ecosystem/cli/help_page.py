"""The page that `--help` shows: options in groups, commands in the order of work, examples, in the language spoken."""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any

from ecosystem.cli.examples import EXAMPLES
from ecosystem.cli.settings import FILE
from ecosystem.messages import tr, tr_later

OPTION_GROUPS = {
    tr_later("Index"): (
        "--index", "--indices", "--level", "--since", "--until", "--by-year", "--scale", "--groups", "--normalise",
        "--aggregate", "--weights", "--treat", "--impute", "--rescale", "--tiers", "--on",
    ),
    tr_later("Data"): (
        "--store", "--database", "--metrics", "--networks", "--isolates", "--values", "--id", "--name", "--year",
        "--dataset", "--data", "--meta", "--from", "--against",
    ),
    tr_later("Output"): (
        "--format", "--columns", "--wide", "--out", "--excel", "--long", "--everything", "--plot",
        "--plot-width",
    ),
    tr_later("Every command"): (
        "--lang", "--quiet", "--no-config", "--version", "--install-completion", "--show-completion", "--help",
    ),
}  # fmt: skip
"""Under which heading an option stands; one that is not here is the command's own and comes first."""

COMMAND_GROUPS = {
    tr_later("Start here"): ("demo", "init"),
    tr_later("Data"): ("dataset", "regions", "load", "verify", "query"),
    tr_later("Index"): ("metrics", "index", "weights", "coherence"),
    tr_later("Networks"): ("network",),
    tr_later("Results"): ("score", "explain", "profile", "report", "knockout", "robustness", "compare"),
    tr_later("For other programs"): ("export",),
}
"""The commands in the order of work."""

OF_THE_PARSER = (
    tr_later("Show this message and exit."),
    tr_later("Install completion for the current shell."),
    tr_later("Show completion for the current shell, to copy it or customize the installation."),
)
"""The helps that Typer writes, which are translated as ours are."""

LEFT = 30
"""Columns of what is named; a longer name has its text on the next line."""
_CLOSING = "，。；：、！？）》」”…"
"""Marks that begin no line."""
_BLANKS = re.compile(r"(\s+)")


def text(command: Any, ctx: Any, width: int) -> str:
    """The whole page, folded to a width in columns of a terminal."""
    parts = [usage(command, ctx, width), _paragraphs(_said(command.help), width)]
    parts += [_section(tr(title), rows, width) for title, rows in _sections(command, ctx) if rows]
    if examples := EXAMPLES.get(" ".join(_words(ctx))):
        lines = "\n".join(f"  ecosystem {example}" for example in examples)
        title = tr("Examples")
        parts.append(f"{_title(title)}\n{lines}")
    if keys := command.setting_keys(ctx):
        words = tr(
            "{file} may say {keys}: options beat the environment, which beats the file.",
            file=FILE,
            keys=", ".join(keys),
        )
        parts.append("\n".join(folded(words, width)))
    return "\n\n".join(filter(None, parts)) + "\n"


def usage(command: Any, ctx: Any, width: int) -> str:
    """How a command is called, as `Usage: ecosystem score [OPTIONS] [INDEX]`."""
    pieces = [tr("[OPTIONS]"), *(_argument_piece(param) for param in command.params if _is_argument(param))]
    if hasattr(command, "commands"):
        pieces.append(tr("COMMAND [ARGS]..."))
    first = tr("Usage: {command}", command=ctx.command_path)
    return "\n".join(folded(f"{first} {' '.join(pieces)}", width, indent=" " * 8, first=""))


def first_sentence(words: str) -> str:
    """What a list of commands says of one."""
    paragraph = " ".join(inspect.cleandoc(words).split("\n\n")[0].split())
    return re.split(r"(?<=[^.])\.\s|。", paragraph, maxsplit=1)[0].rstrip(".")


def folded(text: str, width: int, *, indent: str = "", first: str | None = None) -> list[str]:
    """The lines of a text of at most `width` columns, a Chinese character being two; Chinese breaks anywhere."""
    lines, line = [], indent if first is None else first
    for token in _tokens(text):
        if columns(line) + columns(token.rstrip()) > width and line.strip():
            lines.append(line.rstrip())
            line = indent
        if token.strip() or line.strip():
            line += token
    return [*lines, line.rstrip()]


def _tokens(text: str) -> Iterator[str]:
    """What stays together on a line: a word, a run of blanks, a Chinese character with the mark that closes it."""
    for part in filter(None, _BLANKS.split(text)):
        if part.isascii():
            yield part
            continue
        token = ""
        for character in part:
            apart = _wide(character) or (token and _wide(token[-1]))
            if token and apart and character not in _CLOSING:
                yield token
                token = ""
            token += character
        yield token


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(1 + _wide(character) for character in text)


def _paragraphs(words: str, width: int) -> str:
    parts = [" ".join(part.split()) for part in inspect.cleandoc(words).split("\n\n")]
    return "\n\n".join("\n".join(folded(part, width, indent="  ")) for part in parts if part)


def _section(title: str, rows: Sequence[tuple[str, str]], width: int) -> str:
    left = min(LEFT, max(columns(name) for name, _ in rows)) + 4
    lines = [_title(title)]
    for name, words in rows:
        folds = folded(words, width, indent=" " * left)
        if columns(name) + 4 > left:
            lines += [f"  {name}", *folds]
        else:
            lines += [f"  {name}{' ' * (left - 2 - columns(name))}{folds[0].lstrip()}", *folds[1:]]
    return "\n".join(lines)


def _sections(command: Any, ctx: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    shown = [param for param in command.get_params(ctx) if not getattr(param, "hidden", False)]
    options = [param for param in shown if not _is_argument(param)]
    grouped = {name for names in OPTION_GROUPS.values() for name in names}
    yield tr_later("Arguments"), [_row(param, ctx) for param in shown if _is_argument(param)]
    yield from _commands(command, ctx)
    yield tr_later("Options"), [_row(param, ctx) for param in options if not grouped & set(param.opts)]
    for title, names in OPTION_GROUPS.items():
        found = sorted(
            (param for param in options if set(names) & set(param.opts)),
            key=lambda param: min(names.index(name) for name in param.opts if name in names),
        )
        yield title, [_row(param, ctx) for param in found]


def in_order(command: Any) -> dict[str, Any]:
    """The commands of a group by their names, those of `ecosystem` in the order of work."""
    below = getattr(command, "commands", {})
    order = [name for names in COMMAND_GROUPS.values() for name in names if "demo" in below]
    return {name: below[name] for name in dict.fromkeys([*order, *below]) if name in below}


def _commands(command: Any, ctx: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The commands of a group, each with its first sentence; those of `ecosystem` itself in the order of work."""
    below = {name: one for name, one in in_order(command).items() if not one.hidden}
    if ctx.parent is None:
        for title, names in COMMAND_GROUPS.items():
            yield title, [(name, below.pop(name).get_short_help_str()) for name in names if name in below]
    yield tr_later("Commands"), [(name, one.get_short_help_str()) for name, one in below.items()]


def _title(words: str) -> str:
    return tr("{title}:", title=words)


def _said(help_text: str | None) -> str:
    return tr(help_text) if help_text else ""


def _words(ctx: Any) -> tuple[str, ...]:
    """The words by which a command is called, without the program's name."""
    return () if ctx.parent is None else (*_words(ctx.parent), ctx.info_name)


def _row(param: Any, ctx: Any) -> tuple[str, str]:
    """An argument or option, and its help with what is taken where it is left out."""
    notes = list(_notes(param, ctx))
    words = _said(param.help)
    name = _argument_piece(param) if _is_argument(param) else ", ".join(sorted(param.opts, key=len))
    if not _is_argument(param) and not param.is_flag:
        name += f" {_metavar(param)}"
    return name, f"{words}  [{'; '.join(notes)}]" if notes else words


def _notes(param: Any, ctx: Any) -> Iterator[str]:
    if param.required and not _is_argument(param):
        yield tr("required")
    if len("|".join(choices := _choices(param))) >= LEFT:
        yield tr("one of {choices}", choices=", ".join(choices))
    if getattr(param, "min", None) is not None:
        yield tr("at least {least}", least=param.min)
    if isinstance(param.envvar, str):
        yield tr("environment: {variable}", variable=param.envvar)
    default = param.get_default(ctx, call=False)
    if default is None and isinstance(param.show_default, str):
        default = param.show_default
    if default not in (None, False, "", ()) and not callable(default):
        yield tr("default: {default}", default=default.value if isinstance(default, Enum) else default)


def _argument_piece(param: Any) -> str:
    """`INDEX`, or `[INDEX]` where it may be left out."""
    name = (param.metavar or param.name.upper()).strip("[]").removesuffix("]...")
    return (name if param.required else f"[{name}]") + ("..." if param.nargs != 1 else "")


def _metavar(param: Any) -> str:
    """What stands for the value of an option: `FILE`, `csv|json`, `N`, or the option's name in capitals."""
    choices = "|".join(_choices(param))
    if param.metavar:
        return str(param.metavar)
    if 0 < len(choices) < LEFT:
        return choices
    if param.type_descriptor.annotation in (int, float):
        return "N"
    return str(param.opts[0].strip("-").upper())


def _choices(param: Any) -> list[str]:
    """The words of which a value is one, if it is one of several."""
    kind = param.type_descriptor
    return [str(getattr(choice, "value", choice)) for choice in kind.choices] if kind.is_choice else []


def _is_argument(param: Any) -> bool:
    return bool(param.param_type_name == "argument")
