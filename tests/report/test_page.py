"""The page of a report: one file that asks no server for anything, whatever names the data have."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from report_scores import HOSTILE, scored

from ecosystem import write_report
from ecosystem.errors import InputError, OutputError, RegionError, UsageError
from ecosystem.report import Report, make_report
from ecosystem.report.page import PACKED, WEB, page_of
from ecosystem.report.page_font import font_face
from ecosystem.report.page_words import WORDS
from ecosystem.scoring import Scores
from ecosystem.scoring.earlier import earlier_of_standings


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Scores:
    return scored(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def report(scores: Scores) -> Report:
    return make_report(scores)


def data(page: str, name: str) -> dict[str, Any]:
    """What a page holds of a part."""
    found = re.search(rf'<script type="application/(json|gzip)" id="data-{name}">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    text = found[2] if found[1] == "json" else gzip.decompress(base64.b64decode(found[2])).decode()
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def test_the_page_names_no_address(report: Report) -> None:
    page = report.html().decode()
    head = page[: page.index("<body>")]
    assert not re.search(r"(?:src|href)=", head)
    assert set(re.findall(r"url\((\w+:)", head)) <= {"data:"}
    assert page.count("<script>") == 1


def test_the_policy_allows_this_style_and_script_alone(report: Report) -> None:
    page = report.html().decode()
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found is not None
    policy = dict(part.strip().split(" ", 1) for part in found[1].split(";"))
    assert policy["default-src"] == "'none'"
    for kind, tag in (("script-src", "script"), ("style-src", "style")):
        text = page[page.index(f"<{tag}>") + len(tag) + 2 : page.rindex(f"</{tag}>")]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert policy[kind] == f"'sha256-{digest}'"
    assert "unsafe-eval" not in found[1]


def test_the_data_are_those_of_the_scores(scores: Scores, report: Report) -> None:
    core = data(report.html().decode(), "core")
    standing = scores.standing
    codes = [part["code"] for part in core["parts"]]
    assert codes[0] == scores.index.top.code
    assert codes[-len(scores.index.leaves) :] == [leaf.code for leaf in scores.index.leaves]
    found = np.array(core["score"], dtype=np.float64)
    np.testing.assert_array_equal(found[0], standing.overall)
    np.testing.assert_array_equal(found[1 : 1 + len(scores.index.pillars)], standing.pillars.T)
    np.testing.assert_array_equal(np.array(core["raw"], dtype=np.float64), standing.raw.T)
    np.testing.assert_array_equal(np.array(core["points"], dtype=np.float64), standing.weighted.T)
    assert core["rank"][0] == standing.overall_rank.tolist()


def test_names_that_are_markup_stand_in_no_markup(scores: Scores, report: Report) -> None:
    page = report.html().decode()
    elements = re.findall(r'<script type="application/json" id="data-\w+">(.*?)\n', page)
    assert len(elements) == len(report.parts) + 1
    for element in elements:
        assert element.endswith("</script>")
        assert "<" not in element.removesuffix("</script>")
    names = [region["name"]["en"] for region in data(page, "core")["regions"]]
    assert set(HOSTILE) <= set(names)


def test_long_data_are_compressed_and_come_back() -> None:
    long = {"numbers": list(range(PACKED))}
    core = {"index": {"title": {"zh": "指数", "en": "Index"}}}
    page = page_of({"core": core, "long": long}, "both").decode()
    assert 'type="application/gzip" id="data-long"' in page
    assert data(page, "long") == long


def test_the_same_scores_give_the_same_bytes(scores: Scores, report: Report) -> None:
    assert make_report(scores).html() == report.html()


def test_the_font_has_the_characters_of_the_page_and_no_other(report: Report) -> None:
    found = re.search(r"url\(data:font/woff;base64,([^)]*)\)", report.html().decode())
    assert found is not None
    with TTFont(io.BytesIO(base64.b64decode(found[1]))) as font:
        drawn = set(font.getBestCmap())
    assert {ord(char) for char in "排名"} <= drawn
    assert drawn <= {ord(char) for char in report.html().decode()}
    assert font_face("Latin alone") == ""


def test_earlier_scores_stand_beside(scores: Scores) -> None:
    earlier = earlier_of_standings("before", [scores.standing])
    core = make_report(scores, against=earlier).parts["core"]
    assert core["earlier"]["rank"] == core["rank"]
    assert core["earlier"]["name"] == "before"


def test_a_report_opens_with_the_regions_asked_for(scores: Scores) -> None:
    last = scores.standing.regions[-1]
    assert make_report(scores, regions=[last]).parts["core"]["focus"] == [last]
    with pytest.raises(RegionError):
        make_report(scores, regions=["nowhere"])


def test_bad_requests_have_one_clear_error(scores: Scores, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no language 'xx'"):
        make_report(scores, lang="xx")
    with pytest.raises(OutputError):
        write_report(scores, tmp_path / "nowhere" / "deep" / "r.html" / "x.html")


def test_without_any_score_there_is_nothing_to_report(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to report"):
        make_report(scored(tmp_path, empty=True))


def test_every_word_of_the_scripts_is_there_and_no_other() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in sorted((WEB / "src").rglob("*.ts")))
    ids = re.findall(r'^  id: "(\w+)",$', sources, re.MULTILINE)
    used = {*re.findall(r"\bt\(\s*\"(\w+)\"", sources), *ids, *(f"{name}_lead" for name in ids), "no_script"}
    used |= {
        word for texts in re.findall(r"\bt\(([^()]*\?[^()]*)\)", sources) for word in re.findall(r'"(\w+)"', texts)
    }
    families = re.findall(r"\bt\(`(\w+)\$\{", sources)
    used |= {key for key in WORDS for stem in families if key.startswith(stem)}
    assert used - set(WORDS) == set()
    assert set(WORDS) - used == set()
