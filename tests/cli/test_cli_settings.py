"""`ecosystem init`, and what `ecosystem.toml` says where an option does not."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from command import run_in

from ecosystem.cli.settings import KEYS, read_settings
from ecosystem.synthetic.synthesize import synthesize


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that `init` made, with a small graph in its store."""
    folder = tmp_path_factory.mktemp("settings")
    assert run_in(folder, "init", "work", "--lang", "en").returncode == 0
    synthesize(folder / "work" / "small", companies=70, links=1000)
    done = run_in(folder / "work", "load", "small")
    assert done.returncode == 0, done.stderr
    return folder / "work"


def commands_of(folder: Path) -> list[str]:
    """The commands of the notes that `init` wrote."""
    blocks = re.findall(r"```bash\n(.*?)```", (folder / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("ecosystem ")]


def test_what_init_says_to_do_next_is_the_same_in_both_languages(work: Path, tmp_path: Path) -> None:
    assert run_in(tmp_path, "init", "work", "--lang", "zh").returncode == 0
    plain = [[" ".join(line.split("#")[0].split()) for line in commands_of(one)] for one in (work, tmp_path / "work")]
    assert plain[0] == plain[1]


@pytest.mark.parametrize("lang", ["en", pytest.param("zh", marks=pytest.mark.long)])
def test_what_init_says_to_do_next_works(lang: str, tmp_path: Path) -> None:
    done = run_in(tmp_path, "init", "work", "--lang", lang)
    assert (done.returncode, done.stdout) == (0, "work/ecosystem.toml\n")
    note = (tmp_path / "work" / "README.md").read_text(encoding="utf-8")
    commands = commands_of(tmp_path / "work")
    assert len(commands) == 9
    said = [line.strip() for line in done.stderr.splitlines() if line.startswith("  ecosystem ")]
    assert said == commands[:5]
    for command in commands:
        small = " --companies 70 --links 1000" if "synthesize" in command else ""
        then = run_in(tmp_path / "work", *shlex.split(command + small)[1:])
        assert then.returncode == 0, (command, then.stderr)
    assert ("试一试" in note) == (lang == "zh")


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    done = run_in(tmp_path, "init")
    assert (done.returncode, done.stdout) == (1, "")
    assert "README.md exists already" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_a_new_file_names_every_key(work: Path) -> None:
    text = (work / "ecosystem.toml").read_text(encoding="utf-8")
    assert re.findall(r"^(?:# )?(\w+) = ", text, re.MULTILINE) == list(KEYS)
    assert read_settings(work / "ecosystem.toml") == {
        "store": ".ecosystem/graph.duckdb", "index": "cingai-2023", "lang": "en",
    }  # fmt: skip


def test_options_beat_the_environment_which_beats_the_file(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("metrics", "run", "company_count")
    assert "region" in run_in(work, *asked).stdout
    monkeypatch.setenv("ECOSYSTEM_STORE", "nowhere.duckdb")
    assert "nowhere.duckdb" in run_in(work, *asked).stderr
    assert run_in(work, *asked, "--store", ".ecosystem/graph.duckdb").returncode == 0
    monkeypatch.setenv("ECOSYSTEM_LANG", "zh")
    assert "地区" in run_in(work, *asked, "--store", ".ecosystem/graph.duckdb").stdout


def test_the_file_is_found_from_a_folder_below_and_left_unread_with_no_config(work: Path) -> None:
    below = work / "below"
    below.mkdir(exist_ok=True)
    done = run_in(below, "score", "--top", "1")
    assert done.returncode == 0
    assert done.stderr.startswith(f"settings: {work / 'ecosystem.toml'}\n")
    assert run_in(below, "score", "--top", "1", "--no-config").returncode == 2
    assert run_in(below, "--no-config", "score", "--top", "1").returncode == 2


def test_an_index_is_put_first_where_none_is_named(work: Path) -> None:
    named = run_in(work, "explain", "region", "cingai-2023", "广东省", "--depth", "pillar")
    for words in (["explain", "region", "广东省"], ["explain", "广东省"]):
        assert run_in(work, *words, "--depth", "pillar").stdout == named.stdout
    assert run_in(work, "knockout", "each", "Company", "--top", "1", "--format", "csv").returncode == 0
    # an index is an index also where something else is missing
    assert "Missing argument 'REGION'" in run_in(work, "explain", "region", "cingai-2023").stderr


def test_an_index_of_the_folder_of_indices_has_its_name_alone(work: Path) -> None:
    (work / "values.csv").write_text("region,a,b\nx,1,2\ny,3,1\n", encoding="utf-8")
    (work / "own").mkdir(exist_ok=True)
    assert run_in(work, "index", "new", "own/mine", "--from", "values.csv").returncode == 0
    settings = work / "ecosystem.toml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text('indices = "own"\nindex = "mine"\nlang = "zh"\n', encoding="utf-8")
    try:
        assert run_in(work, "score", "mine", "--values", "values.csv").returncode == 0
        assert "排名" in run_in(work, "score", "--values", "values.csv").stdout
        assert "mine" in run_in(work, "index", "list").stdout
    finally:
        settings.write_text(before, encoding="utf-8")


def test_a_run_is_replayed_as_it_was_whatever_the_file_says(work: Path) -> None:
    assert run_in(work, "score", "cingai-2023", "--out", "then.csv").returncode == 0
    done = run_in(work, "score", "--from", "then.run.json")
    assert done.returncode == 0
    assert "replayed" in done.stderr


def test_every_fault_of_the_file_is_named_with_its_line(tmp_path: Path) -> None:
    text = '\ufeff# mine\nstroe = "x"\nlang = "fr"\nlevel = 3\n\n[index]\nid = "a"\n'
    (tmp_path / "ecosystem.toml").write_text(text, encoding="utf-8")
    done = run_in(tmp_path, "regions", "groups")
    assert (done.returncode, done.stdout) == (1, "")
    for place in (":2: unknown key 'stroe'", ":3: 'fr'", ":4: level", ":6: index"):
        assert f"ecosystem.toml{place}" in done.stderr
    assert "did you mean 'store'?" in done.stderr
    assert run_in(tmp_path, "regions", "groups", "--no-config").returncode == 0
    assert run_in(tmp_path, "score", "--help").returncode == 0
    (tmp_path / "ecosystem.toml").write_text("store = \n", encoding="utf-8")
    assert "line 1" in run_in(tmp_path, "score").stderr


def test_a_server_that_only_the_file_names_is_given_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ecosystem.toml").write_text('store = "neo4j://elsewhere.example:7687"\n', encoding="utf-8")
    monkeypatch.setenv("NEO4J_PASSWORD", "secret")
    done = run_in(tmp_path, "score", "cingai-2023")
    assert done.returncode == 2
    assert "only if you name it too" in done.stderr
    assert "secret" not in done.stderr


def test_the_help_names_the_file_and_what_it_may_say(tmp_path: Path) -> None:
    assert f"ecosystem.toml may say {', '.join(KEYS)}" in " ".join(run_in(tmp_path, "--help").stdout.split())
    assert "ecosystem.toml may say store, database, index" in run_in(tmp_path, "score", "--help").stdout
    assert "ecosystem.toml may say" not in run_in(tmp_path, "dataset", "template", "--help").stdout


def test_regions_are_those_of_a_store_or_a_dataset_where_one_is_named(work: Path) -> None:
    own = "id,level,name_zh,name_en,code,country,parent\nX1,province,甲省,Jia,,CN,CN\n"
    (work / "other").mkdir(exist_ok=True)
    (work / "other" / "regions.csv").write_text(own, encoding="utf-8")
    shipped = run_in(work, "regions", "list", "--level", "province", "--format", "csv").stdout
    stored = run_in(
        work, "regions", "list", "--level", "province", "--format", "csv", "--store", ".ecosystem/graph.duckdb"
    )
    assert stored.stdout == shipped
    done = run_in(work, "regions", "resolve", "成都", "--level", "city", "--dataset", "small", "--format", "csv")
    assert "510100" in done.stdout
    assert run_in(work, "regions", "list", "--store", "a", "--dataset", "b").returncode == 2


def test_an_index_is_checked_against_a_graph(work: Path) -> None:
    done = run_in(work, "index", "check", "--store", ".ecosystem/graph.duckdb", "--format", "csv")
    assert (done.returncode, "no_data" in done.stdout) == (0, False)
    assert run_in(work, "dataset", "template", "empty").returncode == 0
    assert run_in(work, "load", "empty", "--store", "empty.duckdb").returncode == 0
    done = run_in(work, "index", "check", "--store", "empty.duckdb", "--format", "csv")
    assert done.returncode == 0
    assert "company_count: missing for all regions: the dataset has no Company node" in done.stdout
    assert done.stdout.count("no_data") == 24
    assert run_in(work, "index", "check", "--store", "nowhere.duckdb").returncode == 1
