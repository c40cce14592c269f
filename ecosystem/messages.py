"""What people read, in their language: the English stands in the code, the Chinese in a gettext catalogue.

    tr("{path} cannot be read: {reason}", path=path, reason=reason)

English is spoken until `speak("zh")` is called, or where ECOSYSTEM_LANG says otherwise. A text is in the language that
is spoken when it is made. `python -m tools.catalogue` puts new texts into the catalogue and compiles it.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from ecosystem.resources import resource

LANGUAGES = ("zh", "en", "both")
"""Chinese, English, and Chinese followed by English, which is for files."""
DOMAIN = "ecosystem"
BETWEEN = " / "
"""What stands between the two languages of `both`."""


class Bilingual(str):
    """A text in both languages, which can be a value in another one without standing there twice."""

    __slots__ = ("en", "zh")
    zh: str
    en: str

    @classmethod
    def of(cls, zh: str, en: str) -> Bilingual:
        """Chinese and English as one text; once where they are the same."""
        made = cls(zh if zh == en else f"{zh}{BETWEEN}{en}")
        made.zh, made.en = zh, en
        return made


def _first() -> str:
    """The language that is spoken until somebody chooses another one."""
    chosen = os.environ.get("ECOSYSTEM_LANG", "")
    return chosen if chosen in LANGUAGES else "en"


_state = {"spoken": _first()}


def spoken() -> str:
    """The language of the texts that are made now: `zh`, `en` or `both`."""
    return _state["spoken"]


def speak(language: str) -> None:
    """Make every text from here on in a language, `zh`, `en` or `both`, in the whole process; ValueError for others."""
    if language not in LANGUAGES:
        raise ValueError(f"{language!r} is not a language: {', '.join(LANGUAGES)}")
    _state["spoken"] = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make texts in a language as long as the context lasts."""
    before = spoken()
    speak(language)
    try:
        yield
    finally:
        speak(before)


def tr(text: str, /, **values: object) -> str:
    """A text in the language that is spoken, with `{name}` replaced by the value of that name.

    Formats are those of `str.format`: `{name!r}`, `{share:.0%}`. Without values the text stays as it is, braces too.
    """
    if spoken() != "both":
        return _filled(_look_up(spoken(), text), values)
    return Bilingual.of(*(_filled(_look_up(one, text), _said_in(one, values)) for one in ("zh", "en")))


def tr_count(one: str, many: str, count: int, /, **values: object) -> str:
    """As `tr`, with one text for a single thing and one for several; `{count}` is their number."""
    values = {"count": count, **values}
    if spoken() != "both":
        return _filled(_look_up_count(spoken(), one, many, count), values)
    return Bilingual.of(*(_filled(_look_up_count(to, one, many, count), _said_in(to, values)) for to in ("zh", "en")))


def tr_later(text: str) -> str:
    """A text as it is, for a constant: the catalogue has it, and `tr` translates it where it is shown."""
    return text


def either(words: Iterable[object]) -> str:
    """The words of a choice as one text: `a or b or c`."""
    return _joined(words, tr_later(" or "))


def together(words: Iterable[object]) -> str:
    """Words that belong together as one text: `a and b and c`."""
    return _joined(words, tr_later(" and "))


def listed(parts: Iterable[str], sign: str = ", ") -> str:
    """Parts one after the other as one text, blank ones left out, with what the language writes for the sign."""
    return _joined(filter(None, parts), sign)


SIGNS = (tr_later(", "), tr_later("; "), tr_later(", then "), tr_later(" "))
"""What may stand between the parts of `listed`."""


def said_in(language: str, make: Callable[[], str]) -> str:
    """What a function makes while a language is spoken."""
    with speaking(language):
        return make()


def in_language(language: str, text: str, context: str | None = None) -> str:
    """A text of the catalogue in a language whatever is spoken; `context` tells apart words of several meanings."""
    if language == "both":
        return Bilingual.of(in_language("zh", text, context), in_language("en", text, context))
    if context is None or language == "en":
        return _look_up(language, text)
    return _catalogue(language).pgettext(context, text)


def _filled(text: str, values: Mapping[str, object]) -> str:
    return text.format(**values) if values else text


def _said_in(language: str, values: Mapping[str, object]) -> dict[str, object]:
    """The values of a text, those that are bilingual in one language."""
    return {name: getattr(value, language) if isinstance(value, Bilingual) else value for name, value in values.items()}


def _joined(words: Iterable[object], between: str) -> str:
    said = list(words)

    def in_one(language: str) -> str:
        parts = (getattr(word, language) if isinstance(word, Bilingual) else str(word) for word in said)
        return _look_up(language, between).join(parts)

    return Bilingual.of(in_one("zh"), in_one("en")) if spoken() == "both" else in_one(spoken())


def _look_up(language: str, text: str) -> str:
    # the catalogue keeps its header under the empty text
    return text if language == "en" or not text else _catalogue(language).gettext(text)


def _look_up_count(language: str, one: str, many: str, count: int) -> str:
    if language == "en":
        return one if count == 1 else many
    return _catalogue(language).ngettext(one, many, count)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, resource("data", "locale"), [language])
