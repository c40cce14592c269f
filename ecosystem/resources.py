"""Where the files that travel with the package are: `data/` and `cypher/`."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).parent / "_resources"
_CHECKOUT = Path(__file__).parent.parent


def resource(*parts: str) -> Path:
    """The path of a shipped file or folder, e.g. `resource("data", "model.toml")`; in a wheel or in a checkout."""
    root = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return root.joinpath(*parts)
