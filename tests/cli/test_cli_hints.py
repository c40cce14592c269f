"""A hint that names a command or an option names one that there is, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from ecosystem.cli.commands import OneUsualCommand
from ecosystem.cli.main import app
from tools.catalogue import FOLDER, read

_COMMAND = re.compile(r"\becosystem ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_OTHERS = {"--no-deps", "--extra-index-url", "--version"}
"""Options of other programs."""


def texts() -> list[str]:
    """Everything that is said, in English and, where there is a translation, in Chinese."""
    found: list[str] = []
    for message in read(FOLDER / "ecosystem.po"):
        for form in (message.id, message.string):
            found += [form] if isinstance(form, str) else list(form or ())
    return [text for text in found if text]


def below(command: Any) -> dict[str, Any]:
    return getattr(getattr(command, "whole", command), "commands", {})


def every_command(command: Any) -> Iterator[Any]:
    yield getattr(command, "whole", command)
    for one in below(command).values():
        yield from every_command(one)


@pytest.fixture(scope="module")
def root() -> Any:
    return typer.main.get_command(app)


def test_every_command_that_a_text_names_exists(root: Any) -> None:
    seen, wrong = 0, []
    for text in texts():
        for first, second in _COMMAND.findall(text):
            command = root.commands.get(first)
            if command is None:
                wrong.append(text)
                continue
            seen += 1
            whole = getattr(command, "whole", command)
            if below(command) and second and second not in below(command) and not isinstance(whole, OneUsualCommand):
                wrong.append(text)
    assert wrong == []
    assert seen >= 20


def test_every_option_that_a_text_names_exists(root: Any) -> None:
    known = {option for command in every_command(root) for param in command.params for option in param.opts}
    known |= {"--help"} | _OTHERS
    wrong = {option: text for text in texts() for option in _OPTION.findall(text) if option not in known}
    assert wrong == {}
