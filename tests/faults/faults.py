"""What happens to servers and laptops in the midst of a load, and what the next load makes of it."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from ground import BATCH, HIGH, LOW, Ground, Mode, Way

from ecosystem.errors import StoreError
from ecosystem.store.neo4j import connection

LOADER = Path(__file__).with_name("loader.py")
ATTEMPTS = 5
"""A fault that came too early or too late is tried again so many times."""


@dataclass(frozen=True)
class Outcome:
    """A fault, and the share of the rows that the server had acknowledged when it came."""

    fault: str
    mode: Mode
    acknowledged: int
    total: int

    def __str__(self) -> str:
        share = self.acknowledged / self.total
        return f"{self.fault}, {self.mode}: {self.acknowledged:,} of {self.total:,} rows acknowledged ({share:.1%})"


def suffer(ground: Ground, fault: str, mode: Mode, draw: random.Random) -> Outcome:
    """One fault at a random share of a load, after which the next load leaves what an undisturbed one does.

    What came too early or too late does not count, and another one is tried. Raises AssertionError with what differs.
    """
    for _ in range(ATTEMPTS):
        way = ground.begin(mode)
        FAULTS[fault](ground, mode, way, draw.uniform(LOW + 0.02, HIGH - 0.07))
        outcome = Outcome(fault, mode, way.acknowledged, way.total)
        if LOW <= way.share <= HIGH:
            break
        ground.load(mode)
    else:
        raise AssertionError(f"{outcome}: no fault came in time")
    ground.load(mode)
    assert ground.fingerprint() == ground.undisturbed[mode], f"{outcome}: the graph is another one"
    differences = ground.differences(mode)
    assert not differences, f"{outcome}: {differences}"
    return outcome


def loader_killed(ground: Ground, mode: Mode, way: Way, share: float) -> None:
    """The process that loads is killed; the next one begins at once."""
    command = [sys.executable, str(LOADER), ground.url, mode, str(BATCH)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            what, done, _ = line.split()
            way.told(what, int(done))
            if way.share >= share:
                process.kill()
                break
        for line in process.stdout:  # what it had said by then
            if len(words := line.split()) == 3 and line.endswith("\n"):
                way.told(words[0], int(words[1]))
    assert process.returncode == -signal.SIGKILL, process.returncode


def server_killed(ground: Ground, mode: Mode, way: Way, share: float) -> None:
    """The server is killed, and starts again with what it had written."""
    _broken_off(ground, mode, way, share, ground.machine.kill)
    ground.machine.start()


def server_restarted(ground: Ground, mode: Mode, way: Way, share: float) -> None:
    """The server is stopped in an orderly way, and starts again."""
    _broken_off(ground, mode, way, share, ground.machine.stop)
    ground.machine.start()


def disk_full(ground: Ground, mode: Mode, way: Way, share: float) -> None:
    """The server may write no more to any file: its log of transactions ends where it is, as on a full disk.

    When there is room again it is started anew, as one does.
    """

    def fill() -> None:
        size = max(file.stat().st_size for file in ground.machine.log.iterdir())
        resource.prlimit(ground.machine.pid, resource.RLIMIT_FSIZE, (size, size))

    _broken_off(ground, mode, way, share, fill)
    ground.machine.kill()
    ground.machine.start()


def two_at_once(ground: Ground, mode: Mode, way: Way, share: float) -> None:
    """A second load begins in the midst of the first: it is refused by name, and the first is not disturbed."""
    refused: list[str] = []

    def second() -> None:
        try:
            ground.load(mode)
        except StoreError as err:
            refused.append(str(err))

    def watch(what: str, done: int, total: int | None) -> None:
        if not threads and way.share < share:
            way.told(what, done)
        if not threads and way.share >= share:
            threads.append(threading.Thread(target=second))
            threads[0].start()
            threads[0].join()

    threads: list[threading.Thread] = []
    ground.load(mode, watch)
    assert len(refused) == 1, refused
    assert "another load is writing into" in refused[0]


def _broken_off(ground: Ground, mode: Mode, way: Way, share: float, strike: Callable[[], None]) -> None:
    """Load, and let something happen at a share of the rows; the load ends with one clear error."""
    struck = False

    def watch(what: str, done: int, total: int | None) -> None:
        nonlocal struck
        way.told(what, done)
        if not struck and way.share >= share:
            struck = True
            strike()

    ended = False
    try:
        with mock.patch.object(connection, "RETRY_SECONDS", 0.2):  # nobody comes back within the two seconds of it
            ground.load(mode, watch)
    except StoreError:
        if not struck:
            raise
        ended = True
    assert ended, f"the load went on as if nothing had happened at {way.share:.0%}"


Fault = Callable[[Ground, Mode, Way, float], None]
FAULTS: Mapping[str, Fault] = {
    "loader killed": loader_killed,
    "server killed": server_killed,
    "server restarted": server_restarted,
    "disk full": disk_full,
    "two loads at once": two_at_once,
}
