"""Mappings drawn by chance, with every key of their language; and the same with faults put into them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

from hostile_exports import NESTED, Table, value

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml(entry: object) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(entry, dict):
        return f"{{ {', '.join(f'{toml_key(key)} = {toml(one)}' for key, one in entry.items())} }}"
    if isinstance(entry, list | tuple):
        return f"[{', '.join(map(toml, entry))}]"
    if isinstance(entry, float):
        return repr(entry)
    if entry is None:
        return '""'
    return json.dumps(entry, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_key(key: str) -> str:
    """A key as TOML writes it."""
    return key if _BARE.fullmatch(key) else toml(key)


def document(mapping: Table) -> str:
    """A whole mapping as TOML."""
    return "\n".join(f"{toml_key(key)} = {toml(entry)}" for key, entry in mapping.items()) + "\n"


def columns_of(kind: str) -> list[str]:
    """The columns of an export of this format, and some that it does not have."""
    own = ["id", "name", "deal", "day", "amount", "n", "flag", "place", "country"]
    if kind in NESTED:
        return [
            *own,
            "tags[]",
            "parties[].id",
            "parties[].name",
            "geo.lat",
            "geo.lon",
            "parties[0].id",
            "tags",
            "parties",
        ]
    return [*own, "tags", "party_ids", "party_names"]


def maybe(chance: Random, of: int = 3) -> bool:
    """True once in so many times."""
    return chance.randrange(of) == 0


def condition(chance: Random, columns: list[str]) -> Table:
    """A condition on a column."""
    tests: list[Table] = [
        {"in": ["c1", "", "CN"]},
        {"out": ["c2"]},
        {"in": ["CN", "US"], "out": ["DE", ""]},
        {"matches": "[a-z]"},
        {"not_matches": "(a|a)+$"},
        {"blank": chance.random() < 0.5},
        {"before": chance.choice(columns)},
        {"unlike": chance.choice(columns)},
    ]
    return {"column": chance.choice(columns)} | chance.choice(tests)


_EDITS: tuple[Table, ...] = (
    {"unescape": True},
    {"replace": {"&": "+", "Inc": ""}},
    {"substitute": {"(\\w+) (\\w+)": "\\2 \\1"}},
    {"pattern": "([0-9]+)"},
)
_READINGS: dict[str, tuple[Table, ...]] = {
    "text": (
        {},
        {},
        {"as": "hash", "prefix": "h-"},
        {"prefix": "p-"},
        {"map": {"c1": "x", "": "y"}},
        {"default": "none"},
    ),
    "integer": ({}, {"as": "integer"}, {"as": "integer", "default": 0}, {"map": {"1": 1, "2.5": 2}}),
    "number": ({"as": "number", "units": {"%": 0.01, "km": 1}}, {"as": "number", "decimal": ",", "times": 1000}, {}),
    "boolean": ({}, {"as": "boolean"}, {"map": {"yes": True, "no": False}}, {"as": "boolean", "default": False}),
    "year": ({"as": "year"}, {"as": "year", "format": "%m/%Y"}, {"as": "year", "format": ["excel", "unix"]}),
    "date": ({}, {"as": "date"}, {"as": "date", "format": ["%d.%m.%Y", "excel"]}, {"as": "date", "format": "%B %Y"}),
    "amount": (
        {"as": "amount"},
        {"as": "amount", "currency_column": "country"},
        {"as": "amount", "year": "day"},
        {"as": "amount", "year": "day", "format": "%Y-%m-%d"},
        {"as": "amount", "decimal": ","},
    ),
}


def cell(chance: Random, columns: list[str], kind: str = "text", *, key: bool = False) -> Any:
    """A cell that fits a property of this kind, but for one in eighty; a `key` is one that no row goes without."""
    origin: Table = {"column": chance.choice(columns)}
    if maybe(chance, 3) and kind in ("text", "integer"):
        return origin["column"]
    if maybe(chance, 5):
        origin = chance.choice(
            [{"first": [chance.choice(columns), "name"]}, {"join": ["id", chance.choice(columns)], "by": "-"}]
        )
    if maybe(chance, 80):
        kind = chance.choice(list(_READINGS))
    made = origin | chance.choice(_READINGS[kind])
    for _ in range(chance.choice([0, 0, 1, 2])):
        made |= chance.choice(_EDITS)
    if not key and maybe(chance, 4):
        made["optional"] = maybe(chance, 2)
    return made | ({"when": condition(chance, columns)} if maybe(chance, 6) else {})


def place(chance: Random, columns: list[str]) -> Table:
    """Where a node is."""
    column = chance.choice(columns)
    return chance.choice(
        [
            {"column": column},
            {"column": column, "split": chance.choice(["-", ","]), "smallest_first": maybe(chance, 2)},
            {
                "columns": ["country", "place"],
                "level": ["country", "city"],
                "make": ["city"],
                "strict": maybe(chance, 2),
            },
            {"columns": ["country", "place"], "make": ["province", "city"]},
            {"column": column, "within": "US", "make": "city"},
            {"column": column, "level": "province", "strict": True, "spelled": {"Beijing": "北京"}, "skip": ["US"]},
            {"prefix_of": column},
            {"value": "CN"},
            {"nearest": ["geo.lat", "geo.lon"], "within_km": 5},
        ]
    )


def money(chance: Random) -> Table:
    """How amounts are read."""
    found: Table = chance.choice(
        [
            {"currencies": {"人民币": 1, "美元": 7}, "default": "人民币"},
            {"into": "USD", "default": "USD"},
            {"into": "EUR", "rates": {"USD": 0.9, "INR": 0.011}, "symbols": {"$": "USD", "kr": "SEK"}},
            {"rates": {"USD": 7}, "rates_by_year": {"2021": {"USD": 6.5}}},
        ]
    )
    more: tuple[Table, ...] = (
        {"decimal": ","},
        {"scales": {"mil": 1000}},
        {"unknown": ["undisclosed", "-"]},
        {"vague": {"数百万美元": 3000000}},
        {"about": [">", "近"]},
        {"range": chance.choice(["low", "middle", "high"])},
    )
    for _ in range(chance.randrange(3)):
        found = found | chance.choice(more)
    return found


def model(chance: Random, currency: str | None = None) -> Table:
    """Additions to the model, most of them sound."""
    kind = chance.choice(["float", "integer", "string", "date", "boolean"])
    grant: Table = {"type": kind, "en": "what was given"}
    grant |= {"minimum": 0, "unit": "pieces"} if kind in ("float", "integer") and maybe(chance) else {}
    project: Table = {"table": "projects", "zh": "项目", "properties": {"grant": grant}}
    project |= {"organisation": True} if maybe(chance, 4) else {}
    found: Table = {
        "labels": {"Project": project, "Company": {"properties": {"mark": {"type": "string", "values": ["a", "b"]}}}},
        "links": {"GRANTED_TO": {"table": "granted_to", "from": ["Project"], "to": ["Company", "University"]}},
    }
    return found | ({"currency": (currency or "usd").upper()} if maybe(chance) else {})


def each_of(chance: Random, kind: str) -> Table:
    """The cells of a row that are split, of several parties."""
    if kind in NESTED:
        return {"columns": chance.choice([["parties[].id", "parties[].name"], ["tags[]"], ["parties[].id", "tags[]"]])}
    found: Table = {"columns": chance.choice([["party_ids", "party_names"], "tags"])}
    found |= {"by": chance.choice([";", [";", ","]])} if maybe(chance, 2) else {}
    return found | ({"keep_with": ["Inc.", "Ltd."]} if maybe(chance, 2) else {})


def file_words(chance: Random, kind: str) -> Table:
    """More of what may be said of a file."""
    columns = columns_of(kind)
    found: Table = {}
    if kind in NESTED and maybe(chance):
        found["rows"] = chance.choice(["parties[]", "tags[]", "geo.lat[]", "parties[].tags[]"])
    if maybe(chance, 4):
        found["missing"] = ["NULL", "n/a", "-"]
    if maybe(chance, 5):
        found["fill_down"] = {"key": "id", "columns": [chance.choice(columns)]}
    if maybe(chance, 3):
        found["add"] = {"made": cell(chance, columns, key=True), "later": cell(chance, [*columns, "made"])}
    return found


def party(chance: Random, kind: str, columns: list[str]) -> Table:
    """The parties of a row, who are investors."""
    each = each_of(chance, kind)
    split = each["columns"] if isinstance(each["columns"], list) else [each["columns"]]
    found: Table = {"label": "Investor", "each": each, "name": split[-1]}
    found["id"] = {"column": split[0], "as": "hash", "prefix": "i-"}
    found |= {"keep": condition(chance, [*split, *columns])} if maybe(chance, 4) else {}
    found |= {"unnamed": {"id": "deal", "name": "deal"}} if maybe(chance, 4) else {}
    return found | ({"same_as": "company"} if maybe(chance, 5) else {})


def links(chance: Random, columns: list[str], made: Table, currency: str | None) -> Table:
    """Links among the nodes of a mapping."""
    found: Table = {}
    if "party" in made:
        found["money"] = _investments(chance, columns, currency)
        event = {"event": "deal"} if maybe(chance, 2) else {}
        pairs = chance.choice([True, "event"]) if event else True
        if maybe(chance, 2):
            found["pairs"] = {"type": "COLLABORATES_WITH", "from": "party", "to": "party", "pairs": pairs} | event
    if "project" in made:
        found["granted"] = {"type": "GRANTED_TO", "from": "project", "to": chance.choice(["company", ["company"]])}
    if maybe(chance, 3):
        end: Table = {"node": "company", "column": chance.choice(columns), "by": chance.choice(["id", "name"])}
        found["enables"] = {"type": "ENABLES", "from": "company", "to": end, "keep": [condition(chance, columns)]}
    return found


def _investments(chance: Random, columns: list[str], currency: str | None) -> Table:
    """Investments, of whose amounts each has its own, or all of an event have one together, or both."""
    found: Table = {"type": "INVESTED_IN", "from": "party", "to": "company"}
    found["properties"] = {"round_id": "deal", "date": cell(chance, columns, "date")}
    if currency is not None and maybe(chance, 2):
        found["properties"][f"round_amount_{currency}_m"] = cell(chance, columns, "amount")
        found["share"] = {f"amount_{currency}_m": f"round_amount_{currency}_m"}
    found |= {"event": chance.choice(["deal", "id"])} if maybe(chance, 2) else {}
    found |= {"named": "disclosed"} if maybe(chance, 4) else {}
    if currency is not None and maybe(chance, 4):
        found["properties"][f"amount_{currency}_m"] = cell(chance, columns, "amount")
    return found


def company(chance: Random, columns: list[str], pays: str) -> Table:
    """The companies of rows."""
    found: Table = {"label": "Company", "id": chance.choice(["id", "id", cell(chance, columns, key=True)])}
    found["name"] = cell(chance, columns, key=True)
    found["properties"] = {
        "patents": cell(chance, columns, "integer"),
        "founded_year": cell(chance, columns, "year"),
        pays: cell(chance, columns, "amount" if pays != "size" else "number"),
        "note": cell(chance, columns),
    }
    if pays != "size" and maybe(chance, 3):
        found["properties"]["rough"] = {"column": "amount", "as": "vague"}
    found |= {"region": [place(chance, columns) for _ in range(chance.choice([1, 2]))]} if maybe(chance, 2) else {}
    found |= {"keep": [condition(chance, columns)]} if maybe(chance, 4) else {}
    found |= {"collect": ["note"]} if maybe(chance, 4) else {}
    return found | ({"in_sample": cell(chance, columns, "boolean", key=True)} if maybe(chance, 4) else {})


def draw_mapping(chance: Random, kind: str, file: Table, other: Table | None = None) -> Table:
    """A mapping for an export of this format, of which a file says so much already."""
    columns = columns_of(kind)
    if "rows" in file:
        columns = [column for column in columns if column not in ("tags", "parties")]
    files: Table = {"list": file | file_words(chance, kind)}
    if other is not None:
        files["other"] = other
        if maybe(chance, 2):
            files["list"]["join"] = {"also": {"file": "other", "on": {"id": "id"}, "first": maybe(chance, 2)}}
            columns = [*columns, "also.name"]
    found: Table = {"title": "drawn", "files": files}
    currency = None
    if maybe(chance, 2):
        found["money"] = money(chance)
        currency = found["money"].get("into", "CNY").lower()
    nodes: Table = {"company": company(chance, columns, "size" if currency is None else f"revenue_{currency}_m")}
    if maybe(chance, 2):
        nodes["party"] = party(chance, kind, columns)
    if maybe(chance, 3):
        found["model"] = model(chance, currency)
        kind_of_grant = found["model"]["labels"]["Project"]["properties"]["grant"]["type"]
        fitting = {"string": "text", "float": "number"}.get(kind_of_grant, kind_of_grant)
        nodes["project"] = {"label": "Project", "id": "deal", "properties": {"grant": cell(chance, columns, fitting)}}
    if len(files) > 1:
        nodes = {key: {"file": "list"} | node for key, node in nodes.items()}
    found["nodes"] = nodes
    made = links(chance, columns, nodes, currency)
    found["links"] = {key: ({"file": "list"} if len(files) > 1 else {}) | link for key, link in made.items()}
    return deepcopy(found)  # faults are put into it, and what it was drawn from is drawn from again


def tables_in(entry: Any) -> Iterator[Table]:
    """Every table in a mapping."""
    if isinstance(entry, dict):
        yield entry
        for one in entry.values():
            yield from tables_in(one)
    elif isinstance(entry, list):
        for one in entry:
            yield from tables_in(one)


def spoil(chance: Random, mapping: Table) -> None:
    """Put faults into a mapping: another type, a misspelt or unknown key, an empty table, something left out."""
    for _ in range(chance.choice([1, 1, 2, 3])):
        table = chance.choice([one for one in tables_in(mapping) if one] or [mapping])
        if not table:
            return
        key = chance.choice(list(table))
        match chance.randrange(7):
            case 0:
                table[key] = value(chance)
            case 1:
                at = chance.randrange(len(key) + 1)
                table[key[:at] + chance.choice("xy_é. ") + key[at + 1 :]] = table.pop(key)
            case 2:
                table[chance.choice(["", "unknown", "id", "file", "columns", "企业", "a.b", "\n"])] = value(chance)
            case 3:
                table[key] = chance.choice([{}, [], "", [[]], [{}], [""]])
            case 4:
                del table[key]
            case 5:
                table[key] = [table[key]]
            case _:
                table[key] = {key: table[key]}
