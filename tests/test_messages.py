"""Texts in two languages: which is spoken, how values and numbers stand in them, and who chooses."""

from __future__ import annotations

import pytest

from ecosystem.cli.main import _language
from ecosystem.errors import Finding, InputError, QueryError, did_you_mean
from ecosystem.headings import HEADINGS, heading
from ecosystem.messages import Bilingual, either, in_language, speak, speaking, spoken, together, tr, tr_count, tr_later
from ecosystem.metrics import load_metrics
from ecosystem.model import load_model
from ecosystem.query import Schema, bind_query, checked, parse, to_sql

ONE, MANY = "{count} region is not ranked", "{count} regions are not ranked"


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of its own, so that no test leans on the words of another."""
    words = {"unknown region {name!r}": "未知地区 {name!r}", "in {place}": "位于{place}", ONE: "{count} 个地区未参评"}
    monkeypatch.setattr("ecosystem.messages._look_up", lambda to, text: words.get(text, text) if to == "zh" else text)
    monkeypatch.setattr(
        "ecosystem.messages._look_up_count",
        lambda to, one, many, count: words[one] if to == "zh" else one if count == 1 else many,
    )


@pytest.mark.usefixtures("chinese")
def test_a_text_is_in_the_language_that_is_spoken_when_it_is_made() -> None:
    assert tr("unknown region {name!r}", name="Mars") == "unknown region 'Mars'"
    with speaking("zh"):
        assert spoken() == "zh"
        assert tr("unknown region {name!r}", name="Mars") == "未知地区 'Mars'"
        assert tr("no translation of {this}", this=1) == "no translation of 1"
    assert spoken() == "en"


@pytest.mark.usefixtures("chinese")
def test_one_and_many() -> None:
    assert [tr_count(ONE, MANY, count) for count in (0, 1, 2)] == [
        "0 regions are not ranked",
        "1 region is not ranked",
        "2 regions are not ranked",
    ]
    with speaking("zh"):
        assert [tr_count(ONE, MANY, count) for count in (1, 2)] == ["1 个地区未参评", "2 个地区未参评"]


@pytest.mark.usefixtures("chinese")
def test_both_languages_with_values_that_are_in_both() -> None:
    with speaking("both"):
        place = tr("in {place}", place="Hubei")
        assert place == "位于Hubei / in Hubei"
        assert tr("in {place}", place=place) == "位于位于Hubei / in in Hubei"
        assert tr_count(ONE, MANY, 1) == "1 个地区未参评 / 1 region is not ranked"
    assert Bilingual.of("GDP", "GDP") == "GDP"


def test_braces_of_a_text_without_values_stay() -> None:
    assert tr("EXISTS { MATCH (a) }") == tr_later("EXISTS { MATCH (a) }") == "EXISTS { MATCH (a) }"


def test_words_in_a_row() -> None:
    words = ("a", Bilingual.of("甲", "b"))
    with speaking("zh"):
        assert (either(words), together(words), either([])) == ("a 或 甲", "a 和 甲", "")
    with speaking("both"):
        assert either(words) == "a 或 甲 / a or b"
    assert (either(["a"]), together(words)) == ("a", "a and b")


def test_an_error_with_its_hint_and_what_is_not_shown() -> None:
    def error() -> str:
        findings = [Finding("error", "x", "wrong", "a.csv", 2, hint=did_you_mean("frist", ["first", "second"]))] * 12
        return str(InputError("a.csv has faults", hint="look", findings=findings))

    english = error().splitlines()
    assert english[:3] == ["a.csv has faults", "- a.csv:2: wrong", "    hint: did you mean 'first'?"]
    assert english[-2:] == ["- and 2 more", "  hint: look"]
    with speaking("zh"):
        chinese = error().splitlines()
    assert chinese[2] == "    提示：是不是想写 'first'？"
    assert chinese[-2:] == ["- 另有 2 个", "  提示：look"]


def test_headings() -> None:
    assert [heading("rank", lang) for lang in ("en", "zh", "both")] == ["rank", "排名", "排名 / rank"]
    assert heading("a column of somebody's own", "zh") == "a column of somebody's own"
    assert in_language("zh", HEADINGS["rank"], "heading rank") == "排名"


def test_only_languages_can_be_spoken() -> None:
    with pytest.raises(ValueError, match="'fr' is not a language: zh, en, both"):
        speak("fr")
    assert spoken() == "en"


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ([], {"LANG": "de_DE.UTF-8", "ECOSYSTEM_LANG": "zh"}, "zh"),
        (["score", "--lang", "en"], {"ECOSYSTEM_LANG": "zh"}, "en"),
        (["score", "--lang=zh"], {}, "zh"),
        (["score", "--lang", "fr"], {"LANG": "zh_CN.UTF-8"}, "zh"),
        (["score", "--lang"], {}, "en"),
        ([], {"ECOSYSTEM_LANG": "klingon"}, "en"),
    ],
)
def test_who_chooses_the_language(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: dict[str, str], expected: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "ECOSYSTEM_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert _language(arguments) == expected


def test_what_runs_and_what_decides_is_the_same_in_every_language() -> None:
    schema, metrics = Schema.of_model(load_model()), load_metrics()

    def made() -> list[object]:
        bound = [bind_query(metric.query, schema, metric.parameter_types) for metric in metrics.values()]
        faults = []
        for text in (
            "MATCH (a:Compny)-[t:ENABLE]->(b) RETURN a.id AS id",
            "MATCH (a) SET a.x = 1",
            "WITH 1 AS x RETURN",
        ):
            with pytest.raises(QueryError) as caught:
                checked(parse(text), schema)
            faults += [(finding.code, finding.place) for finding in caught.value.findings]
        return [*map(to_sql, bound), *faults]

    english = made()
    with speaking("zh"):
        assert made() == english


def test_a_refused_query_in_chinese() -> None:
    with speaking("zh"), pytest.raises(QueryError) as caught:
        checked(parse("MATCH (a:Compny) RETURN a.id AS id"), Schema.of_model(load_model()))
    assert str(caught.value).splitlines() == [
        "查询 与图谱不符",
        "- 1:7: Compny 不是节点类型",
        "    提示：是不是想写 'Company'？",
    ]
