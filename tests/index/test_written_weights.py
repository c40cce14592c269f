"""Weights that are written on the command line, `technology=0.4,capital=0.6`: the same as those of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecosystem.cli.run_request import changed_index
from ecosystem.errors import UsageError
from ecosystem.index.files.weight_files import written_weights

PILLARS = {
    "company_capability": 0.2,
    "academic_ecology": 0.35,
    "capital_environment": 1,
    "international_openness": 0,
    "linking_capability": 5e-3,
    "government_responsiveness": 0.1,
}
LINE = ",".join(f"{code}={weight}" for code, weight in PILLARS.items())


def test_codes_and_numbers_are_read_to_the_last_digit() -> None:
    assert written_weights(LINE) == PILLARS
    assert written_weights(" a = 0.1 ,b=1e-3") == {"a": 0.1, "b": 0.001}


def test_they_are_those_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "weights.csv"
    file.write_text("\n".join(["code,weight", *(f"{code},{weight}" for code, weight in PILLARS.items())]))
    written, read = (changed_index("cingai-2023", {"weights": text}) for text in (LINE, str(file)))
    assert written.indicators == read.indicators
    assert [change.en for change in written.changes] == [f"weights: printed -> {LINE}"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a=0.1,b", "'b' is not the weight of a part"),
        ("a=0.1,", "'' is not the weight of a part"),
        ("a=-1", "'a=-1' is not the weight of a part"),
        ("a=nan", "'a=nan' is not the weight of a part"),
        ("=1", "'=1' is not the weight of a part"),
        ("a=1,a=2", "'a' has two weights"),
    ],
)
def test_what_is_no_list_of_weights_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        written_weights(text)


def test_a_code_that_the_index_does_not_have_is_refused() -> None:
    with pytest.raises(UsageError, match="which is not a part of the index"):
        changed_index("cingai-2023", {"weights": "nothing=1"})
