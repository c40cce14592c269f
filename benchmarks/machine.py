"""What figures depend on beside the program: the machine, how busy it was, and the versions of the libraries."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from ecosystem.scoring.score_tables import versions

IDLE = 0.5
"""With a higher load average before the first run, other work was going on, and the figures are noisy."""


def facts() -> dict[str, object]:
    """Processor, cores, memory, system and versions; nothing that names the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": versions(),
    }


def load_average() -> float:
    """How many processes wanted a core, on average over the last minute."""
    return round(os.getloadavg()[0], 2)


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown")
