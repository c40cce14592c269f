"""What every command and group of `ecosystem` has in common: its help page, its examples, the options of all commands.

A command is made with `App`, a `typer.Typer` whose commands are of the classes here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from ecosystem.cli import help_page
from ecosystem.cli.console import be_quiet, say
from ecosystem.cli.options import LangOption
from ecosystem.cli.settings import KEYS, NO_CONFIG, settings
from ecosystem.cli.table_options import add_table_options
from ecosystem.messages import tr

NOT_SET = ("one_level", "hierarchy")
"""Names of a `--level` and a `--store` that only choose what is listed or drafted: no setting is for them."""

F = TypeVar("F", bound=Callable[..., Any])


class _Common:
    """What `Command` and `Group` do alike."""

    params: list[Any]
    help: str | None

    def _take_common_options(self) -> None:
        own = {option for param in self.params for option in param.opts}
        self.params = [*self.params, *(param for param in common_options() if not own & set(param.opts))]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page; what a formatter of click would fold is folded here, where Chinese is wide."""
        formatter.write(help_page.text(self, ctx, formatter.width))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line that says how the command is called."""
        formatter.write(help_page.usage(self, ctx, formatter.width) + "\n")

    def get_short_help_str(self, limit: int = 0) -> str:
        """The first sentence of the help, whole: a shell that completes cuts it where it has to."""
        return help_page.first_sentence(tr(self.help)) if self.help else ""


class Command(_Common, TyperCommand):
    """A command that does something; what it is not told, `ecosystem.toml` says."""

    def __init__(self, name: str | None, **attributes: Any) -> None:
        super().__init__(name, **attributes)
        add_table_options(self)
        self._take_common_options()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words over the settings. InputError for a file with errors, unless it is the help that is asked."""
        fault = settings().fault
        if fault is not None and not ctx.resilient_parsing and not set(args) & set(ctx.help_option_names):
            raise fault
        ctx.default_map = self._defaults(args)
        rest = super().parse_args(ctx, self._with_index(ctx, args))
        if not ctx.resilient_parsing:
            _say_of_settings(ctx)
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an index may be named that lies in the folder of indices."""
        for param in self.params:
            if _is_index(param) and isinstance(ctx.params.get(param.name), str):
                ctx.params[param.name] = settings().index_place(ctx.params[param.name])
        return super().invoke(ctx)

    def setting_keys(self, ctx: Any) -> list[str]:
        """The keys of `ecosystem.toml` that this command takes, beside the language."""
        return [key for key in KEYS if any(_takes(param, key) for param in self.params)]

    def _defaults(self, args: list[str]) -> dict[str, str]:
        """What the settings say for this command, by the names of its parameters."""
        replays = any(param.name == "receipt" for param in self.params) and any(
            word.partition("=")[0] == "--from" for word in args
        )
        # a run is replayed as it was, wherever that is done
        keys = [key for key in KEYS if key not in ("index", "metrics", "level") or not replays]
        found = {param.name: settings().default(key) for param in self.params for key in keys if _takes(param, key)}
        return {name: value for name, value in found.items() if value is not None}

    def _with_index(self, ctx: Any, args: list[str]) -> list[str]:
        """The words with the index of the settings first, where they lack an argument and begin with no index."""
        places = [param for param in self.params if param.param_type_name == "argument"]
        index = ctx.default_map.get(places[0].name) if len(places) > 1 and _is_index(places[0]) else None
        if index is None:
            return args
        given, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        first = given.get(places[0].name)
        lacks = given.get(places[-1].name) is None
        return [index, *args] if first and lacks and not settings().is_index(first) else args


class Group(_Common, TyperGroup):
    """A command that has commands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self._take_common_options()

    def setting_keys(self, ctx: Any) -> list[str]:
        """All keys of `ecosystem.toml` for `ecosystem` itself, none for a group below it."""
        return list(KEYS) if ctx.parent is None else []


class OneUsualCommand(Group):
    """A group whose usual command may be left unnamed: words that begin with no command's name go to it.

    So `knockout INDEX --all Company`, as it was written before `knockout each INDEX Company`, still works.
    """

    USUAL = "usual"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the usual command first where no command is named. `ctx` is of the click that Typer brings along."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [self.USUAL, *args]
        return super().parse_args(ctx, args)


class App(typer.Typer):
    """A group of commands, each of which is a `Command`."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"cls": Group, "no_args_is_help": True, "rich_markup_mode": None, **settings})

    def command(self, name: str | None = None, **settings: Any) -> Callable[[F], F]:
        """Decorate a function as a command of this group."""
        return super().command(name, **{"cls": Command, **settings})


def _is_index(param: Any) -> bool:
    """Whether a parameter names an index."""
    return str(param.metavar or "").strip("[]") == "INDEX"


def _takes(param: Any, key: str) -> bool:
    """Whether a key of the settings is for a parameter; a level that only selects what is listed is another thing."""
    if key == "index":
        return _is_index(param) and param.param_type_name == "argument"
    if key in ("metrics", "networks") and param.metavar != "FOLDER":  # a list of metrics
        return False
    # the language is chosen before anything is parsed
    return key != "lang" and f"--{key}" in param.opts and param.name not in NOT_SET


def _say_of_settings(ctx: Any) -> None:
    """Tell of settings that lie in a folder above; UsageError for a server that only they name."""
    used = [name for name in ctx.default_map if ctx.get_parameter_source(name).name == "DEFAULT_MAP"]
    path = settings().path
    if "store" in used:
        settings().check_server(ctx.params["store"])
    if used and path is not None and path.parent != Path.cwd():
        say(tr("settings: {path}", path=path))


def with_help(command: Any) -> Iterator[Any]:
    """The command, its options and the commands below it, as far as they have a help."""
    command = getattr(command, "whole", command)
    for part in (command, *command.params):
        if getattr(part, "help", None):
            yield part
    for below in getattr(command, "commands", {}).values():
        yield from with_help(below)


def _quieten(given: bool) -> None:
    if given:
        be_quiet()


def _every(
    lang: LangOption,
    quiet: Annotated[bool, typer.Option("--quiet", help="No notes on stderr; errors stay.", callback=_quieten)] = False,
    no_config: Annotated[bool, typer.Option(NO_CONFIG, help="Leave ecosystem.toml unread.")] = False,
) -> None:
    """The options that every command has."""


@cache
def common_options() -> tuple[Any, ...]:
    """The options of `_every` for a command: they act by themselves, and its function does not get their values."""
    app = typer.Typer(add_completion=False)
    app.command()(_every)
    params = typer.main.get_command(app).params
    for param in params:
        param.expose_value = False
    return tuple(params)
