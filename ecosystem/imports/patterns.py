"""Regular expressions of a mapping: what Python's `re` knows, searched by an engine that stops when told to.

`re` itself cannot be stopped: `(a|aa)+$` on a cell of sixty letters ends after years.
"""

from __future__ import annotations

import functools
import re
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import regex

from ecosystem.errors import DatasetError
from ecosystem.messages import tr

SECONDS = 10.0
"""How much processor time all slow searches of one expression may take in an import; a usual one takes microseconds."""
_SLOW = 0.01
_LONGEST = 10_000
_MOST_REPEATS = 10_000
_MOST_WRITTEN_OUT = 1_000_000
_TOKEN = re.compile(r"\\.|\[(?:\\.|\^?\]|[^\]\\])(?:\\.|[^\]\\])*\]|[()]|\{(\d*)(?:,(\d*))?\}|.", re.DOTALL)
# what `re` takes for plain letters, and the engine for an inexact match
_INEXACT = re.compile(r"(?<!\\)\{[^{}]*[deis][^{}]*\}")


@dataclass(slots=True)
class Pattern:
    """An expression and the processor time that it may still take, in seconds."""

    text: str
    _engine: Any
    _left: float = field(default_factory=lambda: SECONDS)

    def search(self, text: str) -> Any:
        """The first match, or None. DatasetError where the expression has used up its time."""
        begun = time.perf_counter()
        hit = self._within_time(text)
        if time.perf_counter() - begun > _SLOW:
            self._left -= self._cost(text)
            if self._left <= 0:
                raise self._too_slow(text)
        return hit

    def replaced(self, text: str, by: str, longest: int) -> str | None:
        """The text with `by` for everything that is found, \\1 in it for the first group; None where it grows too long.

        DatasetError where the expression has used up its time.
        """
        begun = time.thread_time()
        pieces: list[str] = []
        end = size = 0
        try:
            for hit in self._engine.finditer(text, timeout=self._left):
                pieces += text[end : hit.start()], hit.expand(by)
                end = hit.end()
                size += len(pieces[-1]) + len(pieces[-2])
                if size > longest:
                    return None
        except TimeoutError as err:
            raise self._too_slow(text) from err
        if (spent := time.thread_time() - begun) > _SLOW:
            self._left -= spent
            if self._left <= 0:
                raise self._too_slow(text)
        return "".join([*pieces, text[end:]])

    def _cost(self, text: str) -> float:
        """The processor time of a search that seemed slow, done once more: it may only have waited for its turn.

        Asking for that time at every search would take longer than most searches.
        """
        begun = time.thread_time()
        self._within_time(text)
        spent = time.thread_time() - begun
        return spent if spent > _SLOW else 0.0

    def _within_time(self, text: str) -> Any:
        try:
            return self._engine.search(text, timeout=self._left)
        except TimeoutError as err:
            raise self._too_slow(text) from err

    def _too_slow(self, text: str) -> DatasetError:
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        return DatasetError(
            tr(
                "the regular expression {text!r} took more than {seconds:g} seconds, at last on {shown!r}",
                text=self.text,
                seconds=SECONDS,
                shown=shown,
            ),
            hint=tr("write it so that no text fits it in many ways: a+ in place of (a+)+, [ab]+ in place of (a|b)+"),
        )


@functools.cache
def compiled(text: str) -> Pattern:
    """The expression, ready to search. ValueError where it is none, or is too large to be one.

    The same text gives the same Pattern, and so the time that it has taken counts on; an import clears the cache.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"is too long a regular expression: {len(text):,} characters, at most {_LONGEST:,}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # [[a] and the like mean something else to the engine
            re.compile(text)
            if most := max(_repeats(text), default=0):
                _refuse_repeats(most, len(text))
            if _INEXACT.search(text):
                raise ValueError("has braces that are no number of repeats: write \\{ for a brace")
            return Pattern(text, regex.compile(text))
    except (re.error, regex.error, Warning, OverflowError) as err:
        raise ValueError(f"is not a regular expression: {err}") from err
    except RecursionError as err:
        raise ValueError("is a regular expression that is nested too deeply") from err


def _refuse_repeats(most: int, length: int) -> None:
    if most > _MOST_REPEATS or most * length > _MOST_WRITTEN_OUT:
        raise ValueError(f"repeats a part {most:,} times, repeats within repeats counted: that is too large")


def _repeats(text: str) -> Iterator[int]:
    """How often each part of the expression is repeated by number, those inside it counted: (a{10}){10} is 100.

    The engine writes such parts out one by one, and takes all the memory there is for (a{1000}){1000}.
    """
    inside = [1]  # the most repeats in each bracket that is open
    last = 1  # those of what stands before
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word == "(":
            inside.append(1)
            last = 1
        elif word == ")" and len(inside) > 1:
            last = inside.pop()
            inside[-1] = max(inside[-1], last)
        elif token[1] is not None and (token[1] or token[2]):
            last *= max(int(token[2] or token[1]), 1)
            inside[-1] = max(inside[-1], last)
            yield last
        else:
            last = 1
