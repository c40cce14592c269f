"""The formulas of the page, run by node: the same file that the page has, bundled for the terminal."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ENTRY = Path(__file__).parent / "formulas_entry.ts"


def bundled(packages: Path, folder: Path) -> Path:
    """The formulas as one script in a folder; `packages` has the esbuild that bundles the page, too."""
    script = folder / "formulas.js"
    words = ["--bundle", "--platform=node", "--log-level=warning", f"--outfile={script}"]
    subprocess.run([packages / "node_modules" / ".bin" / "esbuild", ENTRY, *words], check=True, timeout=60)
    return script


def asked(script: Path, cases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the formulas answer to cases, and which methods they know."""
    text = json.dumps(cases, allow_nan=False)
    done = subprocess.run(["node", script], input=text, capture_output=True, text=True, check=True, timeout=120)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
