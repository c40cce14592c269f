"""A folder with a made-up dataset in its store, and `ecosystem network` run in it, for the tests of its commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import run_in

SIZE = ("--companies", "80", "--links", "1000", "--seed", "1")


def made_up(factory: pytest.TempPathFactory, name: str) -> Path:
    """A new folder whose default store holds a made-up dataset."""
    home = factory.mktemp(name)
    assert run_in(home, "dataset", "synthesize", "small", *SIZE).returncode == 0
    assert run_in(home, "load", "small").returncode == 0
    return home


def network(home: Path, *words: str, fails: bool = False) -> tuple[str, str]:
    """What a command prints, and what it says; it is expected to succeed, or to fail."""
    done = run_in(home, "network", *words)
    assert (done.returncode in (1, 2)) == fails, done.stderr
    return done.stdout, done.stderr
