"""The command line as a person runs it: exit code and both streams."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from ecosystem.cli.main import main


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
