"""What two spellings of the legal name of one organisation have in common."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from opencc import OpenCC

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
