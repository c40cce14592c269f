"""The limits of the house, on packages made for the purpose."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.house import LONGEST_MODULE, main, measure


def package(folder: Path, modules: dict[str, int]) -> Path:
    for name, lines in modules.items():
        path = folder / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n" * lines, encoding="utf-8")
    return folder / "package"


def test_a_house_within_its_limits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = package(tmp_path, {"__init__.py": 200, "room/__init__.py": 200, "room/noun.py": LONGEST_MODULE})
    assert main(folder) == 0
    out, err = capsys.readouterr()
    assert "3 modules, 750 lines\n4.00 modules per 1,000 lines\n" in out
    assert "longest: package/room/noun.py 350, " in out
    assert "share a name with another: none" in out
    assert err == ""


@pytest.mark.parametrize(
    ("modules", "fault"),
    [
        ({"long.py": 351}, "package/long.py has 351 lines, at most 350"),
        ({"a.py": 100, "b.py": 100}, "10.00 modules per 1,000 lines, at most 7"),
        ({f"{number}/noun.py": 300 for number in range(26)}, "26 files share a name with another, at most 25"),
    ],
)
def test_a_limit_that_is_passed_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], modules: dict[str, int], fault: str
) -> None:
    assert main(package(tmp_path, modules)) == 1
    assert capsys.readouterr().err == f"error: {fault}\n"


def test_an_empty_package_has_no_faults(tmp_path: Path) -> None:
    assert measure(tmp_path).faults == []


def test_no_file_of_the_project_is_a_link_to_another_place() -> None:
    """An ignored folder is `node_modules`, not `node_modules/`: a slash lets a link of that name in."""
    listed = subprocess.run(
        ["git", "ls-files", "--stage"], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert [line for line in listed.stdout.splitlines() if line.startswith("120000")] == []
