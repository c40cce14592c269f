"""The files that a command writes: what is in them, which receipt lies beside them, and that they are no inputs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.options import Format
from ecosystem.cli.table_options import chosen, refuse_unknown_columns
from ecosystem.errors import UsageError
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.receipt import Receipt

    Parts = Sequence[tuple[str | None, pd.DataFrame]]
    """Tables that are shown one below the other, each with its title or none."""

OUTPUTS = ("--out", "--plot")
"""The options that name a file to write."""

OWN_FILES = ("index.toml", "indicators.csv", "variables.csv")
"""What a folder of an index is read from; other files may lie in it."""


def form_of(out: Path) -> Format:
    """The format whose print a file holds; JSON for what else programs read, such as Parquet."""
    suffix = out.suffix.lower()
    return Format(suffix[1:]) if suffix in (".csv", ".md") else Format.json


def is_long(out: Path, asked: bool) -> bool:
    """Whether a file has the long form: where that is asked for, and in JSON and Parquet, which programs read."""
    return asked or out.suffix.lower() in (".json", ".parquet")


def show_parts(parts: Parts, form: Format, *, fine: bool = False) -> None:
    """Print tables one below the other, apart from each other where no title parts them.

    `fine`: on the screen what lies between -1 and 1 has four decimals.
    """
    from ecosystem.cli.console import put, show

    for at, (title, frame) in enumerate(parts):
        if at and (title is None or form is Format.md):
            put("\n")
        show(frame, form, title=title, fine=fine)


def write_parts(out: Path, parts: Parts, *, excel: bool = False) -> None:
    """Write what `show_parts` prints in the format of the file: Markdown has all tables, any other the first."""
    from ecosystem.export import headed, to_markdown, write_bytes, write_table

    written = parts if form_of(out) is Format.md else parts[:1]
    parts = [
        (title, frame) for title, frame in ((title, chosen(frame)) for title, frame in written) if len(frame.columns)
    ]
    refuse_unknown_columns()
    if form_of(out) is Format.md:
        write_bytes(out, "\n".join(to_markdown(headed(frame, spoken())) for _, frame in parts).encode())
    else:
        write_table(out, parts[0][1], excel=excel, lang=spoken())


def write_receipt(out: Path, receipt: Receipt) -> Path:
    """Write the receipt of a run beside the file that it wrote; where it is."""
    from ecosystem.export import write_json
    from ecosystem.receipt import receipt_place

    place = receipt_place(out)
    write_json(place, receipt.model_copy(update={"file": out.name}).model_dump())
    return place


def check_words(words: Sequence[str]) -> None:
    """Raise UsageError where the words of a command line name a file to write that they name to read, too.

    And where they read stdin twice, or begin a file with a byte-order mark that is no CSV. It looks at the words and
    not at the options of a command, so that no new option can be forgotten.
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
        if "--excel" in words and not out.lower().endswith(".csv"):
            message = tr(
                "--excel is for a .csv file, which begins with a byte-order mark then, not for {file}", file=out
            )
            raise UsageError(message, hint=tr("leave out --excel"))
        refuse_overwriting(Path(out), read)
    if read.count("-") > 1:
        raise UsageError(tr("stdin can be read only once"), hint=tr("give one of the two as a file"))


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
    from ecosystem.dataset.own_model import folder_model
    from ecosystem.errors import DatasetError
    from ecosystem.model import load_model

    try:
        model = folder_model(folder)
    except DatasetError:  # it is told where the folder is read
        model = load_model()
    own = [folder / name for name in OWN_FILES]
    return [*own, folder / out.name] if holds_table(out, model) else own
