"""Cells that are lists of things: what stands between these, and how a cell is split."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

MOST = 0.8
"""The share of cells of which most are."""
_FORMS = (
    r"Inc|Incorporated|Ltd|Ltda|Lda|LLC|L\.?L\.?C|L\.?P|LLP|Corp|Corporation|Co|S\.?A|S\.?A\.?U|S\.?A\.?S|S\.?L|S\.?L\.?U"
    r"|S\.?r\.?l|S\.?p\.?A|S\.?R\.?O|GmbH|AG|KG|B\.?V|N\.?V|AB|A/S|AS|Oy|Oyj|ApS|Limited|PLC|Pty|Pvt|Pte"
)
_LIST_MARKS = (";", "；", "|", "、", " / ", ",", "，", "\n")


def split_list(text: str, separator: str) -> list[str]:
    """The things of a cell. A comma before Inc., Ltd. and the like, or inside brackets, does not separate."""
    if separator not in {",", "，"}:
        parts = text.split(separator)
    else:
        parts = re.split(rf"{separator}(?![^()（）]*[)）])(?!\s*(?:{_FORMS}|Jr)(?:\W|$))", text)
    return [part.strip() for part in parts if part.strip()]


def comma_before_form(texts: Iterable[str]) -> bool:
    """Whether a comma stands before Inc., Ltd. and the like in one of the texts."""
    return any(re.search(rf",\s*(?:{_FORMS})(?:\W|$)", text) for text in texts)


def separator_of(counts: Mapping[str, int]) -> str | None:
    """The separator of lists: names that stand alone in one cell and in a list in another are the surest sign."""
    for mark in _LIST_MARKS:
        lists = [text for text in counts if len(split_list(text, mark)) > 1]
        if not lists:
            continue
        share = sum(counts[text] for text in lists) / sum(counts.values())
        parts = [part for text in lists for part in split_list(text, mark)]
        short = sum(len(part) <= 60 for part in parts) >= MOST * len(parts)
        if mark in {";", "；", "|", "、", "\n"}:
            if share >= 0.05 and short:
                return mark
        elif short and (share >= 0.3 or _repeats(parts, counts)) and not _is_place_list(parts):
            return mark
    return None


def _repeats(parts: Sequence[str], counts: Mapping[str, int]) -> bool:
    """Whether a good part of what stands in lists stands in other cells or lists, too."""
    own = Counter(parts)
    return sum(own[part] > 1 or part in counts for part in own) >= 0.2 * len(own)


def _is_place_list(parts: Sequence[str]) -> bool:
    return sum(part.isdigit() for part in parts) > 0.5 * len(parts)
