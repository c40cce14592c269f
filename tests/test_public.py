"""What a notebook sees: the public names, the example in the docstring, and quick answers."""

from __future__ import annotations

import runpy
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import ecosystem
from ecosystem.synthetic.synthesize import synthesize

PUBLIC = [
    "EcosystemError",
    "Scores",
    "__version__",
    "decompose_change",
    "explain",
    "knockout",
    "leave_out",
    "load_index",
    "load_metrics",
    "measure",
    "missing_cases",
    "network",
    "open_store",
    "plot",
    "profile",
    "query",
    "read_dataset",
    "resample",
    "robustness",
    "score",
    "sensitivity",
    "shares",
    "shipped_regions",
    "to_igraph",
    "to_networkx",
    "weight_space",
    "write_profile",
    "write_report",
    "write_scores",
]


def test_the_public_names_are_these() -> None:
    assert sorted(ecosystem.__all__) == PUBLIC
    for name in PUBLIC:
        assert getattr(ecosystem, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = ecosystem.nonsense


def test_the_example_of_the_docstring_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    synthesize(tmp_path / "mydata", companies=300, links=3000, seed=3)
    assert ecosystem.__doc__ is not None
    example = textwrap.dedent(ecosystem.__doc__.split("\n\n", 1)[1])
    script = tmp_path / "example.py"
    script.write_text(example, encoding="utf-8")
    found = runpy.run_path(str(script))
    assert (tmp_path / "scores.xlsx").exists()
    assert isinstance(found["scores"], ecosystem.Scores)


def test_nothing_heavy_is_imported_for_help() -> None:
    """What makes `ecosystem --help` quick; the time itself is in benchmarks/."""
    heavy = "{'duckdb', 'pandas', 'pyarrow', 'numpy', 'lark', 'pydantic', 'xlsxwriter'}"
    program = f"""
        import sys
        from ecosystem.cli.main import main
        sys.argv = ["ecosystem", "--help"]
        try:
            main()
        except SystemExit:
            pass
        sys.exit(", ".join(sorted({heavy} & set(sys.modules))) or 0)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
