"""Regular expressions of Java, which Cypher's `=~` takes, and the same in the words of RE2, which has fewer.

What RE2 has not, or only from one version of Java to the next the same, is refused: look-around, back references,
possessive quantifiers, word boundaries, operations on classes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from ecosystem.messages import tr, tr_later

LINE_ENDS = r"\n\r\x{85}\x{2028}\x{2029}"
"""What `.` does not take."""
_VERTICAL, _BLANK = r"\n\x{b}\f\r\x{85}\x{2028}\x{2029}", r"\t\n\x{b}\f\r "
_HORIZONTAL = r" \t\x{a0}\x{1680}\x{180e}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}"
_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": _BLANK, "h": _HORIZONTAL, "v": _VERTICAL}
_CONTROLS = {"t": 9, "n": 10, "r": 13, "f": 12, "a": 7, "e": 27}
_NAMED = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x{0}-\x{7f}",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "0-9A-Za-z",
    "Punct": r"!-/:-@\[-`{-~",
    "Graph": "!-~",
    "Print": " -~",
    "Blank": r" \t",
    "Cntrl": r"\x{0}-\x{1f}\x{7f}",
    "XDigit": "0-9A-Fa-f",
    "Space": _BLANK,
    "InCJK_Unified_Ideographs": r"\x{4e00}-\x{9fff}",
}
_CATEGORY = re.compile(r"(?:Is|gc=|general_category=)?([CLMNPSZ]|[LMNPSZ][a-z]|C[cfo])")
_SCRIPT = re.compile(
    r"(?:Is|sc=|script=)(Han|Latin|Greek|Cyrillic|Hiragana|Katakana|Hangul|Arabic|Hebrew|Thai|Devanagari|Bopomofo)"
)
_HAND_WRITTEN = (
    (r"\(\?<?[=!]", tr_later("look-around {part}")),
    (r"\(\?>", tr_later("the atomic group {part}")),
    (r"\\[1-9]|\\k<", tr_later("the back reference {part}")),
    (r"\\[bB]", tr_later("the word boundary {part}")),
    (r"(?:[*+?]|\})\+", tr_later("the possessive quantifier {part}")),
    (r"&&", tr_later("the intersection of classes {part}")),
)
_OTHER = tr_later("{part} in a regular expression")


class Unfit(Exception):  # noqa: N818 - never leaves the check
    """A pattern that is no regular expression, or one beyond the subset; `outside` tells which."""

    def __init__(self, message: str, hint: str, *, outside: bool) -> None:
        super().__init__(message)
        self.message, self.hint, self.outside = message, hint, outside


def re2_of(pattern: str) -> str:
    """The same regular expression for RE2, to match a whole text. Raises Unfit."""
    reader = _Reader(re.sub(r"\\Q(.*?)(?:\\E|\Z)|\\.", _unquoted, pattern, flags=re.DOTALL))
    text = reader.alternatives(_Flags())
    if reader.place < len(reader.pattern):
        reader.broken()
    return text


def _unquoted(part: re.Match[str]) -> str:
    """What stands between \\Q and \\E, each sign with a backslash of its own."""
    if part[1] is None:
        return part[0]
    return "".join(letter if letter.isalnum() else f"\\{letter}" for letter in part[1])


@dataclass(frozen=True, slots=True)
class _Flags:
    any_case: bool = False
    unicode: bool = False
    all_lines: bool = False


@dataclass(slots=True)
class _Reader:
    """Reads a pattern from left to right and writes it anew."""

    pattern: str
    place: int = field(default=0)

    def at(self, text: str) -> bool:
        return self.pattern.startswith(text, self.place)

    def take(self, expression: str) -> re.Match[str] | None:
        found = re.compile(expression, re.DOTALL).match(self.pattern, self.place)
        if found:
            self.place = found.end()
        return found

    def broken(self) -> NoReturn:
        message = tr(
            "'{pattern}' is no regular expression: see character {place}", pattern=self.pattern, place=self.place + 1
        )
        raise Unfit(
            message,
            tr("close every bracket, put something before * + ? and {2}; \\\\. is a full stop"),
            outside=False,
        )

    def refuse(self, part: str) -> NoReturn:
        named = next((words for shape, words in _HAND_WRITTEN if re.match(shape, part)), _OTHER)
        message = tr("{what} is outside the subset of =~", what=tr(named, part=part))
        raise Unfit(message, tr("write it with CONTAINS, STARTS WITH, ENDS WITH and NOT, or several =~"), outside=True)

    def alternatives(self, flags: _Flags) -> str:
        """Up to the end of a group or of the pattern; flags that are set inside hold to its end."""
        texts = [""]
        while self.place < len(self.pattern) and not self.at(")"):
            if self.take(r"\|"):
                texts.append("")
            elif found := self.take(r"\(\?([a-zA-Z]*(?:-[a-zA-Z]+)?)\)"):
                flags = self.flags(found[1], flags)
            else:
                texts[-1] += self.repeated(flags)
        return "|".join(texts)

    def flags(self, text: str, flags: _Flags) -> _Flags:
        on, _, off = text.partition("-")
        if set(on + off) - set("isu"):
            self.refuse(f"(?{text})")
        values = {
            name: letter in on or (held and letter not in off)
            for letter, name, held in zip(
                "ius",
                ("any_case", "unicode", "all_lines"),
                (flags.any_case, flags.unicode, flags.all_lines),
                strict=True,
            )
        }
        return _Flags(**values)

    def repeated(self, flags: _Flags) -> str:
        atom = self.atom(flags)
        found = self.take(r"[*+?]|\{(\d+)(?:,(\d*))?\}")
        if not found:
            return atom
        if self.at("+"):
            self.refuse(found[0] + "+")
        if any(int(number or 0) > 1000 for number in found.groups()):
            self.refuse(found[0])
        if found[2] and int(found[2]) < int(found[1]):
            self.broken()
        self.take(r"\?")
        return f"(?:{atom}){found[0]}"

    def atom(self, flags: _Flags) -> str:
        if self.at("("):
            return self.group(flags)
        if self.take(r"\["):
            return self.of_class(flags)
        if self.at("\\"):
            return self.escaped(flags)
        letter = self.take(r".")
        if letter is None or letter[0] in "*+?{":
            self.place -= letter is not None
            self.broken()
        match letter[0]:
            case ".":
                return r"[\x{0}-\x{10ffff}]" if flags.all_lines else f"[^{LINE_ENDS}]"
            case "^":
                return r"\A"
            case "$":
                # before a last line end as well, which nothing but what follows could take
                return r"\z" if self.take(r"(?=\)|\||\Z)") else self.refuse("$")
            case other:
                return _literal(other, flags)

    def group(self, flags: _Flags) -> str:
        if found := self.take(r"\(\?(?:[=!>]|<[=!])"):
            self.refuse(found[0])
        found = self.take(r"\((?:\?(?:<[a-zA-Z][a-zA-Z0-9]*>|([a-zA-Z]*(?:-[a-zA-Z]+)?):))?(?!\?)")
        if found is None:
            self.broken()
        inside = self.alternatives(self.flags(found[1], flags) if found[1] else flags)
        if not self.take(r"\)"):
            self.broken()
        return f"(?:{inside})"

    def escaped(self, flags: _Flags) -> str:
        """What a backslash begins, outside a class."""
        if found := self.take(r"\\([Az])"):
            return found[0]
        if self.take(r"\\R"):
            return rf"(?:\r\n|[{_VERTICAL}])"
        if found := self.take(r"\\(?:[bBZGXK1-9]|k<)"):
            self.refuse(found[0])
        members = self.members(flags)
        return f"[{members}]" if members is not None else _literal(self.code(), flags)

    def members(self, flags: _Flags) -> str | None:
        """The members of a class that has a name, such as \\d and \\p{L}; None where there stands none."""
        if found := self.take(r"\\([dwshv])"):
            return _CLASSES[found[1]]
        if found := self.take(r"\\([DWSHV])"):
            return _others(_CLASSES[found[1].lower()])
        found = self.take(r"\\([pP])(?:\{([^}]*)\}|(.))")
        if not found:
            return None
        name = found[2] or found[3]
        if flags.any_case and re.fullmatch(r"(?:Is|gc=|general_category=)?L[ult]|Lower|Upper", name):
            self.refuse(found[0])
        if name in _NAMED:
            return _NAMED[name] if found[1] == "p" else _others(_NAMED[name])
        known = _CATEGORY.fullmatch(name) or _SCRIPT.fullmatch(name)
        return rf"\{found[1]}{{{known[1]}}}" if known else self.refuse(found[0])

    def code(self) -> str:
        """One character that is written with a backslash."""
        if found := self.take(r"\\(?:x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4}))"):
            return chr(int(found[1] or found[2] or found[3], 16))
        if found := self.take(r"\\0([0-3]?[0-7]{1,2})"):
            return chr(int(found[1], 8))
        if found := self.take(r"\\([tnrfae])"):
            return chr(_CONTROLS[found[1]])
        if found := self.take(r"\\c(.)"):
            return chr(ord(found[1]) ^ 64)
        found = self.take(r"\\([^a-zA-Z0-9])")
        return found[1] if found else self.broken()

    def of_class(self, flags: _Flags) -> str:
        if flags.any_case and flags.unicode:
            self.refuse("[...] with (?iu)")
        turned, members = bool(self.take(r"\^")), ""
        first = True
        while first or not self.at("]"):
            if found := self.take(r"&&|\["):
                self.refuse(found[0])
            named = self.members(flags)
            members += named if named is not None else self.span(flags)
            first = False
        self.take("]")
        return f"[{'^' * turned}{members}]"

    def span(self, flags: _Flags) -> str:
        """A character of a class, or a range of them."""
        low = self.member()
        high = low
        if self.take(r"-(?![\]\[]|\\[dwshvDWSHVpP])"):
            high = self.member()
        elif self.at("-\\"):
            self.broken()
        if high < low:
            self.broken()
        spans = [(low, high)]
        if flags.any_case:
            for first, last, way in (("a", "z", -32), ("A", "Z", 32)):
                lowest, highest = max(low, first), min(high, last)
                spans += [(chr(ord(lowest) + way), chr(ord(highest) + way))] if lowest <= highest else []
        return "".join(f"{_code(one)}-{_code(other)}" for one, other in spans)

    def member(self) -> str:
        if self.at("\\"):
            return self.code()
        found = self.take(r".")
        return found[0] if found else self.broken()


def _literal(letter: str, flags: _Flags) -> str:
    if not flags.any_case or letter.upper() == letter.lower():
        return _code(letter)
    if flags.unicode:
        return f"(?i:{_code(letter)})"
    return f"[{letter.upper()}{letter.lower()}]" if letter.isascii() else _code(letter)


def _code(letter: str) -> str:
    """One character; whatever could mean something, by its number."""
    return letter if letter.isalnum() else f"\\x{{{ord(letter):x}}}"


def _others(members: str) -> str:
    """The members of the class of all that is in none of these: RE2 has no class within a class."""
    taken = sorted(
        (ord(_character(low)), ord(_character(high or low)))
        for low, high in re.findall(r"(\\x\{\w+\}|\\?.)(?:-(\\x\{\w+\}|\\?.))?", members)
    )
    spans, start = "", 0
    for low, high in taken:
        if low > start:
            spans += f"\\x{{{start:x}}}-\\x{{{low - 1:x}}}"
        start = max(start, high + 1)
    return spans + f"\\x{{{start:x}}}-\\x{{10ffff}}"


def _character(text: str) -> str:
    if text.startswith("\\x"):
        return chr(int(text[3:-1], 16))
    return chr(_CONTROLS[text[1]]) if text[:1] == "\\" and text[1] in _CONTROLS else text[-1]
