"""The script of the page is what its sources give, and the sources have no type errors."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ecosystem.report.page import WEB

pytestmark = pytest.mark.long


def test_a_rebuild_gives_the_same_bytes(web: Path) -> None:
    subprocess.run(["npm", "run", "--silent", "build"], cwd=web, check=True)
    assert (web / "report.js").read_bytes() == (WEB / "report.js").read_bytes(), "run: npm run build"


def test_the_sources_have_no_type_errors(web: Path) -> None:
    done = subprocess.run(["npm", "run", "--silent", "types"], cwd=web, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_licences_of_what_is_inside_are_there(web: Path) -> None:
    text = (WEB / "LICENCES.txt").read_text(encoding="utf-8")
    for package, licence in (("echarts", "LICENSE"), ("zrender", "LICENSE"), ("tslib", "LICENSE.txt")):
        assert (web / "node_modules" / package / licence).read_text(encoding="utf-8").strip() in text
