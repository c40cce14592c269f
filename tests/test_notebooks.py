"""The notebooks of the documentation run from top to bottom, in both languages, and show what their words say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ("docs/notebook.ipynb", "docs/zh/notebook.ipynb")


def read(name: str) -> Any:
    library: Any = nbformat  # it has no types
    return library.read(ROOT / name, as_version=4)


def shown(cell: Any) -> dict[str, str]:
    """What a code cell has shown: text and HTML by their types, pictures as they were sent."""
    found: dict[str, str] = {}
    for output in cell.outputs:
        found |= output.get("data", {"text/plain": output.get("text", "")})
    return found


@pytest.mark.long
@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_notebook_runs_and_shows_what_it_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = read(name)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    answers = [shown(cell) for cell in notebook.cells if cell.cell_type == "code"]
    tables = [answer["text/html"] for answer in answers if "text/html" in answer]
    assert len([answer for answer in answers if "image/png" in answer]) == 4
    assert all(table.startswith("<div>") for table in tables)
    text = " ".join(answer.get("text/plain", "") for answer in answers)
    chinese = "zh" in name
    assert ("四川省（cingai-2023）：得分 13.68，在 31 个地区中排第 7" if chinese else "13.68, rank 7 of 31") in text
    assert ("吉林省 16 → 18" if chinese else "Jilin 16 → 18") in text
    assert "companies.csv" in " ".join(tables)
    assert "MultiDiGraph" in text
    assert (tmp_path / "scores.xlsx").exists()


def test_the_notebooks_are_kept_without_what_a_machine_has_shown() -> None:
    for name in NOTEBOOKS:
        cells = json.loads((ROOT / name).read_text(encoding="utf-8"))["cells"]
        assert [cell["id"] for cell in cells] == [f"step-{number:02d}" for number in range(len(cells))]
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


def test_both_notebooks_take_the_same_steps() -> None:
    """But for the language, which the Chinese one chooses first, and the names of regions."""
    english, chinese = ([cell.source for cell in read(name).cells if cell.cell_type == "code"] for name in NOTEBOOKS)
    names = {"四川省": "Sichuan", "湖北省": "Hubei"}
    assert [re.sub("|".join(names), lambda name: names[name[0]], text) for text in chinese[1:]] == english


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_links_of_a_notebook_lead_somewhere_and_a_notebook_is_found(name: str) -> None:
    folder = (ROOT / name).parent
    for cell in read(name).cells:
        for target in re.findall(r"\]\(([^)#]+)\)", cell.source if cell.cell_type == "markdown" else ""):
            assert (folder / target).exists(), target
    assert "(notebook.ipynb)" in (folder / "README.md").read_text(encoding="utf-8")
