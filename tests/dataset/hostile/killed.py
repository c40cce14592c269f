"""Does one work again and again in processes of their own and kills them: at each step on the disk, or some time.

`python killed.py WORK FOLDER MOMENTS`: target after target (`FOLDER/t0`, `FOLDER/t1`, ...), each of which begins as a
copy of `FOLDER/old` where that is there. First one process each is killed before its first, second, third, ... step,
until one gets to the end; then so many more are killed at random moments. Prints target and exit status of each.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from ecosystem.imports import import_source
from ecosystem.tables.atomic import new_folder
from ecosystem.tables.writer import write_table

_STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.scandir", "ctypes.dlsym"}
_MOST = 80


def run_import(folder: Path, target: Path) -> None:
    """Import an export into the target."""
    import_source(str(folder / "many.toml"), folder, target)


def run_replace(_: Path, target: Path) -> None:
    """Replace whatever is at the target by two tables."""
    _write(target, replace=True)


def run_inside(_: Path, target: Path) -> None:
    """Write two tables into a folder that has to stay, for this process is in it."""
    target.mkdir(exist_ok=True)
    os.chdir(target)
    _write(target, replace=False)


WORKS: dict[str, Callable[[Path, Path], None]] = {"import": run_import, "replace": run_replace, "inside": run_inside}


def _write(target: Path, *, replace: bool) -> None:
    with new_folder(target, replace=replace) as stage:
        for name in ("companies", "people"):
            write_table(stage / f"{name}.csv", pa.table({"id": [f"new-{name}"]}))


def _die_before(step: int, target: Path) -> None:
    """Let this process be killed before it takes its step of that number on the disk."""
    taken = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal taken
        # whatever has the name of the target in it: the lock, what is written beside, the target itself
        if event in _STEPS and (event == "ctypes.dlsym" or target.name in str(arguments[0])):
            taken += 1
            if taken > step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def _run(work: str, folder: Path, number: int, *, step: int | None = None, seconds: float | None = None) -> int:
    """The exit status of one process: 0, or -9 where it was killed."""
    target = folder / f"t{number}"
    if (folder / "old").is_dir():
        shutil.copytree(folder / "old", target)
    child = os.fork()
    if child == 0:
        if step is not None:
            _die_before(step, target)
        WORKS[work](folder, target)
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.stdout.write(f"{target.name} {status}\n")
    sys.stdout.flush()
    return status


def main() -> None:
    """Kill, and tell."""
    work, folder, wanted = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    number = killed = 0
    while _run(work, folder, number, step=number) != 0:
        number += 1
    began = time.monotonic()
    number += 1
    _run(work, folder, number)
    whole = time.monotonic() - began
    moments = random.Random(5)  # noqa: S311 - no secret
    while killed < wanted and number < _MOST:
        number += 1
        killed += _run(work, folder, number, seconds=whole * moments.random()) != 0


if __name__ == "__main__":
    main()
