"""The mark of a made-up dataset, which travels in its name: into stores, receipts, workbooks and messages."""

from __future__ import annotations

from pathlib import Path

README = "README.txt"
SYNTHETIC = "SYNTHETIC"
"""How the README of a made-up dataset begins."""
MARK = " [synthetic data, 合成数据]"


def dataset_name(folder: Path) -> str:
    """The name of a dataset folder, with the mark where its README says that it is made up."""
    name = folder.resolve().name
    return name + MARK if _is_made_up(folder / README) else name


def is_marked(name: str) -> bool:
    """True for the name of a made-up dataset."""
    return name.endswith(MARK)


def _is_made_up(readme: Path) -> bool:
    try:
        with readme.open("rb") as file:
            return file.read(len(SYNTHETIC)) == SYNTHETIC.encode()
    except OSError:
        return False
