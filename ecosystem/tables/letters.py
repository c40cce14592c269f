"""Encodings of scripts other than Chinese and Latin, told by the letters that a text then has."""

from __future__ import annotations

import re

_JAPANESE = ("cp932", "euc_jp")
_KOREAN, _TELLS_KOREAN = "cp949", "euc_kr"  # the first has rarer syllables too, whose bytes Japanese uses
_CYRILLIC = ("cp1251", "koi8-r")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_PUNCTUATION = re.compile("[\xa0·«»№\u2000-\u206f\u3200-\u321e\u3260-\u327f\u3000-\u303f\uff00-\uff0f]")
_WORD = re.compile(r"\w*[^\x00-\x7f]\w*")
_CYRILLIC_WORD = re.compile("[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+")
_FEWEST = 8
"""So many letters tell a script: fewer may be characters of another that have the same bytes. Of Hangul half as many
again, for it has the bytes of the commonest Chinese characters."""
_MOST_OF = 0.2


def encoding_of_script(sample: bytes) -> str | None:
    """The encoding in which a text is Japanese, Korean or Cyrillic, None where it is in none of them.

    Japanese has kana among its characters, Korean nothing but Hangul, Cyrillic whole words with their capitals first.
    Chinese and western texts are none of this when they are read so.
    """
    for encoding in _JAPANESE:
        text = _decoded(sample, encoding)
        kana = len(_KANA.findall(text))
        if kana >= _FEWEST and kana >= _MOST_OF * len(_FOREIGN.findall(text)):
            return encoding
    text = _decoded(sample, _TELLS_KOREAN)
    hangul = len(_HANGUL.findall(text))
    if 2 * hangul >= 3 * _FEWEST and hangul == len(_FOREIGN.findall(text)):
        return _KOREAN
    words = {encoding: _cyrillic(_decoded(sample, encoding)) for encoding in _CYRILLIC}
    likeliest = max(words, key=lambda encoding: sum(word.istitle() for word in words[encoding]))
    return likeliest if sum(map(len, words[likeliest])) >= _FEWEST else None


def _decoded(sample: bytes, encoding: str) -> str:
    try:
        return _PUNCTUATION.sub(" ", sample.decode(encoding))
    except UnicodeDecodeError:
        return ""


def _cyrillic(text: str) -> list[str]:
    """The words of a text that are not ASCII; none where one of them is no word: яНДЕКС, ЦжЧ."""
    words: list[str] = _WORD.findall(text)
    return words if all(_CYRILLIC_WORD.fullmatch(word) for word in words) else []
