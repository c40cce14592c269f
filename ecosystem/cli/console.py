"""What every command prints: tables on stdout, messages and progress on stderr.

All text passes here. What a name holds beside letters, such as the codes that move a terminal's cursor, is shown as
`\\x1b` and not sent; a character that a stream's encoding lacks is shown by its number, `\\u5317`.
"""

from __future__ import annotations

import codecs
import contextlib
import datetime as dt
import io
import math
import os
import re
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ecosystem.cli.options import Format
from ecosystem.cli.table_options import chosen, released, wanted
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    import pandas as pd

    from ecosystem.cli.fitted_table import Column
    from ecosystem.dataset import Dataset
    from ecosystem.progress import Progress
    from ecosystem.scoring import Scores
    from ecosystem.store.base import LoadedDataset


_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""C0, C1, and the marks that turn the direction of writing, by which a name can look like another."""
_COMMAND, _NO_BREAK = re.compile(r"`[^`]*`"), "\ue000"
"""A command within a message, which has to stay on one line, and what stands for its spaces meanwhile."""
_LOOKALIKES = {"–": "-", "—": "-", "…": "...", "’": "'", "“": '"', "”": '"'}
_ENCODING = "ecosystem"
NARROW = 80
"""The width of a terminal that does not tell it."""
_spelled_out: list[str] = []
"""The first characters of this run that the encoding of a stream lacked."""
_state = {"quiet": False}


def visible(text: str, *, keep: str = "\n\t") -> str:
    """A text without control characters: each is written as `\\x1b`, unless it is one to keep."""
    return _CONTROLS.sub(lambda found: found[0] if found[0] in keep else _number(found[0]), text)


def _number(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def be_quiet(quiet: bool = True) -> None:
    """From here on `say` says nothing and no progress is drawn; errors are said as before."""
    _state["quiet"] = quiet


def say(message: str) -> None:
    """A note to the person at the terminal: stderr, never mixed with data; nothing with `--quiet`."""
    if not _state["quiet"]:
        say_error(message)


def say_error(message: str) -> None:
    """An error, which `--quiet` does not hide. On a terminal it wraps at words, and never within a command."""
    text, width = visible(message), _width(sys.stderr)
    if width is not None:
        text = "\n".join(_at_words(line, width) for line in text.split("\n"))
    with contextlib.suppress(OSError):  # nobody can be told that nobody can be told
        sys.stderr.write(f"{text}\n")


def put(text: str, *, shown: bool = False) -> None:
    """Text on stdout: as it is for a file or a program, made visible for a terminal unless it is so already."""
    text = text if shown or not sys.stdout.isatty() else visible(text)
    if wanted.columns:
        # a table that lacks one of these columns may be followed by one that has it: only the end tells
        wanted.held += (text,)
    else:
        sys.stdout.write(text)


def _width(stream: Any) -> int | None:
    """The columns of the terminal that a stream goes to; None where it goes to a file or a program."""
    if not stream.isatty():
        return None
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(stream.fileno()).columns or NARROW
    except OSError:
        return NARROW


def _at_words(line: str, width: int) -> str:
    """A line folded between words; an indented one goes on further to the right. A command stays fit to be copied."""
    from ecosystem.cli.fitted_text import wrapped

    if len(line) * 2 <= width or line.lstrip().startswith("ecosystem "):
        return line
    hang = 2 if line.startswith((" ", "- ")) else 0
    whole = _COMMAND.sub(lambda found: found[0].replace(" ", _NO_BREAK), line)
    return "\n".join(wrapped(whole, width, hang=hang, part=False)).replace(_NO_BREAK, " ")


def open_streams() -> None:
    """Make the streams such that nothing fails that need not: closed ones, and encodings that lack characters."""
    for number, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            # the next file that is opened would get the number, and everything that is printed; what can be opened
            # for reading alone says at the first word on stdout that it goes nowhere
            os.open(os.devnull, mode)
    # Python has no stream where one was closed
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - open as long as we are
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - the same
    codecs.register_error(_ENCODING, _spelled)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ENCODING)


def close_streams(last: str = "") -> bool:
    """Whether all of stdout has arrived; where not, it has been said why. A pipe that nobody reads is no fault.

    `last` is written to see whether anything can be.
    """
    arrived = True
    try:
        sys.stdout.write(released() + last)
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up(sys.stdout)
    except OSError as err:
        say_error(
            tr(
                "error: stdout cannot be written: {strerror}\n  hint: is there room? or write a file with --out",
                strerror=err.strerror,
            )
        )
        _give_up(sys.stdout)
        arrived = False
    if _spelled_out:
        encoding = next(stream.encoding for stream in (sys.stdout, sys.stderr) if not _holds_all(stream.encoding))
        say(
            tr(
                "note: {encoding} lacks some characters, which are shown by their numbers, as {units}",
                encoding=encoding,
                units=_units(_spelled_out[0][0]),
            )
        )
        say(tr("  hint: set PYTHONIOENCODING=utf-8, or write a file with --out, which has them all"))
        _spelled_out.clear()
    try:
        sys.stderr.flush()
    except OSError:
        _give_up(sys.stderr)
    return arrived


def _give_up(stream: Any) -> None:
    """Let what is left of a stream go nowhere, or Python would try it again when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _spelled(err: UnicodeError) -> tuple[str, int]:
    """What stands in place of characters that an encoding lacks: one that looks like it, or its number as in JSON."""
    if not isinstance(err, UnicodeEncodeError):
        raise err
    text = err.object[err.start : err.end]
    if not _holds_all(err.encoding) and set(text) - set(_LOOKALIKES):
        _spelled_out[:] = _spelled_out or [text]
    units = (_LOOKALIKES.get(character) or _units(character) for character in text)
    return "".join(units), err.end


def _holds_all(encoding: str) -> bool:
    return encoding.lower().startswith("utf")


def _units(character: str) -> str:
    content = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{content[at : at + 4]}" for at in range(0, len(content), 4))


def say_of_data(scores: Scores) -> None:
    """Tell a reader of scores, or of what is made of them, whether the data are made up, and of which years."""
    say_if_synthetic(scores.dataset)
    for note in scores.year_notes:
        say(note)


def say_if_synthetic(dataset: Dataset | LoadedDataset) -> None:
    """Tell a reader of results that the data behind them are made up."""
    from ecosystem.dataset.dataset import is_marked

    if is_marked(dataset.name):
        say(tr("synthetic data: every organisation and link is made up; the results say nothing of any place"))


def show(
    frame: pd.DataFrame,
    form: Format = Format.table,
    *,
    title: str | None = None,
    own: bool = False,
    fine: bool = False,
) -> None:
    """Print a table on stdout: fitted to the terminal, or CSV, JSON records, Markdown; of the columns that are wanted.

    In a pipe a table is as wide as what stands in it. CSV and Markdown have their headings in the language of the run,
    unless they are the user's `own`. `fine`: columns between -1 and 1 have four decimals on the screen, not two.
    """
    frame = chosen(frame)
    if wanted.columns and not len(frame.columns):
        return
    if form is Format.table:
        _show_fitted(frame, title, fine)
    else:
        for piece in _pieces(frame, form, own):
            put(piece)


def _pieces(frame: pd.DataFrame, form: Format, own: bool) -> Iterable[str]:
    from ecosystem.export import csv_pieces, headed, json_pieces, markdown_pieces

    if form is not Format.json and not own:
        frame = headed(frame, spoken())
    if form is Format.csv:
        return csv_pieces(frame)
    return map(visible, markdown_pieces(frame)) if form is Format.md else json_pieces(frame)


def _show_fitted(frame: pd.DataFrame, title: str | None, fine: bool = False) -> None:
    from ecosystem.cli.fitted_table import fit

    width = None if wanted.wide else _width(sys.stdout)
    table = fit(_columns(frame, fine), width, in_order=bool(wanted.columns))
    titles = [_at_words(line, width) if width else line for line in visible(title).split("\n")] if title else []
    notes = []
    if table.shortened:
        notes.append(tr("shortened: {columns} (--wide shows all)", columns=", ".join(table.shortened)))
    if table.hidden:
        hidden = ", ".join(table.hidden)
        notes.append(tr("not shown: {columns} (--wide shows all, --columns A,B,C chooses)", columns=hidden))
    lines = [*_bold([*titles, *table.head]), *table.body, *(_at_words(note, width or NARROW) for note in notes)]
    put("".join(f"{line}\n" for line in lines), shown=True)


def _columns(frame: pd.DataFrame, fine: bool = False) -> list[Column]:
    """The columns as text, in which nothing commands a terminal; each number with the decimals of its column."""
    from ecosystem.cli.fitted_table import Column
    from ecosystem.export import values_of

    columns = []
    # by place: two columns may be called alike, in what a query returns or where two regions stand side by side
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        values = values_of(column)
        numbers = [value for value in values if isinstance(value, float) and math.isfinite(value)]
        whole, small = all(map(float.is_integer, numbers)), all(abs(value) <= 1 for value in numbers)
        decimals = 0 if whole else 4 if fine and small else 2
        cells = [visible(_cell(value, decimals), keep="") for value in values]
        columns.append(Column(visible(str(name), keep=""), cells, right=column.dtype.kind in "iuf"))
    return columns


def _bold(lines: list[str]) -> list[str]:
    """Lines in bold where stdout is a terminal that has it."""
    if not sys.stdout.isatty():
        return lines
    from rich.console import Console
    from rich.text import Text

    console = Console()
    with console.capture() as captured:
        for line in lines:
            console.print(Text(line, style="bold"), soft_wrap=True)
    return captured.get().removesuffix("\n").split("\n")


def _cell(value: object, decimals: int) -> str:
    from ecosystem.export import exact_text, typed

    if value is None:
        return "–"
    if isinstance(value, float) and not math.isnan(value):
        return f"{value:,.{decimals}f}" if abs(value) < 1e6 else f"{value:,.0f}"
    return str(value) if isinstance(value, str | bool | int | dt.date) else exact_text(typed(value))


@contextlib.contextmanager
def progress() -> Iterator[Progress]:
    """A progress callback that draws bars on a terminal and stays silent elsewhere."""
    if _state["quiet"] or not sys.stderr.isatty():
        from ecosystem.progress import silent

        yield silent
        return
    from ecosystem.cli.progress_bars import drawn

    with drawn(_width(sys.stderr) or NARROW) as report:
        yield report
