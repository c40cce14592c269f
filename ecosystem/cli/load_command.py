"""`ecosystem load`: a dataset folder into a store."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import progress, say, say_if_synthetic, show
from ecosystem.cli.options import DEFAULT_STORE, DatabaseOption, FolderArgument, StoreOption
from ecosystem.errors import DatasetError, StoreError, UsageError
from ecosystem.messages import spoken, tr, tr_later

if TYPE_CHECKING:
    from ecosystem.dataset.dataset import Reading
    from ecosystem.errors import Finding
    from ecosystem.progress import Progress
    from ecosystem.store import Changes, GraphStore


def load(
    folder: FolderArgument,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    update: Annotated[bool, typer.Option("--update", help="On a server: add and change, but remove nothing.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="On a server: also remove what the dataset does not have.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="On a server: say what would change, and change nothing.")
    ] = False,
    batch: Annotated[
        int | None, typer.Option("--batch", min=1, help="On a server: rows per transaction.", show_default="4000")
    ] = None,
    sessions: Annotated[
        int | None,
        typer.Option("--sessions", min=1, max=16, help="On a server: transactions at the same time.", show_default="2"),
    ] = None,
    quarantine: Annotated[
        bool, typer.Option("--quarantine", help="Load the good rows and leave the others in DIR/quarantine.")
    ] = False,
) -> None:
    """Check a dataset folder and load it into a store; in a file the old graph stays until the new one is whole.

    A server is changed only where the dataset differs from what it holds.
    """
    from ecosystem.store import SharedStore, open_store

    with closing(open_store(store, create=True, database=database)) as target, progress() as report:
        reading, findings = _read(folder, report, quarantine=quarantine)
        before = _model_before(target)
        begun = time.monotonic()
        changes: Changes | None = None
        if isinstance(target, SharedStore):
            if dry_run:
                changes = target.changes(reading.dataset, replace=replace, update=update, progress=report)
            else:
                ways = {"replace": replace, "update": update}
                target.load(reading.dataset, **ways, batch=batch, sessions=sessions, progress=report)
        else:
            _refuse_options(store, update=update, dry_run=dry_run, batch=batch, sessions=sessions)
            target.load(reading.dataset, replace=replace, progress=report)
    say_if_synthetic(reading.dataset)
    for finding in findings:
        if finding.severity == "warning":
            say(tr("warning: {finding}", finding=finding))
    if before not in (None, reading.dataset.model.hash):
        say(tr("the graph that was there had another model: its labels, link types or currency were others"))
    if changes is not None:
        _show_changes(changes, target.url)
    else:
        _summarise(reading, target.url, time.monotonic() - begun)


def _model_before(target: GraphStore) -> str | None:
    """The hash of the model of the graph that is there; None where there is none that can be read."""
    try:
        return target.dataset.model_hash
    except StoreError:
        return None


def _read(folder: Path, report: Progress, *, quarantine: bool) -> tuple[Reading, tuple[Finding, ...]]:
    """The dataset and its findings. Raises DatasetError when it must not be loaded."""
    from ecosystem.dataset import read_dataset, write_quarantine

    reading = read_dataset(folder, progress=report)
    findings = (*reading.findings, *write_quarantine(folder, reading))
    if not reading.whole or not (reading.clean or quarantine):
        rejected = sum(count.quarantined for count in reading.counts)
        message, hint = tr("{folder} has errors", folder=folder), tr("correct them (ecosystem dataset check lists all)")
        if rejected:
            text = tr_later("{folder} has errors; {rejected:,} rows do not load and are in {quarantine}")
            message = tr(text, folder=folder, rejected=rejected, quarantine=folder / "quarantine")
        if reading.whole:
            hint = tr("correct them (ecosystem dataset check lists all), or load the good rows with --quarantine")
        raise DatasetError(message, findings=findings, hint=hint)
    return reading, findings


def _refuse_options(store: str, **given: object) -> None:
    """Raise UsageError for an option that does nothing for a file, which is always built from scratch."""
    words = [f"--{name.replace('_', '-')}" for name, value in given.items() if value]
    if words:
        message = tr(
            "{options}: for a Neo4j server, and {store} is a file, which is always built anew",
            options=", ".join(words),
            store=store,
        )
        raise UsageError(message, hint=tr("ecosystem dataset diff says how two datasets differ"))


def _show_changes(changes: Changes, url: str) -> None:
    """Show what a load would do. Raises StoreError where it would be refused."""
    import pandas as pd

    from ecosystem.headings import headings

    columns = ("added", "changed", "removed", "kept", "same")
    rows = [
        (each.name, *(getattr(each, name) for name in columns), ", ".join(each.examples)) for each in changes.changes
    ]
    names = headings(("table", *columns, "example"), spoken())
    show(pd.DataFrame(rows, columns=list(names.values())))
    if changes.refused:
        message = tr(
            "{url} would lose what somebody else's data hangs on: {refused}",
            url=url,
            refused="; ".join(changes.refused),
        )
        raise StoreError(message, hint=tr("such a load is refused: take those links away yourself first"))
    say(
        tr("nothing would change")
        if changes.none
        else tr("nothing of this was done in {url}: leave out --dry-run to do it", url=url)
    )


def _summarise(reading: Reading, url: str, seconds: float) -> None:
    read, loaded, rejected = (
        sum(getattr(count, name) for count in reading.counts) for name in ("read", "loaded", "quarantined")
    )
    say(
        tr(
            "{loaded:,} of {read:,} rows loaded into {url} in {seconds:,.1f} s, {rejected:,} quarantined",
            loaded=loaded,
            read=read,
            url=url,
            seconds=seconds,
            rejected=rejected,
        )
    )
