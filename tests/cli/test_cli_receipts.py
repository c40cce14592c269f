"""Receipts as somebody else may have written them: no server is asked, nothing is lost, and one clear error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import run_in
from proxy import listening

from ecosystem.dataset import read_dataset
from ecosystem.store import open_store

GOLDEN = Path(__file__).parents[1] / "golden" / "dataset"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store, and the receipt of its scores in `out`."""
    folder = tmp_path_factory.mktemp("receipts")
    (folder / "out").mkdir()
    store = open_store(folder / "g.duckdb", create=True)
    store.load(read_dataset(GOLDEN).dataset)
    store.close()
    done = run_in(folder, "score", "cingai-2023", "--store", "g.duckdb", "--out", "out/scores.csv")
    assert done.returncode == 0, done.stderr
    return folder


def receipt(folder: Path, **changes: Any) -> str:
    """A receipt that says something else; `arguments` are changed one by one."""
    content = json.loads((folder / "out" / "scores.run.json").read_text(encoding="utf-8"))
    arguments = content["arguments"] | changes.pop("arguments", {})
    (folder / "changed.json").write_text(json.dumps({**content, **changes, "arguments": arguments}), encoding="utf-8")
    return "changed.json"


@pytest.mark.parametrize(
    "form", ["bolt://127.0.0.1:{}", " neo4j://127.0.0.1:{}", "BOLT:127.0.0.1:{}", "http://127.0.0.1:{}"]
)
@pytest.mark.parametrize("scale", [None, "all"])
def test_a_server_that_only_the_receipt_names_sees_no_byte(
    folder: Path, form: str, scale: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "correct-horse")
    monkeypatch.delenv("ECOSYSTEM_STORE", raising=False)
    seen = []
    with listening(lambda connection: seen.append(connection.recv(1))) as port:
        given = receipt(folder, store=form.format(port), arguments={"scale": scale}, since=2020, until=2021)
        done = run_in(folder, "score", "--from", given)
    assert (done.returncode, seen) == (2, [])
    assert "names a server" in done.stderr
    assert "add --store" in done.stderr


@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_server_that_the_user_names_too_is_asked(folder: Path, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "correct-horse")
    with listening() as port:
        url = f"bolt://127.0.0.1:{port}"
    if by == "environment":
        monkeypatch.setenv("ECOSYSTEM_STORE", url)
    done = run_in(folder, "score", "--from", receipt(folder, store=url), *(["--store", url] if by == "option" else []))
    assert f"nothing listens at {url}" in done.stderr


def test_a_receipt_of_a_server_is_replayed_from_a_store_that_the_user_names(folder: Path) -> None:
    done = run_in(folder, "score", "--from", receipt(folder, store="bolt://elsewhere"), "--store", "g.duckdb")
    assert "replayed: every digit is the same" in done.stderr


def test_a_password_in_the_server_of_a_receipt_is_not_repeated(folder: Path) -> None:
    done = run_in(folder, "score", "--from", receipt(folder, store="bolt://neo4j:hunter2@127.0.0.1"))
    assert done.returncode == 2
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize("name", ["//elsewhere/share/values.csv", r"\\elsewhere\share\values.csv"])
def test_a_file_on_another_machine_is_not_opened(folder: Path, name: str) -> None:
    for given in ({"values": name}, {"arguments": {"index": name}}, {"arguments": {"metrics": name}}, {"store": name}):
        done = run_in(folder, "score", "--from", receipt(folder, **given))
        assert done.returncode == 2
        assert "on another machine" in done.stderr or "names a server" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        *({"index": value} for value in (None, 7, True, ["cingai-2023"])),
        *({"groups": value} for value in ("yes", 1, None)),
        *({"metrics": value} for value in (7, False, ["a"])),
        *({"scale": value} for value in (0, "century", ["all"])),
        *({"normalise": value} for value in (1, True, ["minmax"])),
        {"tomorrow": 1},
    ],
)
def test_an_argument_of_another_kind(folder: Path, arguments: dict[str, Any]) -> None:
    done = run_in(folder, "score", "--from", receipt(folder, arguments=arguments))
    assert done.returncode == 1
    assert done.stderr.startswith("error: changed.json is no receipt of this program")
    assert "hint: a receipt is the file NAME.run.json" in done.stderr


@pytest.mark.parametrize("text", ["null", "7", "[]", "[" * 100_000, '"run"', "{}", "", '{"program": "ecosystem"'])
def test_what_is_no_receipt(folder: Path, text: str) -> None:
    (folder / "other.json").write_text(text, encoding="utf-8")
    done = run_in(folder, "score", "--from", "other.json")
    assert done.returncode == 1
    assert done.stderr.startswith("error: other.json is no receipt of this program")


SCORE = ("score", "cingai-2023", "--store", "g.duckdb")


@pytest.mark.parametrize("name", ["run.json", "RUN.JSON", "scores.json", "my.scores.csv"])
@pytest.mark.parametrize("command", [SCORE, ("metrics", "run", "company_count", "--store", "g.duckdb")])
def test_a_receipt_is_called_after_its_file(folder: Path, tmp_path: Path, name: str, command: tuple[str, ...]) -> None:
    (tmp_path / "g.duckdb").symlink_to(folder / "g.duckdb")
    done = run_in(folder, *command, "--out", str(tmp_path / name))
    assert done.returncode == 0, done.stderr
    place = (tmp_path / name).with_suffix(".run.json")
    assert json.loads(place.read_text(encoding="utf-8"))["file"] == name
    assert str(place) in done.stderr
    assert "110000" in (tmp_path / name).read_text(encoding="utf-8"), "the result itself is not lost"


def test_two_outputs_in_a_folder_keep_both_receipts(folder: Path, tmp_path: Path) -> None:
    for name, since in (("s.csv", "2019"), ("s.xlsx", "2020"), ("t.csv", "2021"), ("s.csv", "2018")):
        assert run_in(folder, *SCORE, "--since", since, "--out", str(tmp_path / name)).returncode == 0
    found = {path.name: json.loads(path.read_text(encoding="utf-8"))["since"] for path in tmp_path.glob("*.run.json")}
    assert found == {"s.run.json": 2018, "s.xlsx.run.json": 2020, "t.run.json": 2021}
    for name in found:
        assert "every digit is the same" in run_in(folder, "score", "--from", str(tmp_path / name)).stderr


def test_a_receipt_takes_the_place_of_no_other_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "s.run.json").write_text("my own notes", encoding="utf-8")
    (tmp_path / "s.csv.run.json").write_text("{}", encoding="utf-8")
    done = run_in(folder, *SCORE, "--out", str(tmp_path / "s.csv"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "would take the place of s.run.json or s.csv.run.json" in done.stderr
    assert (tmp_path / "s.run.json").read_text(encoding="utf-8") == "my own notes"
    assert not (tmp_path / "s.csv").exists()


def test_no_output_takes_the_place_of_a_receipt(folder: Path, tmp_path: Path) -> None:
    kept = (folder / "out" / "scores.run.json").read_bytes()
    for name in ("s.run.json", "run.json"):
        (tmp_path / name).write_bytes(kept)
        for command in (SCORE, ("query", "MATCH (c:Company) RETURN c.id", "--store", "g.duckdb")):
            done = run_in(folder, *command, "--out", str(tmp_path / name))
            assert (done.returncode, done.stdout) == (2, "")
            assert "is the receipt of a run, which would be lost" in done.stderr
        assert (tmp_path / name).read_bytes() == kept


def test_a_receipt_of_an_older_version_is_replayed(folder: Path, tmp_path: Path) -> None:
    content = json.loads((folder / "out" / "scores.run.json").read_text(encoding="utf-8"))
    del content["file"]
    (tmp_path / "run.json").write_text(json.dumps(content), encoding="utf-8")
    done = run_in(folder, "score", "--from", str(tmp_path / "run.json"), "--store", "g.duckdb")
    assert "every digit is the same" in done.stderr


@pytest.mark.parametrize("seconds", ["inf", "nan", "1e300"])
def test_a_limit_of_time_that_no_clock_knows(folder: Path, seconds: str) -> None:
    done = run_in(folder, "query", "MATCH (c:Company) RETURN c.id", "--store", "g.duckdb", "--timeout", seconds)
    assert done.returncode == 2
    assert "thirty days" in done.stderr or "is not a number of at least" in done.stderr
    assert done.stdout == ""
