"""The functions of texts and of lists as DuckDB writes them, where it differs from Cypher as well.

A value that is needed several times is named once: `let`. A guard for what a constant cannot be is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from ecosystem.query.kinds import fields_of, is_list, is_map
from ecosystem.query.regular_expressions import LINE_ENDS, re2_of
from ecosystem.query.run_failures import raised

Kinds = tuple[str, ...]
Written = Callable[[Sequence[str], Kinds], str]
_SPACES = (*range(9, 14), *range(28, 33), 0x1680, *range(0x2000, 0x2007), 0x2008, 0x2009, 0x200A)
BLANK = "".join(map(chr, (*_SPACES, 0x2028, 0x2029, 0x205F, 0x3000)))
"""What Java takes for white space: no-break spaces are none."""
_FARTHEST = 2**31 - 2
"""Beyond every character of a text, and no length that the engine refuses."""
_LONGEST_LIST = 1_000_000


def constant(text: str) -> str:
    """A text that is written out."""
    return "'" + text.replace("'", "''") + "'"


def failure(code: str, kind: str) -> str:
    """What fails where it is computed, as a type of the engine."""
    return f"CAST(error('{raised(code)}') AS {kind})"


def let(values: Mapping[str, str], body: str) -> str:
    """An expression that names values, as `v.name`.

    By a function of the one element of a list: it needs nothing from outside, which in a lateral join it could not see.
    """
    listed = ", ".join(f"'{name}': {text}" for name, text in values.items())
    return f"list_transform([{{{listed}}}], lambda v: {body})[1]"


def _number(text: str) -> int | None:
    """The value of a constant that is a natural number."""
    found = re.fullmatch(r"CAST\((\d+) AS BIGINT\)", text)
    return min(int(found[1]), _FARTHEST) if found else None


def _counted(texts: Sequence[str], body: str) -> str:
    """A part of a text by numbers of characters: v.a is the text, v.b and v.c the numbers, drawn in.

    Null where one is null, and a failure of a number below 0.
    """
    numbers = [_number(text) for text in texts[1:]]
    names = "bc"[: len(numbers)]
    if None not in numbers:
        for name, number in zip(names, numbers, strict=True):
            body = body.replace(f"v.{name}", str(number))
        return f"{body.replace('v.a', texts[0])}"
    absent = " OR ".join(f"v.{name} IS NULL" for name in ("a", *names))
    below = " OR ".join(f"v.{name} < 0" for name in names)
    for name in names:
        body = body.replace(f"v.{name}", f"least(v.{name}, {_FARTHEST})")
    guarded = f"CASE WHEN {absent} THEN NULL WHEN {below} THEN {failure('negative_length', 'VARCHAR')} ELSE {body} END"
    return let(dict(zip(("a", *names), texts, strict=True)), guarded)


def _substring(texts: Sequence[str], _: Kinds) -> str:
    return _counted(texts, f"substring(v.a, v.b + 1{', v.c' if len(texts) > 2 else ''})")


def _left(texts: Sequence[str], _: Kinds) -> str:
    return _counted(texts, "substring(v.a, 1, v.b)")


def _right(texts: Sequence[str], _: Kinds) -> str:
    return _counted(texts, "right(v.a, v.b)")


def _trimmed(function: str) -> Written:
    return lambda texts, _: f"{function}({texts[0]}, {texts[1] if len(texts) > 1 else constant(BLANK)})"


@cache
def _expanded() -> Mapping[str, str]:
    """The letters of which several become in upper case, as ß does; the engine knows one for one."""
    letters = (chr(code) for code in range(0x80, 0x10000) if not 0xD800 <= code < 0xE000)
    return {letter: letter.upper() for letter in letters if len(letter.upper()) > 1}


def _upper(texts: Sequence[str], _: Kinds) -> str:
    table = ", ".join(f"{constant(one)}: {constant(several)}" for one, several in _expanded().items())
    each = f"list_transform(string_split({texts[0]}, ''), lambda c: coalesce(MAP {{{table}}}[c], upper(c)))"
    special = constant(f"[{''.join(_expanded())}]")
    return (
        f"(CASE WHEN regexp_matches({texts[0]}, {special}) THEN array_to_string({each}, '') ELSE upper({texts[0]}) END)"
    )


_CASED = r"\p{Lu}\p{Ll}\p{Lt}"
_FINAL_SIGMA = rf"([{_CASED}])Σ(\s|$)"
_UNCLEAR_SIGMA = rf"Σ[^{_CASED}\s]|[^{_CASED}\s]Σ"
"""A sigma beside what is no letter and no space: Java asks its rules of line breaks whether it ends a word."""


def _lower(texts: Sequence[str], _: Kinds) -> str:
    ended = f"regexp_replace({texts[0]}, {constant(_FINAL_SIGMA)}, '\\1ς\\2', 'g')"
    special = f"lower(replace({ended}, 'İ', 'i̇'))"
    unclear = f"WHEN regexp_matches({texts[0]}, {constant(_UNCLEAR_SIGMA)}) THEN {failure('sigma', 'VARCHAR')} "
    return f"(CASE WHEN NOT regexp_matches({texts[0]}, '[Σİ]') THEN lower({texts[0]}) {unclear}ELSE {special} END)"


_HALVES = "regexp_matches(v.a, '[\\x{10000}-\\x{10ffff}]')"
"""Whether a text has characters that are two of Java's, which an empty delimiter would part."""


def _split(texts: Sequence[str], kinds: Kinds) -> str:
    if is_list(kinds[1]):
        kept = "list_filter(v.b, lambda d: d <> '')"
        pattern = f"array_to_string(list_transform({kept}, lambda d: regexp_escape(d)), '|')"
        several = f"len({kept}) = 0 AND len(v.b) > 0"
        one = f"WHEN len(v.b) = 0 THEN [v.a] WHEN {several} THEN string_split(v.a, '') "
        split = f"{one}ELSE string_split_regex(v.a, {pattern})"
        empty = f"{several} AND {_HALVES}"
        absent = "v.b IS NULL OR len(v.b) <> list_count(v.b)"
    elif _is_text(texts[1]):
        return f"string_split({texts[0]}, {texts[1]})"
    else:
        split, empty, absent = "ELSE string_split(v.a, v.b)", f"v.b = '' AND {_HALVES}", "v.b IS NULL"
    body = f"CASE WHEN v.a IS NULL OR {absent} THEN NULL WHEN {empty} THEN {failure('half_character', 'VARCHAR[]')} "
    delimiters = f"CAST({texts[1]} AS VARCHAR[])" if is_list(kinds[1]) else texts[1]
    return let({"a": texts[0], "b": delimiters}, f"{body}{split} END")


def _is_text(text: str) -> bool:
    """Whether it is a text that is written out, and not empty."""
    return text.startswith("'") and text != "''" and not re.search("[^']'(?:'')*[^']", text)


def _replace(texts: Sequence[str], _: Kinds) -> str:
    if _is_text(texts[1]):
        return f"replace({', '.join(texts)})"
    between = "regexp_replace(v.a, '', replace(v.c, '\\\\', '\\\\\\\\'), 'g')"
    body = (
        f"CASE WHEN v.b = '' AND {_HALVES} THEN {failure('half_character', 'VARCHAR')} "
        f"WHEN v.b = '' THEN {between} ELSE replace(v.a, v.b, v.c) END"
    )
    return let(dict(zip("abc", texts, strict=True)), body)


def _reverse(texts: Sequence[str], kinds: Kinds) -> str:
    if is_list(kinds[0]):
        return f"list_reverse({texts[0]})"
    # not by reverse(), which keeps an accent behind its letter
    return f"array_to_string(list_reverse(string_split({texts[0]}, '')), '')"


def _size(texts: Sequence[str], kinds: Kinds) -> str:
    return f"len({texts[0]})" if is_list(kinds[0]) else f"length({texts[0]})"


def _is_empty(texts: Sequence[str], kinds: Kinds) -> str:
    if is_map(kinds[0]):
        return f"(CASE WHEN {texts[0]} IS NOT NULL THEN {'false' if fields_of(kinds[0]) else 'true'} END)"
    return f"({_size(texts, kinds)} = 0)"


def _range(texts: Sequence[str], _: Kinds) -> str:
    step = texts[2] if len(texts) > 2 else "CAST(1 AS BIGINT)"
    many = "(CAST(v.b AS HUGEINT) - v.a) // v.c"
    body = (
        f"CASE WHEN v.a IS NULL OR v.b IS NULL OR v.c IS NULL THEN {failure('null_bound', 'BIGINT[]')} "
        f"WHEN v.c = 0 THEN {failure('step', 'BIGINT[]')} "
        f"WHEN {many} >= {_LONGEST_LIST} THEN {failure('long_list', 'BIGINT[]')} "
        "ELSE generate_series(v.a, v.b, v.c) END"
    )
    return let({"a": texts[0], "b": texts[1], "c": step}, body)


_SIMPLE = r"""(?s)[^\\\[\]{}^$]*"""
_NOT_SIMPLE = r"""\(\?|[*+?][*+]|(?:^|[|(])[*+?]"""


def regexp_match(text: str, pattern: str, written: str | None) -> str:
    """Whether a whole text matches; of a pattern that is not written out only what means the same to Java and RE2.

    (?i) is about ASCII alone to Java, and RE2 takes two more letters for k and s: these are hidden.
    """
    if written is not None:
        return f"regexp_full_match({text}, {constant(re2_of(written))})"
    beyond = "regexp_replace(v.p, '[\\x00-\\x7f]', '', 'g')"
    unknown = (
        f"NOT regexp_full_match(v.p, {constant(_SIMPLE)}) OR regexp_matches(v.p, {constant(_NOT_SIMPLE)}) "
        f"OR (v.i AND lower({beyond}) <> upper({beyond}))"
    )
    drawn = f"replace(v.p, '.', {constant(f'[^{LINE_ENDS}]')})"
    hidden = "CASE WHEN v.i THEN translate(v.a, '\u212aſ', '\ue000\ue001') ELSE v.a END"
    body = (
        "CASE WHEN v.a IS NULL OR v.p IS NULL THEN NULL "
        f"WHEN {unknown} THEN {failure('computed_pattern', 'BOOLEAN')} "
        f"ELSE regexp_full_match({hidden}, CASE WHEN v.i THEN '(?i)' ELSE '' END || {drawn}) END"
    )
    bare = f"CASE WHEN starts_with({pattern}, '(?i)') THEN substring({pattern}, 5) ELSE {pattern} END"
    return let({"a": text, "p": bare, "i": f"starts_with({pattern}, '(?i)')"}, body)


TEXTS_AND_LISTS: Mapping[str, Written] = {
    "tolower": _lower,
    "lower": _lower,
    "toupper": _upper,
    "upper": _upper,
    "trim": _trimmed("trim"),
    "btrim": _trimmed("trim"),
    "ltrim": _trimmed("ltrim"),
    "rtrim": _trimmed("rtrim"),
    "substring": _substring,
    "left": _left,
    "right": _right,
    "split": _split,
    "replace": _replace,
    "char_length": _size,
    "character_length": _size,
    "reverse": _reverse,
    "size": _size,
    "isempty": _is_empty,
    "head": lambda texts, _: f"list_extract({texts[0]}, 1)",
    "last": lambda texts, _: f"list_extract({texts[0]}, -1)",
    "tail": lambda texts, _: f"({texts[0]})[2:]",
    "range": _range,
}
"""By the name in lower case."""
