"""Imports, previews, guesses and models drawn by chance, in every format and with every key of a mapping.

ECOSYSTEM_HOSTILE_EXAMPLES=10000 asks for that many of them in all, else some hundred; ECOSYSTEM_HOSTILE_SEED says
with which number they begin.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from command import run_in
from hostile_checks import draw_guess, draw_import, draw_model, draw_second_import, draw_table, written_import

from ecosystem.tables.packed import SETTING

pytestmark = pytest.mark.long  # many cases, each of which reads and writes files

Draw = Callable[[int, Path], bool]
KINDS: dict[str, Draw] = {
    "a mapping that is mostly sound": draw_import,
    "a mapping with faults": lambda seed, folder: draw_import(seed, folder, faulty=True),
    "a second source": draw_second_import,
    "a table of values or of a dataset": draw_table,
    "a guess": draw_guess,
    "a model": draw_model,
}
EXAMPLES = int(os.environ.get("ECOSYSTEM_HOSTILE_EXAMPLES", "240"))
BEGIN = int(os.environ.get("ECOSYSTEM_HOSTILE_SEED", "0"))


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_drawn_is_read_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setenv(SETTING, "20")
    for seed in range(BEGIN, BEGIN + EXAMPLES // len(KINDS)):
        folder = tmp_path / str(seed)
        folder.mkdir()
        try:
            KINDS[kind](seed, folder)
        except BaseException as err:
            err.add_note(f"seed {seed}: {kind}")
            raise
        shutil.rmtree(folder)


def test_the_command_ends_with_one_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, "20")
    codes = set()
    for seed in range(BEGIN, BEGIN + 24):
        folder = tmp_path / str(seed)
        folder.mkdir()
        mapping, export, _ = written_import(seed, folder, faulty=seed % 3 == 0)
        done = run_in(folder, "dataset", "import", str(mapping), "--from", str(export), "--out", "out")
        assert done.returncode in (0, 1), done.stderr
        assert (done.returncode == 0) == (folder / "out").exists()
        codes.add(done.returncode)
    assert codes == {0, 1}


def test_a_number_draws_the_same_whatever_was_drawn_before(tmp_path: Path) -> None:
    drawn = []
    for name in ("before", "after"):
        folder = tmp_path / name
        folder.mkdir()
        drawn.append(written_import(7, folder, faulty=False)[0].read_bytes())
        for seed in range(60):
            (folder / str(seed)).mkdir()
            written_import(seed, folder / str(seed), faulty=True)
    assert drawn[0] == drawn[1]
