"""What the cells of a column look like: dates, numbers, money, addresses, lists, kinds of organisation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.dates import EXCEL, UNIX, USUAL_FORMATS, formats_of, partial_date
from ecosystem.tables.record_paths import ITEM

CERTAIN = 0.95
"""The share of cells that have to agree before a guess is no question."""
MOST = 0.8
DATE_FORMATS = tuple(one for one in USUAL_FORMATS if one not in (EXCEL, UNIX))
"""The formats that a guess may fill in."""

UNKNOWN_PARTY = re.compile(
    r"^\W*(un ?disclosed|not disclosed|undisclosed investors?|unknown|unspecified|n/?a|not available|none|tbd"
    r"|confidential"
    r"|unbekannt|inconnu|non communique|no revelado|未透露|未披露|未公开|不明|非公開|非公表|비공개|미공개)\W*$",
    re.IGNORECASE,
)
LEGAL = (
    r"(?i)(?:\b(?:inc|llc|llp|ltd|limited|corp|corporation|plc|gmbh|ag|kg|ohg|ug|kgaa|se|sas|sasu|sarl|srl|spa|sa"
    r"|sl|slu|nv|bv|oy|oyj|ab|as|asa"
    r"|aps|pty|pte|pvt|co|company|lda|ltda|kft|zrt|sro|doo|kk|eood|ood|s\.?r\.?l|s\.?p\.?a|s\.?a\.?s?|s\.?l|b\.?v"
    r"|n\.?v|s\.?r\.?o"
    r"|sp\. ?z ?o\. ?o|a/s)\b\.?\W*$|有限公司|股份公司|集团|公司$|株式会社|有限会社|合同会社|㈱|\(株\)"
    r"|주식회사|㈜|\(주\))"
)
UNIVERSITY = (
    r"(?i)(?:universi|hochschule|\bcollege\b|\bpolytechni|politecnico|\b(?:eth|epfl|mit|caltech|ucl|kaist|insead)\b"
    r"|\binstitute of technology|ecole|école|\bschool of|grande école|大学|学院$|대학교|대학$|universität)"
)
INSTITUTE = (
    r"(?i)(?:\binstitut(?!e of technology)|\bresearch (?:cent|org|found|council)|laborator|fraunhofer|max.planck"
    r"|helmholtz|leibniz"
    r"|\bcnrs\b|\binria\b|\bcea\b|\bcsic\b|\bcnr\b|\btno\b|\bvtt\b|\bsintef\b|academy of sciences"
    r"|研究所|研究院|研究中心"
    r"|研究機構|研究开发机构|연구원|연구소)"
)
LABELS = {"Company": LEGAL, "University": UNIVERSITY, "Institute": INSTITUTE}
"""What a name says of what it names; the last that fits counts: a university of applied sciences Ltd is no firm."""
_COMPILED_LABELS = {label: re.compile(pattern) for label, pattern in LABELS.items()}

_URL = re.compile(r"(?:https?://|www\.)\S+|[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,12}(?:/\S*)?", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|\(|0)[\d\s().\-/]{7,}\d")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:\.0)?")
_WHOLE = re.compile(r"[+-]?\d+(?:\.0)?")
_POINT = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3})(?:\.\d+)?")
_COMMA = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[. \u00a0\u202f]\d{3})+),\d+|[+-]?\d{1,3}(?:[. \u00a0\u202f]\d{3})+")
_RANGE = re.compile(r"[<>]?\s*\d[\d,. ]*\s*(?:-|–|to|bis|a|à)\s*\d[\d,. ]*|\d[\d,. ]*\+|[<>]\s*\d+")
_CODE = re.compile(r"(?=.*\d)[^\s,;]{2,}(?: \d[\d ]*[A-Z]?)?")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_PERMALINK = re.compile(r"/[\w-]+/[\w.%-]+")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_FLAG = {
    "y",
    "n",
    "yes",
    "no",
    "true",
    "false",
    "t",
    "f",
    "1",
    "0",
    "ja",
    "nein",
    "oui",
    "non",
    "si",
    "sí",
    "是",
    "否",
    "有",
    "无",
}
_LIST_MARKS = (";", "；", "|", "、", " / ", ",", "，", "\n")


@dataclass(frozen=True)
class Cells:
    """The cells of a column that are not blank and stand for no missing value; shares are of these, from 0 to 1."""

    texts: Sequence[str]
    rows: int
    listed: bool = False

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each text comes."""
        return Counter(self.texts)

    @property
    def blank(self) -> float:
        """The share of rows without a value."""
        return 1 - len(self.texts) / self.rows if self.rows else 1.0

    @property
    def distinct(self) -> int:
        """How many texts there are."""
        return len(self.counts)

    @property
    def unique(self) -> bool:
        """Whether no text comes twice, and few rows are blank."""
        return self.distinct == len(self.texts) and self.blank < 1 - MOST

    def share(self, holds: Callable[[str], object]) -> float:
        """The share of cells for which something holds, asked once per text."""
        if not self.texts:
            return 0.0
        return sum(count for text, count in self.counts.items() if holds(text)) / len(self.texts)

    def samples(self, most: int = 3) -> list[str]:
        """The first texts, shortened."""
        return [text if len(text) <= 32 else f"{text[:31]}…" for text in list(self.counts)[:most]]

    @cached_property
    def url(self) -> float:
        """Share of addresses of the web."""
        return self.share(_URL.fullmatch)

    @cached_property
    def email(self) -> float:
        """Share of addresses of mail."""
        return self.share(_EMAIL.fullmatch)

    @cached_property
    def phone(self) -> float:
        """Share of what can be a number of a telephone."""
        return self.share(_PHONE.fullmatch)

    @cached_property
    def year(self) -> float:
        """Share of years."""
        return self.share(_YEAR.fullmatch)

    @cached_property
    def whole(self) -> float:
        """Share of whole numbers."""
        return self.share(_WHOLE.fullmatch)

    @cached_property
    def number(self) -> float:
        """Share of numbers as a mapping reads them: 1,200.5, 1200."""
        return self.share(_POINT.fullmatch)

    @cached_property
    def comma_number(self) -> float:
        """Share of numbers with a decimal comma or points between thousands: 1.200,5."""
        return self.share(lambda text: _COMMA.fullmatch(text) or _WHOLE.fullmatch(text))

    @cached_property
    def decimal_comma(self) -> bool:
        """Whether the numbers have a decimal comma: what can be read otherwise, 1,234, does not tell."""
        return self.comma_number >= CERTAIN and self.number < CERTAIN

    @property
    def points_between_thousands(self) -> bool:
        """Whether every point stands before three digits, 123.456: then nobody can tell what it means."""
        pointed = [text for text in self.counts if "." in text and "," not in text]
        return len(pointed) > 1 and all(re.fullmatch(r"[+-]?\d{1,3}(?:\.\d{3})+", text) for text in pointed)

    @cached_property
    def digits(self) -> float:
        """Share of texts with a digit."""
        return self.share(lambda text: any(letter.isdigit() for letter in text))

    @cached_property
    def ranges(self) -> float:
        """Share of ranges: 11-50, 500+."""
        return self.share(_RANGE.fullmatch)

    @cached_property
    def code(self) -> float:
        """Share of what looks like an id: without blanks, with a digit; a UUID; the last part of an address."""
        return self.share(lambda text: _CODE.fullmatch(text) or _UUID.fullmatch(text) or _PERMALINK.fullmatch(text))

    @cached_property
    def flag(self) -> float:
        """Share of yes and no."""
        return self.share(lambda text: text.casefold() in _FLAG) if self.distinct <= 3 else 0.0

    @cached_property
    def words(self) -> float:
        """Share of texts with a word in them."""
        return self.share(_WORDS.search)

    @cached_property
    def letters(self) -> float:
        """Share of texts with a letter in them."""
        return self.share(lambda text: any(letter.isalpha() for letter in text))

    @cached_property
    def length(self) -> float:
        """The mean number of letters."""
        return sum(map(len, self.texts)) / len(self.texts) if self.texts else 0.0

    @cached_property
    def counter(self) -> bool:
        """Whether the cells count the rows: 1, 2, 3, or 0, 1, 2."""
        if self.whole < 1 or len(self.texts) < 3:
            return False
        numbers = [int(float(text)) for text in self.texts]
        return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))

    @cached_property
    def dates(self) -> Dates:
        """How the cells are dates."""
        return _dates(self)

    @cached_property
    def separator(self) -> str | None:
        """What stands between the things of a cell, where a good part of the cells are lists; None where they "
        "are not."""
        return ITEM if self.listed else _separator(self)

    def parts(self) -> list[str]:
        """The texts, split where they are lists."""
        if self.separator is None or self.listed:
            return list(self.texts)
        return [part for text in self.texts for part in split_list(text, self.separator)]

    def labels(self) -> Counter[str]:
        """How many of the things named are, by their names, of which label; `` for those that do not say."""
        found = {part: label_of(part) for part in set(self.parts())}
        return Counter(found[part] or "" for part in self.parts())


@dataclass(frozen=True, slots=True)
class Dates:
    """Whether cells are dates: the share that reads, the formats that it takes, and the two that it could be."""

    share: float
    formats: tuple[str, ...] = ()
    ambiguous: tuple[str, str] | None = None
    mixed: bool = False
    partial: bool = False


def label_of(name: str) -> str | None:
    """What an organisation is, by its name alone; None where that does not say."""
    found = [label for label, pattern in _COMPILED_LABELS.items() if pattern.search(name)]
    return ("University" if "University" in found else found[-1]) if found else None


def _dates(cells: Cells) -> Dates:
    """The formats of a column: one that reads every cell is certain, two are a question."""
    total = len(cells.texts)
    if not total:
        return Dates(0.0)
    fits = {text: [one for one in formats_of(text) if one in DATE_FORMATS] for text in cells.counts}
    told = {text: own for text, own in fits.items() if own}
    usual = {text: _usual(text) for text in cells.counts if text not in told}
    share = 1 - sum(cells.counts[text] for text, read in usual.items() if read is None) / total
    partial = any(read is False for read in usual.values())
    if not told:
        return Dates(share, partial=partial)
    every = [one for one in DATE_FORMATS if all(one in own for own in told.values())]
    if len(every) == 1:
        return Dates(share, (every[0],), partial=partial)
    if every:
        return Dates(share, (), (every[0], every[1]))
    return _several_formats(told, share, partial)


def _several_formats(told: Mapping[str, Sequence[str]], share: float, partial: bool) -> Dates:
    """Formats that together read every cell, where no cell reads two ways: 17/05/2016 and 17.05.2016."""
    formats: list[str] = []
    for marks in dict.fromkeys(_marks(text) for text in told):
        own = [fits for text, fits in told.items() if _marks(text) == marks]
        every = [one for one in DATE_FORMATS if all(one in fits for fits in own)]
        if not every:
            both = dict.fromkeys(one for fits in own if len(fits) == 1 for one in fits)
            return Dates(share, tuple(both), mixed=True)
        if len(every) > 1:
            return Dates(share, (), (every[0], every[1]))
        formats += every
    return Dates(share, tuple(dict.fromkeys(formats)), partial=partial)


def _marks(text: str) -> tuple[str, int]:
    """What stands between the parts of a date, and how long its last part is."""
    return re.sub(r"[\w\s]", "", text)[:1], len(re.split(r"\W", text.split(" ", maxsplit=1)[0])[-1])


def _usual(text: str) -> bool | None:
    """Whether a text that is read without a format is a whole day; None where it is not read."""
    if _WHOLE.fullmatch(text) and not _YEAR.fullmatch(text) and not re.fullmatch(r"(?:19|20)\d{6}", text):
        return None
    try:
        return partial_date(text).exact is not None
    except UnreadableError:
        return None


def split_list(text: str, separator: str) -> list[str]:
    """The things of a cell. A comma before Inc., Ltd. and the like, or inside brackets, does not separate."""
    if separator not in {",", "，"}:
        parts = text.split(separator)
    else:
        parts = re.split(
            rf"{separator}(?![^()（）]*[)）])(?!\s*(?:Inc|Ltd|LLC|L\.?P|LLP|Corp|Co|S\.?A|Limited|PLC|Jr)\b\.?)", text
        )
    return [part.strip() for part in parts if part.strip()]


def comma_before_form(texts: Iterable[str]) -> bool:
    """Whether a comma stands before Inc., Ltd. and the like in one of the texts."""
    return any(re.search(r",\s*(?:Inc|Ltd|LLC|L\.?P|LLP|Corp|Co|S\.?A|Limited|PLC)\b", text) for text in texts)


def _separator(cells: Cells) -> str | None:
    """The separator of lists: names that stand alone in one cell and in a list in another are the surest sign."""
    for mark in _LIST_MARKS:
        lists = [text for text in cells.counts if len(split_list(text, mark)) > 1]
        if not lists:
            continue
        share = sum(cells.counts[text] for text in lists) / len(cells.texts)
        parts = [part for text in lists for part in split_list(text, mark)]
        short = sum(len(part) <= 60 for part in parts) >= MOST * len(parts)
        if mark in {";", "；", "|", "、", "\n"}:
            if share >= 0.05 and short:
                return mark
        elif short and (share >= 0.3 or _repeats(parts, cells)) and not _is_place_list(parts):
            return mark
    return None


def _repeats(parts: Sequence[str], cells: Cells) -> bool:
    """Whether a good part of what stands in lists stands in other cells or lists, too."""
    counts = Counter(parts)
    alone = set(cells.counts)
    return sum(counts[part] > 1 or part in alone for part in counts) >= 0.2 * len(counts)


def _is_place_list(parts: Sequence[str]) -> bool:
    return sum(part.isdigit() for part in parts) > 0.5 * len(parts)
