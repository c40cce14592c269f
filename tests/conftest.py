"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# the same examples on every run and machine: a test that fails now and then tells nobody anything
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public data beside the checkout; where it is absent its tests are skipped, but fail in CI."""
    if not SHARED.is_dir():
        reason = f"the public test data is not there: {SHARED.name}/ beside the checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return SHARED
