"""Outputs that are inputs: refused for every command before anything is computed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ecosystem.errors import UsageError
from ecosystem.messages import tr

OUTPUTS = ("--out", "--plot")
"""The options that name a file to write."""

OWN_FILES = ("index.toml", "indicators.csv", "variables.csv")
"""What a folder of an index is read from; other files may lie in it."""


def refuse_inputs_as_outputs(words: Sequence[str]) -> None:
    """Raise UsageError where the words of a command line name a file to write that they name to read, too.

    It looks at the words and not at the options of a command, so that no new option can be forgotten.
    """
    written, read = [], []
    before = ""
    for word in words:
        option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
        if before in OUTPUTS or (equals and option in OUTPUTS):
            written.append(value if equals else word)
        elif equals or not option:
            read.append(value)
        before = word
    for out in written:
        refuse_overwriting(Path(out), read)


def refuse_overwriting(out: Path | None, inputs: Iterable[str | Path | None]) -> None:
    """Raise UsageError for an output that is an input: a file, a sheet, a file of an index or a dataset."""
    if out is None or not out.is_file():
        return
    for given in inputs:
        for path in _files(str(given or ""), out):
            if path.is_file() and path.samefile(out):
                message = tr("{out} is read by this run, and writing it would destroy what is read", out=out)
                raise UsageError(message, hint=tr("write another file; nothing has been computed or changed"))


def _files(word: str, out: Path) -> Iterator[Path]:
    """The files that a word may mean and that `out` may be; none where it can be no path."""
    try:
        path = Path(re.sub(r"\[[^\[\]]*\]$", "", word))
        found = _inside(path, out) if path.is_dir() else [path] if word and path.is_file() else []
    except (OSError, ValueError):  # too long for a path, or with a zero in it: a query, a name
        return
    yield from found


def _inside(folder: Path, out: Path) -> list[Path]:
    """The files that are read of a folder of an index; of a dataset the one that is called like `out`."""
    from ecosystem.dataset.dataset_folder import holds_table
    from ecosystem.model import load_model

    own = [folder / name for name in OWN_FILES]
    return [*own, folder / out.name] if holds_table(out, load_model()) else own
