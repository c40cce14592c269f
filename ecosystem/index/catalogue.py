"""Which indices there are, and the one that a name or a path means."""

from __future__ import annotations

from pathlib import Path

from ecosystem.errors import SpecError, did_you_mean
from ecosystem.index.read import read_index
from ecosystem.index.records import Index
from ecosystem.index.spec import TOML_NAME
from ecosystem.resources import resource


def list_indices(folder: Path | None = None) -> tuple[Path, ...]:
    """The index folders inside `folder`, by name; without one, those that travel with the package."""
    root = resource("data", "indices") if folder is None else folder
    if not root.is_dir():
        raise SpecError(f"there is no folder {root}", hint="name a folder that holds index folders")
    return tuple(sorted(path.parent for path in root.glob(f"*/{TOML_NAME}")))


def index_folder(name_or_dir: str) -> Path:
    """The folder of a shipped index, by its id, or a folder that exists; SpecError names the nearest ids otherwise."""
    shipped = {path.name: path for path in list_indices()}
    if name_or_dir in shipped:
        return shipped[name_or_dir]
    path = Path(name_or_dir)
    if path.is_dir():
        return path
    hint = did_you_mean(name_or_dir, shipped)
    raise SpecError(f"there is no index {name_or_dir!r}, and no folder of that name", hint=hint)


def load_index(name_or_dir: str) -> Index:
    """The index that a name or a path means, read and checked; SpecError where it is unknown or has errors."""
    return read_index(index_folder(name_or_dir))
