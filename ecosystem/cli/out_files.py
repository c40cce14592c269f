"""The files and folders that commands write, looked at before anything is computed: suffix, place, what is there."""

from __future__ import annotations

from pathlib import Path

import typer

from ecosystem.errors import UsageError
from ecosystem.messages import tr

STREAM = "-"
"""In place of a file: stdin where a table is read, stdout where one is written."""

TO_STDOUT = "ecosystem.stdout"
"""Where a context of click keeps that `--out -` was given."""


def table_file(ctx: typer.Context, value: Path | None) -> Path | None:
    """The file of a table; None for stdout, where CSV is printed then. UsageError, OutputError."""
    from ecosystem.export.files import SUFFIXES

    if value is not None and str(value) == STREAM:
        ctx.meta[TO_STDOUT] = True
        return None
    return _writable(value, SUFFIXES)


def document_file(ctx: typer.Context, value: Path | None) -> Path | None:
    """The file of a document or of a table; as `table_file`."""
    from ecosystem.export.profile_files import PROFILE_SUFFIXES

    if value is not None and str(value) == STREAM:
        return table_file(ctx, value)
    return _writable(value, PROFILE_SUFFIXES)


def page_file(value: Path | None) -> Path | None:
    """The file of a page. UsageError for another suffix and for stdout, OutputError where it cannot be written."""
    if value is not None and str(value) == STREAM:
        raise UsageError(tr("a page is not written to stdout"), hint=tr("name a file that ends in .html"))
    return _writable(value, (".html",))


def workbook_file(ctx: typer.Context, value: Path | None) -> Path | None:
    """The file of a command whose tables fill a workbook; as `table_file`, with one table on stdout."""
    return _writable(found, (".xlsx",)) if (found := table_file(ctx, value)) is not None else None


def picture_file(value: Path | None) -> Path | None:
    """The file of a picture. UsageError for another suffix and for stdout, OutputError where it cannot be written."""
    from ecosystem.export.files import PICTURES

    return _picture(value, PICTURES)


def network_picture_file(value: Path | None) -> Path | None:
    """The file of a picture of a network; errors as `picture_file`."""
    from ecosystem.export.files import NETWORK_PICTURES

    return _picture(value, NETWORK_PICTURES)


def _picture(value: Path | None, suffixes: tuple[str, ...]) -> Path | None:
    if value is not None and str(value) == STREAM:
        raise UsageError(
            tr("a picture is not written to stdout"), hint=tr("name a file that ends in .svg, .png or .pdf")
        )
    return _writable(value, suffixes)


def picture_width(value: str | None) -> str | None:
    """The width of a picture. UsageError for one that is none."""
    if value is not None:
        from ecosystem.export.plots.plot_style import width_of

        width_of(value)
    return value


def new_folder(value: Path | None) -> Path | None:
    """A folder to write; UsageError for stdout."""
    if value is not None and str(value) == STREAM:
        raise UsageError(tr("a folder is not written to stdout"), hint=tr("name a folder that is new or empty"))
    return value


def _writable(path: Path | None, suffixes: tuple[str, ...]) -> Path | None:
    from ecosystem.export.files import check_suffix
    from ecosystem.tables.atomic import check_target

    if path is None:
        return None
    check_suffix(path, suffixes)
    check_target(path)
    if path.suffix.lower() == ".json" and path.is_file():
        from ecosystem.receipt import is_receipt

        if is_receipt(path):
            message = tr("{path} is the receipt of a run, which would be lost", path=path)
            raise UsageError(message, hint=tr("name another file"))
    return path
