"""The hash of a dataset: the same files over the same region hierarchy give the same one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from ecosystem.model import Model

_PIECE = 1 << 22


def fingerprint(paths: Iterable[Path], regions: pa.Table, model: Model) -> str:
    """SHA-256 over the version of the model, the regions (as nodes), and name, size and bytes of each file by name."""
    digest = hashlib.sha256(f"model {model.version}\0{regions.to_pylist()}\0".encode())
    for path in sorted(set(paths), key=lambda path: path.name):
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    return digest.hexdigest()
