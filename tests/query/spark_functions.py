"""The functions of the language as Spark SQL writes them, which runs on Java: its texts and its regular expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ecosystem.query.kinds import CONVERTED, fields_of, inside, is_list, is_map
from ecosystem.query.run_failures import raised

Kinds = tuple[str, ...]
Written = Callable[[Sequence[str], Kinds], str]
_TYPES = {"String": "STRING", "Integer": "BIGINT", "Float": "DOUBLE", "Boolean": "BOOLEAN"}
_SPACES = (*range(9, 14), *range(28, 33), 0x1680, *range(0x2000, 0x2007), 0x2008, 0x2009, 0x200A)
_BLANK = "".join(map(chr, (*_SPACES, 0x2028, 0x2029, 0x205F, 0x3000)))


def _failure(code: str, kind: str) -> str:
    return f"CAST(raise_error('{raised(code)}') AS {kind})"


def _call(name: str) -> Written:
    return lambda texts, _: f"{name}({', '.join(texts)})"


def _of_double(name: str) -> Written:
    return lambda texts, _: f"{name}({', '.join(f'CAST({text} AS DOUBLE)' for text in texts)})"


def _trimmed(side: str) -> Written:
    return lambda texts, _: f"trim({side} {texts[1] if len(texts) > 1 else repr(_BLANK)} FROM {texts[0]})"


def _counted(body: str) -> Written:
    """A part of a text by numbers of characters, a failure of one below 0."""

    def written(texts: Sequence[str], _: Kinds) -> str:
        a, b, c = (*texts, "2147483647")[:3]
        negative = f"least({b}, {c}) < 0 AND {a} IS NOT NULL"
        part = body.format(a=a, b=f"CAST(least({b}, 2147483646) AS INT)", c=f"CAST(least({c}, 2147483647) AS INT)")
        absent = " OR ".join(f"{text} IS NULL" for text in texts)
        failed = _failure("negative_length", "STRING")
        return f"(CASE WHEN {absent} THEN NULL WHEN {negative} THEN {failed} ELSE {part} END)"

    return written


def _split(texts: Sequence[str], kinds: Kinds) -> str:
    if is_list(kinds[1]):
        quoted = f"transform({texts[1]}, d -> concat('\\\\Q', d, '\\\\E'))"
        return f"split({texts[0]}, array_join({quoted}, '|'), -1)"
    return f"split({texts[0]}, concat('\\\\Q', {texts[1]}, '\\\\E'), -1)"


def _size(texts: Sequence[str], kinds: Kinds) -> str:
    # size() of null is -1
    return f"CAST({'cardinality' if is_list(kinds[0]) else 'char_length'}({texts[0]}) AS BIGINT)"


def _is_empty(texts: Sequence[str], kinds: Kinds) -> str:
    if is_map(kinds[0]):
        return f"(CASE WHEN {texts[0]} IS NOT NULL THEN {'false' if fields_of(kinds[0]) else 'true'} END)"
    return f"({_size(texts, kinds)} = 0)"


def _range(texts: Sequence[str], _: Kinds) -> str:
    low, high, step = (*texts, "CAST(1 AS BIGINT)")[:3]
    away = f"({high} - {low}) / {step} < 0"
    failed = _failure("step", "ARRAY<BIGINT>")
    nothing = "CAST(array() AS ARRAY<BIGINT>)"
    return f"(CASE WHEN {step} = 0 THEN {failed} WHEN {away} THEN {nothing} ELSE sequence({low}, {high}, {step}) END)"


def _rounded(texts: Sequence[str], _: Kinds) -> str:
    number = f"CAST({texts[0]} AS DOUBLE)"
    if len(texts) == 1:
        return f"CAST(floor({number} + 0.5D) AS DOUBLE)"
    return f"CAST(round(CAST({number} AS DECIMAL(38, 17)), CAST({texts[1]} AS INT)) AS DOUBLE)"


def _as(name: str, text: str, kind: str) -> str:
    if kind not in (*CONVERTED[name], "unknown"):
        return f"CAST(NULL AS {_TYPES[name]})"
    if name == "Integer" and kind == "string":
        return f"CAST(TRY_CAST({text} AS DECIMAL(38, 19)) AS BIGINT)"
    if name == "Boolean" and kind == "string":
        return f"(CASE lower(trim({text})) WHEN 'true' THEN true WHEN 'false' THEN false END)"
    return f"TRY_CAST({text} AS {_TYPES[name]})" if kind == "string" else f"CAST({text} AS {_TYPES[name]})"


def _conversion(name: str) -> Written:
    return lambda texts, kinds: _as(name, texts[0], kinds[0])


def _each(name: str) -> Written:
    return lambda texts, kinds: f"transform({texts[0]}, e -> {_as(name, 'e', inside(kinds[0]))})"


FUNCTIONS: Mapping[str, Written] = {
    **{name: _call("lower") for name in ("tolower", "lower")},
    **{name: _call("upper") for name in ("toupper", "upper")},
    **{name: _call("char_length") for name in ("char_length", "character_length")},
    **{name: _trimmed(side) for name, side in (("ltrim", "LEADING"), ("rtrim", "TRAILING"))},
    **{name: _trimmed("BOTH") for name in ("trim", "btrim")},
    "substring": _counted("substring({a}, {b} + 1, {c})"),
    "left": _counted("left({a}, {b})"),
    "right": _counted("right({a}, {b})"),
    "split": _split,
    "replace": lambda texts, _: f"regexp_replace({texts[0]}, concat('\\\\Q', {texts[1]}, '\\\\E'), {texts[2]})",
    "reverse": _call("reverse"),
    "size": _size,
    "isempty": _is_empty,
    "head": lambda texts, _: f"try_element_at({texts[0]}, 1)",
    "last": lambda texts, _: f"try_element_at({texts[0]}, -1)",
    "tail": lambda texts, _: f"slice({texts[0]}, 2, greatest(cardinality({texts[0]}) - 1, 0))",
    "range": _range,
    "abs": _call("abs"),
    "sign": lambda texts, _: f"CAST(signum({texts[0]}) AS BIGINT)",
    "round": _rounded,
    **{name: _of_double(name) for name in ("sqrt", "exp", "sin", "cos", "tan", "asin", "acos", "atan", "atan2")},
    **{name: _of_double(name) for name in ("cot", "degrees", "radians", "isnan", "log10")},
    "ceil": lambda texts, _: f"CAST(ceil({texts[0]}) AS DOUBLE)",
    "floor": lambda texts, _: f"CAST(floor({texts[0]}) AS DOUBLE)",
    "log": _of_double("ln"),
    "haversin": lambda texts, _: f"((1.0D - cos(CAST({texts[0]} AS DOUBLE))) / 2.0D)",
    "e": _call("e"),
    "pi": _call("pi"),
    "rand": _call("rand"),
    **{f"to{name}".lower(): _conversion(name) for name in _TYPES},
    **{f"to{name}OrNull".lower(): _conversion(name) for name in _TYPES},
    **{f"to{name}List".lower(): _each(name) for name in _TYPES},
}
