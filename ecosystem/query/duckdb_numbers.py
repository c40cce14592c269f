"""The functions of numbers and the conversions as DuckDB writes them, where it differs from Cypher as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ecosystem.query.duckdb_text import BLANK, Kinds, Written, constant, failure, let
from ecosystem.query.kinds import CONVERTED, inside

_NAN, _INFINITY = "CAST('NaN' AS DOUBLE)", "CAST('Infinity' AS DOUBLE)"
_LEAST, _MOST = "CAST('-9223372036854775808' AS DOUBLE)", "CAST('9223372036854775808' AS DOUBLE)"
_BIGGEST, _SMALLEST = "CAST(9223372036854775807 AS BIGINT)", "CAST('-9223372036854775808' AS BIGINT)"
_ZEROS = (
    *(0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20),
    *(0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0),
    *(0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10),
)
"""The noughts of the scripts whose digits Java reads, the wide ones of Chinese text last (Unicode 13)."""
_DIGITS = "".join(chr(zero + digit) for zero in _ZEROS for digit in range(10))


def _float(text: str) -> str:
    return f"CAST({text} AS DOUBLE)"


def _of_float(function: str) -> Written:
    return lambda texts, _: f"{function}({', '.join(map(_float, texts))})"


def _within(function: str, undefined: str) -> Written:
    """A function that is not a number where this holds of `{x}`: there the engine fails."""

    def written(texts: Sequence[str], _: Kinds) -> str:
        number = _float(texts[0])
        return f"{function}(CASE WHEN {undefined.format(x=number)} THEN {_NAN} ELSE {number} END)"

    return written


def _logarithm(function: str) -> Written:
    def written(texts: Sequence[str], _: Kinds) -> str:
        number = _float(texts[0])
        drawn = f"CASE WHEN {number} < 0 THEN {_NAN} WHEN {number} = 0 THEN CAST(1 AS DOUBLE) ELSE {number} END"
        return f"(CASE WHEN {number} = 0 THEN -{_INFINITY} ELSE {function}({drawn}) END)"

    return written


_FINITE = "isinf({x})"


def _tangent_below_one(texts: Sequence[str], kinds: Kinds) -> str:
    return f"(CAST(1 AS DOUBLE) / {_within('tan', _FINITE)(texts, kinds)})"


def _haversine(texts: Sequence[str], kinds: Kinds) -> str:
    return f"((CAST(1 AS DOUBLE) - {_within('cos', _FINITE)(texts, kinds)}) / CAST(2 AS DOUBLE))"


def _absolute(texts: Sequence[str], _: Kinds) -> str:
    return f"abs({texts[0]})"


def _rounded(texts: Sequence[str], kinds: Kinds) -> str:
    """To whole numbers half-way up, by Java's Math.round, which ends at 64 bits; to places as a decimal number."""
    number = _float(texts[0])
    up = "floor(v.x) + CASE WHEN v.x - floor(v.x) >= 0.5 THEN CAST(1 AS DOUBLE) ELSE CAST(0 AS DOUBLE) END"
    whole = (
        f"CASE WHEN NOT isfinite(v.x) THEN v.x WHEN abs(v.x) >= CAST({2**53} AS DOUBLE) "
        f"THEN greatest({_LEAST}, least({_MOST}, v.x)) ELSE {up} END"
    )
    if len(texts) == 1 or (len(texts) == 2 and texts[1] == "CAST(0 AS BIGINT)"):
        return let({"x": number}, whole)
    places = f"CAST(trunc({texts[1]}) AS BIGINT)" if kinds[1] == "float" else texts[1]
    mode = texts[2] if len(texts) > 2 else "'HALF_UP'"
    to_whole = f"WHEN v.p = 0 THEN {whole} " if len(texts) == 2 else ""
    body = (
        "CASE WHEN v.x IS NULL OR v.p IS NULL OR v.m IS NULL THEN NULL "
        f"WHEN v.p < 0 THEN {failure('precision', 'DOUBLE')} "
        f"WHEN v.m NOT IN ('UP', 'DOWN', 'CEILING', 'FLOOR', 'HALF_UP', 'HALF_DOWN', 'HALF_EVEN') "
        f"THEN {failure('rounding_mode', 'DOUBLE')} "
        f"WHEN NOT isfinite(v.x) THEN v.x {to_whole}ELSE {_decimally()} END"
    )
    text = f"CAST(abs({number}) AS VARCHAR)"
    return let({"x": number, "p": places, "m": mode, "t": text}, body)


def _decimally() -> str:
    """v.x rounded to v.p places by v.m: its shortest digits as an integer, cut, and rounded by what is cut off."""
    front, power = "split_part(v.t, 'e', 1)", "CAST(coalesce(nullif(split_part(v.t, 'e', 2), ''), '0') AS BIGINT)"
    digits = f"TRY_CAST(replace({front}, '.', '') AS HUGEINT)"
    cut = f"(length(split_part({front}, '.', 2)) - {power} - v.p)"
    unit = f"CAST('1' || repeat('0', greatest(0, least({cut}, 30))) AS HUGEINT)"
    up = (
        "CASE v.m WHEN 'UP' THEN v.r > 0 WHEN 'DOWN' THEN false "
        "WHEN 'CEILING' THEN v.r > 0 AND v.x > 0 WHEN 'FLOOR' THEN v.r > 0 AND v.x < 0 "
        "WHEN 'HALF_UP' THEN 2 * v.r >= v.u WHEN 'HALF_DOWN' THEN 2 * v.r > v.u "
        "ELSE 2 * v.r > v.u OR (2 * v.r = v.u AND v.q % 2 = 1) END"
    )
    sign = "CASE WHEN v.x < 0 AND v.q + v.g > 0 THEN '-' ELSE '' END"
    result = f"CAST({sign} || CAST(v.q + v.g AS VARCHAR) || 'e-' || CAST(v.p AS VARCHAR) AS DOUBLE)"
    grown = let(
        {"x": "v.x", "p": "v.p", "q": "v.q", "g": f"CASE WHEN {up} THEN 1 ELSE 0 END"},
        result,
    )
    parted = let({"x": "v.x", "p": "v.p", "m": "v.m", "u": "v.u", "q": "v.d // v.u", "r": "v.d % v.u"}, grown)
    given = {"x": "v.x", "p": "v.p", "m": "v.m", "d": digits, "u": unit}
    return f"CASE WHEN {cut} <= 0 THEN v.x + CAST(0 AS DOUBLE) ELSE {let(given, parted)} END"


def _text(text: str, kind: str) -> str:
    """A value as a text, a float as Java's shortest digits: 1.0E7, 1.0E-4."""
    if kind != "float":
        return text if kind == "string" else f"CAST({text} AS VARCHAR)"
    front = "split_part(v.t, 'e', 1)"
    digits = f"rtrim(ltrim(replace({front}, '.', ''), '0'), '0')"
    power = (
        "CASE WHEN contains(v.t, 'e') THEN CAST(split_part(v.t, 'e', 2) AS BIGINT) "
        "WHEN abs(v.x) >= 1 THEN length(split_part(v.t, '.', 1)) - 1 "
        "ELSE length(ltrim(replace(v.t, '.', ''), '0')) - length(replace(v.t, '.', '')) END"
    )
    rest = f"coalesce(nullif(substring({digits}, 2), ''), '0')"
    scientific = (
        f"CASE WHEN v.x < 0 THEN '-' ELSE '' END || left({digits}, 1) || '.' || {rest} || 'E' "
        f"|| CAST({power} AS VARCHAR)"
    )
    body = (
        "CASE WHEN v.x IS NULL THEN NULL WHEN isnan(v.x) THEN 'NaN' "
        "WHEN isinf(v.x) THEN CASE WHEN v.x > 0 THEN 'Infinity' ELSE '-Infinity' END "
        "WHEN v.x = 0 OR (abs(v.x) >= CAST('1e-3' AS DOUBLE) AND abs(v.x) < CAST('1e7' AS DOUBLE)) "
        f"THEN CAST(v.x AS VARCHAR) ELSE {scientific} END"
    )
    return let({"x": text, "t": f"CAST(abs({text}) AS VARCHAR)"}, body)


def _whole(text: str, kind: str, beyond: str) -> str:
    """A value as an integer; `beyond` where a text says one of more than 64 bits."""
    if kind == "boolean":
        return f"CAST({text} AS BIGINT)"
    if kind == "float":
        body = (
            f"CASE WHEN isnan(v.x) THEN CAST(0 AS BIGINT) WHEN v.x >= {_MOST} THEN {_BIGGEST} "
            f"WHEN v.x <= {_LEAST} THEN {_SMALLEST} ELSE CAST(trunc(v.x) AS BIGINT) END"
        )
        return let({"x": text}, body)
    if kind != "string":
        return text
    front = "regexp_extract(v.s, '^[+-]?\\d*')"
    body = (
        f"CASE WHEN regexp_full_match(v.s, '[+-]?\\d+') THEN coalesce(TRY_CAST(v.s AS BIGINT), {beyond}) "
        f"WHEN regexp_full_match(v.s, '[+-]?(?:\\d+\\.\\d*|\\.\\d+)') THEN CASE WHEN {front} IN ('', '+', '-') "
        f"THEN CAST(0 AS BIGINT) ELSE coalesce(TRY_CAST({front} AS BIGINT), {beyond}) END "
        "WHEN NOT regexp_full_match(v.s, '[+-]?(?:\\d+\\.?\\d*|\\.\\d+)[eE][+-]?\\d{1,9}') THEN NULL "
        # 19 digits are kept behind the point: more could be rounded up
        f"WHEN regexp_matches(v.s, '^.{{21,}}[eE]') THEN {failure('no_number', 'BIGINT')} "
        f"ELSE coalesce(TRY_CAST(trunc(TRY_CAST(v.s AS DECIMAL(38, 19))) AS BIGINT), {beyond}) END"
    )
    return let({"s": f"translate({text}, {constant(_DIGITS)}, '{'0123456789' * len(_ZEROS)}')"}, body)


def _real(text: str, kind: str) -> str:
    if kind != "string":
        return _float(text)
    number = "(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?[fFdD]?"
    hexadecimal = "[+-]?0[xX](?:[0-9a-fA-F]+\\.?|[0-9a-fA-F]*\\.[0-9a-fA-F]+)[pP][+-]?\\d+[fFdD]?"
    body = (
        f"CASE WHEN regexp_full_match(v.s, '[+-]?{number}') THEN CAST(rtrim(v.s, 'fFdD') AS DOUBLE) "
        f"WHEN regexp_full_match(v.s, '[+-]?NaN') THEN {_NAN} "
        f"WHEN regexp_full_match(v.s, '[+]?Infinity') THEN {_INFINITY} WHEN v.s = '-Infinity' THEN -{_INFINITY} "
        f"WHEN regexp_full_match(v.s, '{hexadecimal}') THEN {failure('no_number', 'DOUBLE')} END"
    )
    blank = constant("".join(map(chr, range(1, 33))))
    return let({"s": f"trim({text}, {blank})"}, body)


def _truth(text: str, kind: str) -> str:
    if kind == "integer":
        return f"({text} <> 0)"
    if kind == "boolean":
        return text
    said = f"lower(trim({text}, {constant(BLANK)}))"
    return f"(CASE {said} WHEN 'true' THEN true WHEN 'false' THEN false END)"


_TYPES = {"String": "VARCHAR", "Integer": "BIGINT", "Float": "DOUBLE", "Boolean": "BOOLEAN"}


def _as(name: str, text: str, kind: str, *, or_null: bool) -> str:
    """A value as another type; null of what has none."""
    if kind not in (*CONVERTED[name], "unknown"):
        return f"CAST(NULL AS {_TYPES[name]})"
    match name:
        case "String":
            return _text(text, kind)
        case "Integer":
            beyond = "CAST(NULL AS BIGINT)" if or_null else failure("overflow", "BIGINT")
            return _whole(text, "string" if kind == "unknown" else kind, beyond)
        case "Float":
            return _real(text, kind)
        case _:
            return _truth(text, kind)


def _conversion(name: str, *, or_null: bool) -> Written:
    return lambda texts, kinds: _as(name, texts[0], kinds[0], or_null=or_null)


def _each(name: str) -> Written:
    def write(texts: Sequence[str], kinds: Kinds) -> str:
        kind = inside(kinds[0])
        # a list that says no type holds nothing, or nulls
        each = _as(name, "e", "null" if kind == "unknown" else kind, or_null=True)
        return f"list_transform({texts[0]}, lambda e: {each})"

    return write


NUMBERS_AND_CONVERSIONS: Mapping[str, Written] = {
    "abs": _absolute,
    "sign": lambda texts, _: f"CAST(sign({texts[0]}) AS BIGINT)",
    "round": _rounded,
    "ceil": _of_float("ceil"),
    "floor": _of_float("floor"),
    "sqrt": _within("sqrt", "{x} < 0"),
    "log": _logarithm("ln"),
    "log10": _logarithm("log10"),
    "exp": _of_float("exp"),
    "sin": _within("sin", _FINITE),
    "cos": _within("cos", _FINITE),
    "tan": _within("tan", _FINITE),
    "cot": _tangent_below_one,
    "asin": _within("asin", "abs({x}) > 1"),
    "acos": _within("acos", "abs({x}) > 1"),
    "atan": _of_float("atan"),
    "atan2": _of_float("atan2"),
    "degrees": _of_float("degrees"),
    "radians": _of_float("radians"),
    "haversin": _haversine,
    "e": lambda _, __: "CAST('2.718281828459045' AS DOUBLE)",
    "rand": lambda _, __: "random()",
    "pi": lambda _, __: "CAST('3.141592653589793' AS DOUBLE)",
    "isnan": lambda texts, _: f"isnan({_float(texts[0])})",
    **{f"to{name}".lower(): _conversion(name, or_null=False) for name in CONVERTED},
    **{f"to{name}OrNull".lower(): _conversion(name, or_null=True) for name in CONVERTED},
    **{f"to{name}List".lower(): _each(name) for name in CONVERTED},
}
"""By the name in lower case."""
