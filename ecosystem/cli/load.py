"""`ecosystem load`: a dataset folder into a store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ecosystem.cli.console import DEFAULT_STORE, DatabaseOption, StoreOption, progress, say
from ecosystem.errors import DatasetError


def load(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The dataset folder.")],
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="On a server: take another dataset away first, in batches.")
    ] = False,
    quarantine: Annotated[
        bool, typer.Option("--quarantine", help="Load the good rows and leave the others in DIR/quarantine.")
    ] = False,
) -> None:
    """Check a dataset folder and load it into a store; in a file the old graph stays until the new one is whole."""
    from ecosystem.dataset import read_dataset, write_quarantine
    from ecosystem.store import open_store

    target = open_store(store, create=True, database=database)
    with progress() as report:
        reading = read_dataset(folder, progress=report)
        findings = (*reading.findings, *write_quarantine(folder, reading))
        rejected = sum(count.quarantined for count in reading.counts)
        if not reading.whole or not (reading.clean or quarantine):
            rows = f"; {rejected:,} rows do not load and are in {folder / 'quarantine'}" if rejected else ""
            ways = ", or load the good rows with --quarantine" if reading.whole else ""
            hint = f"mend them (ecosystem dataset check lists all){ways}"
            raise DatasetError(f"{folder} has errors{rows}", findings=findings, hint=hint)
        target.load(reading.dataset, replace=replace, progress=report)
    target.close()
    read = sum(count.read for count in reading.counts)
    loaded = sum(count.loaded for count in reading.counts)
    for finding in findings:
        if finding.severity == "warning":
            say(f"warning: {finding}")
    say(f"{loaded:,} of {read:,} rows loaded into {target.url}, {rejected:,} quarantined")
