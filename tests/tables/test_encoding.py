"""Which encoding a text is likely to be in, and that the doubt is told where nobody but a reader can know."""

from __future__ import annotations

import time

import pytest

from ecosystem.tables.encoding import fitting, readings

WESTERN = [
    "Söhne GmbH",
    "Société Générale",
    "CRÉDIT MUTUEL",
    "Île-de-France",
    "Århus Universitet",
    "Åbo Akademi",
    "L’Oréal",
    "“Zoë”",
    "São Paulo",
    "À la carte",
    "créée",
    "Straße 12 – 14",
]
SIMPLIFIED = ["深圳市腾讯计算机系统有限公司", "A股", "鑫源、鼎晖", "甲（北京）"]
TRADITIONAL = ["國立臺灣大學", "鴻海精密工業股份有限公司", "香港大學"]


def table(*names: str) -> str:
    return "id,name\n" + "".join(f"{number},{name},x\n" for number, name in enumerate(names))


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        *(([name], "cp1252") for name in WESTERN),
        (WESTERN, "cp1252"),
        *(([name], "gb18030") for name in SIMPLIFIED),
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "gb18030"),
        *(([name], "big5") for name in TRADITIONAL),
        (["plain"], "utf-8"),
        (WESTERN, "utf-8"),
    ],
)
def test_the_likeliest_encoding(names: list[str], encoding: str) -> None:
    content = table(*names).encode(encoding)
    assert readings(content)[0][0] == encoding
    if encoding != "utf-8":
        assert fitting(lambda: [content], but="utf-8") == encoding


ELSEWHERE = {
    "cp932": ["株式会社ひかり", "さくら工業,大阪", "トヨタ自動車"],
    "euc_jp": ["株式会社ひかり", "さくら工業,大阪", "トヨタ自動車", "東京大学のセンター"],
    "cp949": ["삼성전자,서울", "네이버 주식회사", "한국과학기술원"],
    "cp1251": ["Яндекс,Москва", "Сбербанк России", "Завод"],
    "koi8-r": ["Яндекс,Москва", "Сбербанк России", "Завод"],
}


@pytest.mark.parametrize("encoding", ELSEWHERE)
def test_other_scripts_are_told_by_their_letters(encoding: str) -> None:
    assert readings(table(*ELSEWHERE[encoding]).encode(encoding))[0][0] == encoding


@pytest.mark.parametrize("count", [1, 2, 5])
def test_no_chinese_and_no_western_text_is_taken_for_another_script(count: int) -> None:
    for names, encoding in ((SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5"), (WESTERN, "cp1252")):
        for begin in range(len(names)):
            content = table(*names[begin : begin + count]).encode(encoding)
            assert readings(content)[0][0] == encoding


def test_words_tell_the_encodings_apart() -> None:
    assert readings(table("Söhne GmbH").encode("cp1252"))[:3] == [
        ("cp1252", "Söhne GmbH"),
        ("big5", "S鐬ne GmbH"),
        ("gb18030", "S鰄ne GmbH"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"name\nabc\x80d\n",
        b"name\nabc\xff\n",
        b"\x81\xff\n",
        "name\n深圳市\n".encode()[:-2] + b"\n",
        "name\nЗавод\n".encode("cp1251"),
    ],
)
def test_damage_is_no_western_text(content: bytes) -> None:
    assert fitting(lambda: [content], but="utf-8") != "cp1252"


def test_a_very_long_line_of_ascii_is_judged_at_once() -> None:
    began = time.monotonic()
    assert fitting(lambda: iter([b"x" * 400_000 + b"\n\xb1\xb1\xbe\xa9\n"]), but="utf-8") is not None
    assert time.monotonic() - began < 10  # it took minutes
