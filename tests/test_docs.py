"""The documentation says what the program does: generated pages, the README's commands, the examples of the help."""

from __future__ import annotations

import contextlib
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tables import coin_tool

from ecosystem.cli.examples import EXAMPLES
from ecosystem.cli.main import main

ROOT = Path(__file__).parents[1]


def test_generated_pages_are_in_step() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the examples have what they name."""
    return tmp_path_factory.mktemp("docs")


def run(line: str, home: Path, lang: str = "") -> None:
    """Run a command as the program does, but in this process: there are many, and starting takes most of the time."""
    words = shlex.split(line, comments=True)
    if words[0] == "python":
        with contextlib.chdir(home):
            runpy.run_path(words[1])
        return
    assert words[0] == "ecosystem"
    with contextlib.chdir(home), pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", "C.UTF-8")
        patch.setenv("ECOSYSTEM_LANG", lang)
        patch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as stop:
            main()
    assert not stop.value.code, f"{line}: exit {stop.value.code}"


_BLOCK = re.compile(r"(?:<!-- example: (?P<file>\S+) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)```", re.DOTALL)


def steps_of(page: str) -> list[tuple[str, str]]:
    """What a reader does, in the order of the page: a file to write with its text; a command, with no file."""
    steps: list[tuple[str, str]] = []
    for block in _BLOCK.finditer((ROOT / page).read_text(encoding="utf-8")):
        if block["file"]:
            steps.append((block["file"], block["text"]))
        elif block["language"] == "bash":
            lines = filter(None, block["text"].splitlines())
            steps += [("", shlex.join(shlex.split(line, comments=True))) for line in lines]
    assert sum(not file for file, _ in steps) >= 8
    return steps


PAGES_THAT_RUN = [
    ("README.md", "README.zh.md"),
    ("docs/tutorial.md", "docs/zh/tutorial.md", "docs/audit.md", "docs/zh/audit.md"),
    ("docs/own-data.md", "docs/zh/own-data.md"),
    ("docs/write-a-metric.md", "docs/zh/write-a-metric.md"),
    ("docs/build-an-index.md", "docs/zh/build-an-index.md"),
]


@pytest.mark.parametrize("pages", PAGES_THAT_RUN, ids=" ".join)
def test_the_commands_of_a_page_run(pages: tuple[str, ...], tmp_path: Path) -> None:
    """In their order; a command that a page shares with the one before it has been run, a program may be another."""
    done: list[tuple[str, str]] = []
    for page in pages:
        steps = steps_of(page)
        for file, text in steps:
            if file:
                (tmp_path / file).parent.mkdir(exist_ok=True)
                (tmp_path / file).write_text(text, encoding="utf-8")
            elif ("", text) not in done or text.startswith("python "):
                run(text, tmp_path, "zh" if "zh" in page else "")
        done += steps


_SHOWN = re.compile(r"<!-- output of: (?P<command>.+?) -->\n```text\n(?P<text>.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after `ecosystem demo`: its dataset and its store."""
    folder = tmp_path_factory.mktemp("shown")
    run("ecosystem dataset twin cingai-2023 demo/dataset", folder)
    run("ecosystem load demo/dataset --store demo/graph.duckdb", folder)
    return folder


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_what_a_page_shows_is_what_its_command_prints(page: str, demo: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Line by line, but for white space; a line `...` stands for lines left out, one that ends so for its rest."""
    blocks = list(_SHOWN.finditer((ROOT / page).read_text(encoding="utf-8")))
    assert blocks
    for block in blocks:
        run(block["command"], demo)
        printed = [" ".join(line.split()) for line in capfd.readouterr().out.splitlines() if line.strip()]
        at = 0
        for part in filter(None, re.split(r"^\.\.\.\n", block["text"], flags=re.MULTILINE)):
            wanted = [re.escape(" ".join(line.split())) for line in part.splitlines() if line.strip()]
            pattern = "\n".join(re.sub(r"(\\\.){3}$", ".*", line) for line in wanted)
            found = re.compile(rf"^{pattern}$", re.MULTILINE).search("\n".join(printed), at)
            assert found, f"{block['command']} prints:\n" + "\n".join(printed)
            at = found.end()


@pytest.mark.parametrize(
    ("picture", "page"), [("docs/picture.svg", "README.md"), ("docs/zh/picture.svg", "README.zh.md")]
)
def test_the_figures_of_the_picture_stand_on_its_page(picture: str, page: str) -> None:
    """A picture of numbers that no command prints would be decoration."""
    text, drawn = ((ROOT / name).read_text(encoding="utf-8") for name in (page, picture))
    assert Path(picture).name in text
    said = re.sub(r"<style>.*?</style>|<[^>]*>", " ", drawn, flags=re.DOTALL)
    figures = re.findall(r"[A-Z]*\d+(?:\.\d+)?", said)
    assert {"13.68", "0.28", "6418"} <= set(figures)
    assert [figure for figure in figures if figure not in text] == []


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_figures_against_rivals_stand_in_the_benchmarks(page: str) -> None:
    measured = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    text = (ROOT / page).read_text(encoding="utf-8")
    figures = re.findall(r"(\d+\.\d+) (?:times|倍)", text)
    assert len(figures) == 6
    assert [figure for figure in figures if f" {figure} times" not in measured] == []
    assert "500,000 links; " in measured


def chinese_of(page: str) -> Path:
    """Where the Chinese page stands that says what an English one says, whether it is there or not."""
    return ROOT / ("README.zh.md" if page == "README.md" else page.replace("docs/", "docs/zh/"))


PAGES_IN_CHINESE = [
    "README.md",
    *(
        f"docs/{name}.md"
        for name in (
            "tutorial",
            "own-data",
            "audit",
            "build-an-index",
            "neo4j",
            "sources",
            "write-a-metric",
            "dataset",
            "twin",
        )
    ),
]


@pytest.mark.parametrize("page", PAGES_IN_CHINESE)
def test_a_chinese_page_has_the_same_steps(page: str) -> None:
    """The same files and commands in the same order, but for `--lang zh` and what a table or a comment says."""

    def plain(path: Path) -> list[str]:
        found = []
        for block in _BLOCK.finditer(path.read_text(encoding="utf-8")):
            lines = [line.split(" #")[0] for line in block["text"].splitlines()]
            lines = {"text": [], "csv": [lines[0], str(len(lines))]}.get(block["language"], lines)
            text = "\n".join(" ".join(line.split()) for line in lines).replace(" --lang zh", "").replace('"zh"', '"en"')
            text = re.sub(r"^title = .*", "title", text, flags=re.MULTILINE)
            found.append(f"{block['file']} {block['language']}\n{text.strip()}".replace("内蒙古", '"Inner Mongolia"'))
        return found

    english, chinese = (plain(path) for path in (ROOT / page, chinese_of(page)))
    assert chinese == english


def test_links_of_a_chinese_page_lead_to_chinese_pages() -> None:
    """Where there is one; the line under a title leads to the other language and back."""
    wrong = []
    for path in [ROOT / "README.zh.md", *sorted((ROOT / "docs" / "zh").glob("*.md"))]:
        own = path.relative_to(ROOT)
        english = ROOT / ("README.md" if own.name == "README.zh.md" else f"docs/{own.name}")
        head, _, text = path.read_text(encoding="utf-8").partition("\n\n## ")
        assert re.search(r"^\[English\]\(", head, re.MULTILINE), own
        assert re.search(r"^\[中文\]\(", english.read_text(encoding="utf-8"), re.MULTILINE), english
        for target in re.findall(r"(?<!English)\]\((?!https?://)([^)#]+)", head + text):
            other = (path.parent / target).resolve().relative_to(ROOT)
            twin = chinese_of(str(other))
            if other.suffix == ".md" and twin != ROOT / other and twin.exists():
                wrong.append(f"{own} links to {other}")
    assert wrong == []


def test_the_examples_of_the_help_run(home: Path, shared: Path) -> None:
    """In an order in which each finds what it names."""
    (home / "exports").mkdir()
    (home / "exports" / "itjuzi_ai").symlink_to(shared / "data" / "real" / "itjuzi_ai")
    run("ecosystem dataset synthesize mydata --companies 200 --links 1000", home)
    run("ecosystem dataset synthesize lastyear --companies 200 --links 1000 --seed 2", home)
    (home / "thisyear").symlink_to("mydata")
    run("ecosystem load mydata", home)
    run("ecosystem metrics new mine", home)
    for name in ("iData.csv", "iMeta.csv"):
        (home / name).symlink_to(shared / "data" / "asem" / name)
    (home / "values.csv").write_text("region,a,b\nx,1,2\ny,3,1\n", encoding="utf-8")
    coin_tool(home / "tool.xlsx")
    (home / "judgements.csv").write_text("item,a,b,c\na,1,3,5\nb,1/3,1,2\nc,1/5,,1\n", encoding="utf-8")
    for name, scores in {"pillar_1": (1, 2, 4), "pillar_2": (3, 1, 2), "total": (4, 3, 6)}.items():
        rows = "".join(f"{region},{score}\n" for region, score in zip("xyz", scores, strict=True))
        (home / f"{name}.csv").write_text(f"region,score\n{rows}", encoding="utf-8")
    run("ecosystem index import-coinr --data iData.csv --meta iMeta.csv --out asem", home)
    for examples in EXAMPLES.values():
        for example in examples:
            run(f"ecosystem {example}", home)


def test_the_rooms_of_the_architecture_are_those_of_the_package() -> None:
    """Floor by floor, as import-linter holds them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]
    wanted = [[room.strip() for room in floor.split("|")] for floor in contract["layers"]]
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    floors = re.findall(r"^\| (\d+) \| ([^|]+) \|", page, re.MULTILINE)
    assert [re.findall(r"`(\w+)`", rooms) for _, rooms in floors] == wanted
    assert [int(number) for number, _ in floors] == list(range(len(wanted), 0, -1))


@pytest.mark.parametrize("folder", ["docs", "docs/zh"])
def test_every_page_is_in_the_contents(folder: str) -> None:
    contents = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / folder).glob("*.md")} - {"README.md"}
    assert set(re.findall(r"\]\(([\w-]+\.md)\)", contents)) - {"README.md"} == pages


PAGES = sorted(str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target, heading in re.findall(r"\]\((?!https?://)([^)#]*)#?([^)]*)\)", path.read_text(encoding="utf-8")):
        other = path.parent / target if target else path
        assert other.exists(), f"{page} links to {target}"
        assert not heading or heading in anchors(other), f"{page} links to {target}#{heading}"


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them: in lower case, hyphens for blanks, without other marks."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    titles = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title) for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_no_page_speaks_in_riddles() -> None:
    """Turns of phrase that a reader had to guess; the word that a file wants (`printed` of a weight) stays code."""
    riddles = (
        r"what becomes of|without somebody|mend that row|not known region|\w less Hubei|(?<![`,])\bprinted\b(?![`,])"
    )
    generated = "<!-- Generated by docs/generate.py"
    texts = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES if page != "CHANGELOG.md"}
    by_hand = {page: text for page, text in texts.items() if generated not in text}
    found = [f"{page}: {hit}" for page, text in by_hand.items() for hit in re.findall(riddles, text)]
    assert found == []


def test_no_machine_and_no_registry_is_named() -> None:
    """What stands in the repository speaks of the project alone."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    hosts = ("py" + "pi.org", "python" + "hosted", "npm" + "js", "maven" + ".org", "deb." + "debian")
    for name in filter(None, tracked):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".txt", ".cypher", ".cff", ""} and path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not [host for host in hosts if host in text], name
