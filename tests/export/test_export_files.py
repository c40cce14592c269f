"""Files written by suffix and read back, and what a failure leaves behind."""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from export_frame import FRAME

from ecosystem.errors import OutputError, UsageError
from ecosystem.export import files, write_bytes, write_json, write_table, write_workbook
from ecosystem.export.files import TableFile


class TestParquet:
    def test_read_back(self, tmp_path: Path) -> None:
        write_table(tmp_path / "t.parquet", FRAME)
        table = pq.read_table(tmp_path / "t.parquet")
        assert table.column_names == list(FRAME.columns)
        pd.testing.assert_frame_equal(table.to_pandas(), FRAME, check_dtype=False)

    def test_the_row_index_is_no_column(self, tmp_path: Path) -> None:
        write_table(tmp_path / "t.parquet", FRAME.set_index("code").sort_values("rank"))
        assert "code" not in pq.read_table(tmp_path / "t.parquet").column_names


class TestReceipt:
    def test_read_back(self, tmp_path: Path) -> None:
        thing = {
            "b": 1,
            "a": {"weights": (0.1, np.float64(0.2)), "window": [2019, None]},
            "when": dt.date(2023, 1, 1),
            "file": PurePosixPath("a/b"),
            "ids": np.array([1, 2]),
            "nan": float("nan"),
            "名": "值",
        }
        write_json(tmp_path / "run.json", thing)
        text = (tmp_path / "run.json").read_text(encoding="utf-8")
        assert json.loads(text) == {
            "b": 1,
            "a": {"weights": [0.1, 0.2], "window": [2019, None]},
            "when": "2023-01-01",
            "file": "a/b",
            "ids": [1, 2],
            "nan": None,
            "名": "值",
        }
        assert text.index('"b"') < text.index('"a"')
        assert "值" in text

    def test_what_json_does_not_know_is_a_bug(self, tmp_path: Path) -> None:
        with pytest.raises(TypeError):
            write_json(tmp_path / "run.json", {"x": object()})
        assert list(tmp_path.iterdir()) == []


SUFFIXES = (".csv", ".xlsx", ".parquet", ".json", ".md")


class TestSuffix:
    @pytest.mark.parametrize("suffix", [*SUFFIXES, ".CSV"])
    def test_says_what_is_written(self, tmp_path: Path, suffix: str) -> None:
        write_table(tmp_path / f"t{suffix}", FRAME)
        assert [path.name for path in tmp_path.iterdir()] == [f"t{suffix}"]

    @pytest.mark.parametrize(("name", "hint"), [("t.cvs", "did you mean '.csv'"), ("t.xls", "'.xlsx'"), ("t", "t.csv")])
    def test_unknown(self, tmp_path: Path, name: str, hint: str) -> None:
        with pytest.raises(UsageError, match=r"\.csv, \.xlsx, \.parquet, \.json, \.md") as caught:
            write_table(tmp_path / name, FRAME)
        assert hint in str(caught.value.hint)
        assert list(tmp_path.iterdir()) == []

    def test_a_new_format_is_one_record(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        names = TableFile(lambda sheets: [" ".join(sheets).encode()], several=True)
        monkeypatch.setattr(files, "FORMATS", {**files.FORMATS, ".names": names})
        write_table(tmp_path / "t.names", FRAME, sheet="one")
        files.write_result(tmp_path / "all.names", lambda: FRAME, lambda: {"a": FRAME, "b": FRAME})
        assert ((tmp_path / "t.names").read_text(), (tmp_path / "all.names").read_text()) == ("one", "a b")

    def test_a_workbook_is_xlsx(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"\.xlsx"):
            write_workbook(tmp_path / "t.csv", {"x": FRAME})

    def test_excel_is_for_csv(self, tmp_path: Path) -> None:
        write_table(tmp_path / "t.csv", FRAME, excel=True)
        assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbfcode,")
        with pytest.raises(UsageError, match="byte-order mark"):
            write_table(tmp_path / "t.json", FRAME, excel=True)


class TestFailure:
    @pytest.fixture
    def old(self, tmp_path: Path) -> Path:
        path = tmp_path / "t.csv"
        path.write_text("old", encoding="utf-8")
        return path

    def fails(self, path: Path, words: str) -> OutputError:
        with pytest.raises(OutputError, match=words) as caught:
            write_table(path, FRAME)
        assert str(path) in str(caught.value)
        assert caught.value.hint
        return caught.value

    def test_no_folder(self, tmp_path: Path) -> None:
        error = self.fails(tmp_path / "absent" / "t.csv", "there is no folder")
        assert error.hint == f"mkdir -p {tmp_path / 'absent'}"
        assert list(tmp_path.iterdir()) == []

    def test_the_folder_is_a_file(self, old: Path) -> None:
        self.fails(old / "t.csv", "there is no folder")

    def test_the_target_is_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "t.csv").mkdir()
        self.fails(tmp_path / "t.csv", "it is not a file")

    def test_the_target_is_a_device(self, tmp_path: Path) -> None:
        link = tmp_path / "t.csv"
        link.symlink_to("/dev/null")
        self.fails(link, "it is not a file")
        assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)

    def test_the_target_is_read_only(self, old: Path) -> None:
        old.chmod(0o444)
        self.fails(old, "it is read-only")
        assert old.read_text(encoding="utf-8") == "old"

    def test_the_name_is_too_long(self, tmp_path: Path) -> None:
        self.fails(tmp_path / f"{'x' * 300}.csv", "cannot be written")
        assert list(tmp_path.iterdir()) == []

    def test_the_disk_is_full(self, old: Path, limited: Callable[[int], None]) -> None:
        limited(4096)
        error = self.fails_large(old)
        limited(-1)
        assert "free some space" in str(error.hint)
        assert old.read_text(encoding="utf-8") == "old"
        assert list(old.parent.iterdir()) == [old]

    def fails_large(self, path: Path) -> OutputError:
        with pytest.raises(OutputError, match="cannot be written") as caught:
            write_table(path, pd.DataFrame({"x": np.arange(100_000)}))
        return caught.value

    @pytest.fixture
    def limited(self) -> Iterator[Callable[[int], None]]:
        """A limit on the size of a file: the system refuses in the middle of writing, as a full disk does."""
        resource = pytest.importorskip("resource", reason="limits are a POSIX matter")
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

        def limit(size: int) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size if size >= 0 else hard, hard))

        yield limit
        limit(-1)

    @pytest.mark.parametrize("step", ["open", "replace"])
    @pytest.mark.parametrize("failure", [OSError(30, "Read-only file system"), KeyboardInterrupt()])
    def test_whatever_happens_the_old_file_stays(
        self, old: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException
    ) -> None:
        real = getattr(Path, step)

        def fail(path: Path, *arguments: object) -> None:
            if step == "open":
                with real(path, *arguments) as file:
                    file.write(b"half")
            raise failure

        expected = OutputError if isinstance(failure, OSError) else KeyboardInterrupt
        with monkeypatch.context() as patch:
            patch.setattr(Path, step, fail)
            with pytest.raises(expected):
                write_bytes(old, b"new")
        assert old.read_text(encoding="utf-8") == "old"
        assert list(old.parent.iterdir()) == [old]


def test_a_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_table(tmp_path / "t.csv", FRAME)
    assert (tmp_path / "t.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_bytes(tmp_path / "link.csv", b"new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"new"


def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_table(Path("t.md"), FRAME)
    assert os.listdir(tmp_path) == ["t.md"]  # noqa: PTH208 - names only
