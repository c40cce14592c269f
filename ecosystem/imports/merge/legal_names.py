"""What two spellings of a legal name have in common, and names that are nearly the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from opencc import OpenCC
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

SHORTEST = 4
"""Characters that a name must have in common form to tell one organisation from all others."""

_BRACKETS = re.compile(r"[()\[\]{}<>【】〔〕「」『』《》〈〉]")
_PUNCTUATION = re.compile(r"[\s.,;:'\"’‘“”·・&\-_/]+")
_CHINESE_FORMS = ("股份有限责任公司", "股份有限公司", "有限责任公司", "有限公司", "有限合伙")
# the forms of companies that stand at the end of a name in English, German, French, Italian, Spanish, Dutch, Polish;
# source: GLEIF, ISO 20275 entity legal forms, abbreviations
_FORMS = re.compile(
    r"(?:\s*,?\s*\b(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|llp|plc|gmbh|ag|kg|se|sa|sas|sarl"
    r"|srl|spa|sl|bv|nv|oy|oyj|ab|as|aps|kk|pty|pte|sro|zrt|kft|doo|spzoo)\b)+$"
)


LEAST = 0.85
"""Similarity from which on two names are a near miss: 1 less the edit distance in parts of the longer name."""
_BLOCK = 2
_MOST = 40_000_000


def common_form(name: str) -> str:
    """NFKC, simplified characters, no case, white space, brackets or punctuation, no form of company at the end.

    What stands in brackets stays: 百度（北京） is not 百度（上海）. So does 集团, a group: it is not its subsidiary.
    """
    text = _simplified()(unicodedata.normalize("NFKC", name)).casefold()
    text = _BRACKETS.sub("", text)
    if text.isascii():
        text = _FORMS.sub("", re.sub(r"\.(?=\w)|(?<=\w)\.", "", text).strip()) or text
    text = _PUNCTUATION.sub("", text)
    for form in _CHINESE_FORMS:
        if text.endswith(form):
            return text.removesuffix(form)
    return text


@cache
def _simplified() -> Callable[[str], str]:
    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Two names of different sources, by their places in the list that was given."""

    first: int
    second: int
    similarity: float


def near_misses(names: Sequence[str], sources: Sequence[int], kinds: Sequence[str]) -> tuple[list[NearMiss], int]:
    """Pairs of names of one kind and of different sources with a similarity (Levenshtein 1965) of LEAST to 1, not 1.

    Names are compared where their first two characters agree, which with Chinese legal names is the place or the
    beginning of the trade name. The second result counts the beginnings that so many names share that they were not
    compared. Pairs come with the most similar first.
    """
    found: list[NearMiss] = []
    skipped = 0
    for block in _blocks(names, kinds).values():
        for mine, others in _sides(block, sources):
            if len(mine) * len(others) > _MOST:
                skipped += 1
                continue
            found.extend(_compared(names, mine, others))
    return sorted(found, key=lambda pair: (-pair.similarity, pair.first, pair.second)), skipped


def _blocks(names: Sequence[str], kinds: Sequence[str]) -> Mapping[tuple[str, str], list[int]]:
    blocks: dict[tuple[str, str], list[int]] = {}
    for place, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        blocks.setdefault((kind, name[:_BLOCK]), []).append(place)
    return blocks


def _sides(block: Sequence[int], sources: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """The names of each source, and those of all sources after it."""
    for source in sorted({sources[place] for place in block}):
        mine = [place for place in block if sources[place] == source]
        others = [place for place in block if sources[place] > source]
        if others:
            yield mine, others


def _compared(names: Sequence[str], mine: Sequence[int], others: Sequence[int]) -> Iterator[NearMiss]:
    scores = process.cdist(
        [names[place] for place in mine],
        [names[place] for place in others],
        scorer=Levenshtein.normalized_similarity,
        score_cutoff=LEAST,
        dtype=np.float32,
    )
    for row, column in zip(*np.nonzero((scores > 0) & (scores < 1)), strict=True):
        yield NearMiss(mine[row], others[column], round(float(scores[row, column]), 3))
