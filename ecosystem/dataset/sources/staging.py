"""A dataset folder that an import writes anew beside the old one, which stands until the new one is whole."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from ecosystem.dataset.files import QUARANTINE
from ecosystem.dataset.origins import ORIGINS
from ecosystem.dataset.sources.merges_file import MERGES
from ecosystem.dataset.sources.parts import ASIDE
from ecosystem.dataset.staging import new_folder
from ecosystem.model import load_model


@contextlib.contextmanager
def merged_folder(target: Path) -> Iterator[Path]:
    """A folder to write into, with what earlier imports keep in `target`; when the block ends well it replaces it.

    A folder that no import has written, and that is not empty, raises OutputError. What is neither a table of a dataset
    nor made by an import (notes, other files) is carried over.
    """
    merges = (target / ASIDE).is_dir()
    with new_folder(target, replace=merges) as stage:
        if merges:
            _carry_over(target, stage)
        else:
            (stage / ASIDE).mkdir()
        yield stage


def _carry_over(target: Path, stage: Path) -> None:
    model = load_model()
    tables = {label.table for label in model.labels.values()} | {kind.table for kind in model.link_tables}
    made = {ORIGINS, MERGES, QUARANTINE} | {f"{table}.csv" for table in tables}
    for entry in target.iterdir():
        if entry.name in made or entry.name.endswith(".partial"):
            continue
        if entry.is_dir():
            shutil.copytree(entry, stage / entry.name, copy_function=_link)
        else:
            shutil.copy2(entry, stage / entry.name)


def _link(source: str, target: str) -> None:
    """The same file under a second name, or a copy where the disk has no such names: parts never change."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
