"""`ecosystem report` as a person runs it: the page, its receipt, and one clear sentence for every mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import run_in

pytestmark = pytest.mark.long

GOLDEN = Path(__file__).parents[1] / "golden" / "dataset"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the golden dataset in the default store."""
    home = tmp_path_factory.mktemp("report")
    done = run_in(home, "load", str(GOLDEN))
    assert done.returncode == 0, done.stderr
    return home


def test_a_page_and_its_receipt_which_replays(home: Path) -> None:
    done = run_in(home, "report", "cingai-2023", "--out", "report.html", "--draws", "50", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "report.html" in done.stderr
    assert (home / "report.html").read_bytes().startswith(b"<!doctype html>")
    receipt = json.loads((home / "report.run.json").read_text(encoding="utf-8"))
    assert (receipt["command"], receipt["file"], receipt["arguments"]["draws"]) == ("report", "report.html", "50")
    again = run_in(home, "score", "--from", "report.run.json", "--lang", "en")
    assert "every digit is the same" in again.stderr
    run_in(home, "report", "cingai-2023", "--out", "again.html", "--draws", "50", "--lang", "en")
    assert (home / "again.html").read_bytes() == (home / "report.html").read_bytes()


MISTAKES = {
    "which file?": ("cingai-2023",),
    "is not written to stdout": ("cingai-2023", "--out", "-"),
    ".html": ("cingai-2023", "--out", "report.xlsx"),
    "nowhere": ("cingai-2023", "--out", "nowhere/deep/report.html"),
    "is named 'Atlantis'": ("cingai-2023", "--out", "r.html", "--region", "Atlantis"),
    "there is no network": ("cingai-2023", "--out", "r.html", "--network", "enablment"),
    "which years?": ("cingai-2023", "--out", "r.html", "--by-year"),
    "the file is not JSON": ("cingai-2023", "--out", "r.html", "--boundaries", "faulty.geojson"),
    "cingai-2032": ("cingai-2032", "--out", "r.html"),
}


@pytest.mark.parametrize("said", MISTAKES)
def test_a_mistake_is_one_sentence_and_nothing_is_written(home: Path, said: str) -> None:
    (home / "faulty.geojson").write_text("[1, 2", encoding="utf-8")
    done = run_in(home, "report", *MISTAKES[said], "--lang", "en")
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "r.html").exists()
    assert not (home / "nowhere").exists()
