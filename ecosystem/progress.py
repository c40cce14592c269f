"""How far a long task is, told to whoever asked for it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int | None], None]
"""Called as `progress(what, done, total)`; `total` is None where it is not known."""


def silent(what: str, done: int, total: int | None) -> None:
    """Report no progress."""
