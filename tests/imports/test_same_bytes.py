"""The shipped mappings give the very folders that they gave when these hashes were made, byte for byte.

`output_hashes.json` has the SHA-256 of every file. They were made before mappings ran column by column, of the same
exports. A fault that is mended changes them: then they are made anew by
`python -m tests.imports.test_same_bytes SHARED`, and the commit says which fault it was.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path

import pytest

from ecosystem.imports import import_source, list_sources

pytestmark = pytest.mark.long  # H2020 alone has 145,000 rows, each with its partners

HASHES = Path(__file__).with_name("output_hashes.json")
EXPORTS = {
    "aiia": "aiia",
    "ccf_conference_editions": "ccf_conference_editions.csv",
    "cn_ai_policies": "cn_ai_policies.csv",
    "cn_pevc": "cn_pevc",
    "crunchbase2015_acquisitions": "crunchbase2015_acquisitions.csv.gz",
    "eto_chip": "eto_chip",
    "h2020": ".",
    "itjuzi_ai": "itjuzi_ai",
    "province_tech": "province_tech",
    "ror_china": "ror_china.csv",
    "universities_gbk": "universities_gbk.csv",
}
"""Mapping -> its export among the shared data."""


def hashes(source: str, shared: Path, out: Path) -> dict[str, str]:
    """The hash of every file that an import writes."""
    import_source(source, shared / "data" / "real" / EXPORTS[source], out)
    files = sorted(path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("source", EXPORTS)
def test_a_mapping_gives_the_same_bytes(source: str, shared: Path, tmp_path: Path) -> None:
    expected = json.loads(HASHES.read_text(encoding="utf-8"))[source]
    assert hashes(source, shared, tmp_path / "out") == expected


def test_every_mapping_that_has_an_export_is_among_them() -> None:
    assert set(EXPORTS) <= {mapping.name for mapping in list_sources()}


def main() -> None:
    shared = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        made = {source: hashes(source, shared, Path(folder) / source) for source in EXPORTS}
    HASHES.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
