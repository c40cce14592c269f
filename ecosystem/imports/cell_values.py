"""What single cells say: names, parts, truth; and why a cell says nothing. Pure functions of text."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from ecosystem.messages import tr
from ecosystem.tables.words import FALSE, TRUE

SPACE = re.compile(r"\s+")
_OPEN = "([{<（【［〔《「『"
_CLOSE = ")]}>）】］〕》」』"
_LEGAL_FORMS = re.compile(
    r"(?:inc|incorporated|l\.?l\.?c|l\.?l\.?p|ltd|limited|corp|gmbh(?: ?& ?co\.? ?kg(?:aa)?)?|pty|pte|p\.l\.c|l\.p"
    r"|(?:co|pty|pte)\.?,? ?ltd|s\.a(?:\.s|\.r\.l)?|s\.[lc]|s\.p\.a|s\.r\.l|b\.v|n\.v|a\.g|a\.s|s\.r\.o|k\.k)\.?|co\.",
    re.IGNORECASE,
)
"""Legal forms that are nothing else; SAS and AG may be names, and CO is Colorado."""
_ALSO_TRUE = (
    "t oui vrai ja j wahr sí si verdadero sim verdadeiro sì vero да истина tak evet ano kyllä igen hai はい 예 x ✓ ✔ ☑"
)
_ALSO_FALSE = "f non faux nein falsch falso não nao nee нет nie hayır ne ei nem nej いいえ 아니요 아니오 ✗ ✘ ☐"


class UnreadableError(ValueError):
    """A cell that does not say what the mapping expects; its text is the reason in the quarantine."""


class NoDateError(UnreadableError):
    """A text that is no date, or not one that the mapping can read."""


class PartlyKnownError(NoDateError):
    """A date of which the day, or more, is not known."""


def normalise(text: str) -> str:
    """The text for comparing names: Unicode NFKC (full-width brackets become plain), no white space, no case."""
    return SPACE.sub("", unicodedata.normalize("NFKC", text).casefold())


def hashed(text: str) -> str:
    """Sixteen hexadecimal digits of the SHA-256 of the normalised text: an id that is the same in every import."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()[:16]


def split(text: str, separators: Sequence[str], keep_with: Collection[str] = ()) -> list[str]:
    """The parts of a cell without white space around them; a separator inside brackets separates nothing.

    Brackets that do not pair are ordinary characters. Empty parts stay, so that cells can be zipped. A part that is a
    legal form alone (Inc., Ltd., S.A.), or one of `keep_with`, stays with the part before it: Acme, Inc.
    """
    parts: list[tuple[int, int]] = []
    start, depth = 0, 0
    paired = _pairs(text)
    cut = re.compile("|".join(re.escape(one) for one in sorted(separators, key=len, reverse=True)))
    position = 0
    while position < len(text):
        if paired and text[position] in _OPEN:
            depth += 1
        elif paired and text[position] in _CLOSE:
            depth -= 1
        elif depth == 0 and (hit := cut.match(text, position)):
            parts.append((start, position))
            start = position = hit.end()
            continue
        position += 1
    return _joined(text, [*parts, (start, len(text))], keep_with)


def _joined(text: str, parts: Sequence[tuple[int, int]], keep_with: Collection[str]) -> list[str]:
    """The parts by their places in the text, those that are no name of their own with the one before."""
    joined: list[tuple[int, int]] = []
    for start, end in parts:
        part = text[start:end].strip()
        if joined and (part in keep_with or _LEGAL_FORMS.fullmatch(part)) and text[slice(*joined[-1])].strip():
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return [text[start:end].strip() for start, end in joined]


def _pairs(text: str) -> bool:
    """Whether every bracket has its partner; `(` and `（` go together, as exports mix them."""
    open_kinds: list[int] = []
    plain = unicodedata.normalize("NFKC", text)
    for character in plain:
        if character in _OPEN:
            open_kinds.append(_OPEN.index(character))
        elif character in _CLOSE and (not open_kinds or open_kinds.pop() != _CLOSE.index(character)):
            return False
    return not open_kinds


def shortened(text: str) -> str:
    """The text in quotes, cut where it is long."""
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def boolean(text: str) -> bool:
    """True or false: true/false, yes/no, 1/0, 是/否, 有/无, and their like in other languages (oui, nein, sí, x)."""
    truth = _truth().get(normalise(text))
    if truth is None:
        raise UnreadableError(
            tr("{text} is neither true nor false (true/false, yes/no, 1/0, 是/否, 有/无)", text=shortened(text))
        )
    return truth


@cache
def _truth() -> Mapping[str, bool]:
    true, false = (*TRUE, *_ALSO_TRUE.split()), (*FALSE, *_ALSO_FALSE.split())
    return {normalise(word): word in true for word in (*true, *false)}
