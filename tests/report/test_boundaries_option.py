"""`ecosystem report --boundaries`: what is missing is said, and a file that cannot be used is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from command import run_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with (tmp_path / "values.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["region", "a", "b"], *[[f"place {each}", each, each**2] for each in range(4)]])
    assert run_in(tmp_path, "index", "new", "mine", "--from", "values.csv").returncode == 0
    return tmp_path


def boundaries(folder: Path, *names: str) -> None:
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for name in names
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "own.geojson").write_text(json.dumps(collection), encoding="utf-8")


REPORT = ("report", "mine", "--values", "values.csv", "--boundaries", "own.geojson", "--lang", "en", "--out", "r.html")


def test_regions_without_boundaries_are_named(folder: Path) -> None:
    boundaries(folder, "place 0", "place 1", "place 2")
    done = run_in(folder, *REPORT)
    assert done.returncode == 0, done.stderr
    assert "One ranked region has no boundary in own.geojson, property name: place 3." in done.stderr
    assert (folder / "r.html").is_file()


def test_a_file_without_the_regions_is_refused(folder: Path) -> None:
    boundaries(folder, "elsewhere")
    done = run_in(folder, *REPORT)
    assert done.returncode == 1
    assert "no property names a ranked region; what the features say: name: elsewhere" in done.stderr
    assert not (folder / "r.html").exists()
