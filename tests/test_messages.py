"""Texts in two languages: which is spoken, how values and numbers stand in them, and who chooses."""

from __future__ import annotations

import pytest

from ecosystem.cli.main import _language
from ecosystem.headings import HEADINGS, heading
from ecosystem.messages import Bilingual, in_language, speak, speaking, spoken, tr, tr_count, tr_later

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
