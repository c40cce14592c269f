"""What every command and group of `ecosystem` has in common: its help page, its examples, the options of all commands.

A command is made with `App`, a `typer.Typer` whose commands are of the classes here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from ecosystem.cli import help_page
from ecosystem.cli.console import be_quiet
from ecosystem.cli.options import LangOption
from ecosystem.cli.table_options import add_table_options
from ecosystem.messages import tr

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
    """A command that does something."""

    def __init__(self, name: str | None, **settings: Any) -> None:
        super().__init__(name, **settings)
        add_table_options(self)
        self._take_common_options()


class Group(_Common, TyperGroup):
    """A command that has commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._take_common_options()


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
