"""The wheel carries everything: installed into an empty environment it scores from another folder."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has the wheel and, by a path file, the dependencies of this one."""
    home = tmp_path_factory.mktemp("wheel")
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    made = subprocess.run(
        [sys.executable, "-c", build, str(home)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    wheel = home / made.stdout.strip().splitlines()[-1]
    venv.create(home / "venv", with_pip=False)
    python = home / "venv" / "bin" / "python"
    find = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(subprocess.run([python, "-c", find], capture_output=True, text=True, check=True).stdout.strip())
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(wheel), str(site)], check=True)
    dependencies = home / "dependencies"
    dependencies.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        # everything but this package: neither its editable install nor its metadata
        if not path.name.startswith(("ecosystem", "_editable", "__editable__")) and path.suffix != ".pth":
            (dependencies / path.name).symlink_to(path)
    (site / "dependencies.pth").write_text(f"{dependencies}\n", encoding="utf-8")
    return python


def test_the_wheel_scores_from_another_folder(python: Path, tmp_path: Path) -> None:
    ask: list[str | Path] = [python, "-c", "import ecosystem; print(ecosystem.__file__)"]
    where = subprocess.run(ask, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert str(ROOT) not in where.stdout
    program = "from ecosystem.cli.main import main; main()"
    done = subprocess.run([python, "-c", program, "demo"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "CINGAI" in done.stdout
    assert len(re.findall(r"^ +\d+  \S", done.stdout, re.MULTILINE)) == 31  # the provinces, ranked
    assert "reproduced 730 of 730" in done.stderr


def test_the_wheel_draws_chinese(python: Path, tmp_path: Path) -> None:
    """The font travels with it."""
    program = "from ecosystem.cli.main import main; main()"
    words = ["index", "plot", "cingai-2023", "--kind", "framework", "--lang", "zh", "--out", "rings.svg"]
    done = subprocess.run([python, "-c", program, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "@font-face" in (tmp_path / "rings.svg").read_text(encoding="utf-8")
