"""The command line as a person runs it: exit code and both streams."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from ecosystem.cli.main import main

PROGRAM = [sys.executable, "-c", "from ecosystem.cli.main import main; main()"]


def foreground(command: list[str]) -> list[str]:
    """A command that hears Ctrl-C, also where the tests run in the background: its child would be born deaf to it."""
    hear = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", hear, *command]


class Done(NamedTuple):
    code: int | str | None
    out: str
    err: str


Run = Callable[..., Done]


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> Done:
        monkeypatch.setattr("sys.argv", ["ecosystem", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Done(stopped.value.code, out, err)

    return call


def run_in(folder: Path, *words: str, encoding: str = "utf-8") -> subprocess.CompletedProcess[str]:
    """What the program says in a folder, never a traceback; in this process, since starting takes most of the time."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True) for _ in range(2))
    with contextlib.chdir(folder), pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", "C.UTF-8")
        patch.setenv("COLUMNS", "160")
        patch.setattr(sys, "argv", ["ecosystem", *words])
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as stopped:
            main()
    stdout, stderr = (stream.buffer.getvalue().decode(encoding) for stream in (out, err))
    assert "Traceback" not in stderr, stderr
    code = stopped.value.code or 0
    assert isinstance(code, int)
    return subprocess.CompletedProcess(words, code, stdout, stderr)
