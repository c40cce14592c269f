"""Exports of every format drawn by chance: records with odd values in files that may be damaged, or are bombs."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import xlsxwriter
import yaml
from pyarrow import parquet

Table = dict[str, Any]
"""What a mapping says of a file."""
Written = tuple[bytes, str, Table]
"""The content of a file, its suffix, and how it is read."""

NESTED = ("json", "jsonl", "yaml", "parquet")
WORDS = ["", " ", "c1", "c2", "c3", "甲公司", "Beta Inc.", "Alpha, Inc.", "A;B", "a|b", "AT&amp;T", "NULL", "n/a", "-"]
DAYS = ["2021-05-06", "05.06.2021", "13/05/2021", "May 2021", "FY2021", "44300", "1620000000", "31.02.2020", "2021"]
AMOUNTS = [
    "$1.5M",
    "1,200,000",
    "Rs 20 Cr",
    "EUR 3 bn",
    "1.234,56",
    "-5",
    "(5)",
    "1-5M",
    "数百万美元",
    "500万人民币",
    "undisclosed",
]
PLACES = ["北京", "Beijing", "US", "CA", "Wuhan, China", "中国-湖北-武汉", "Atlantis", "Paris", "110000", "Bavaria"]
NUMBERS = ["1", "-1", "2.50", "1e999", "1e-999", "nan", "２", "0x10", "12%", "5 km", "9" * 30, "0"]
ODD = [
    "\0",
    "\ufeff",
    "\u200b",
    "\u2028",
    "\x1a",
    "\U0001f600",
    "x" * 600,
    "=1+1",
    '"',
    "'",
    "\n",
    "\r\n",
    "\ufdd0",
    "\x1f",
]
HEADS = ("id", "name", "deal", "day", "amount", "n", "flag", "place", "country")


def text(chance: Random) -> str:
    """A text of some kind."""
    kinds = (WORDS, WORDS, DAYS, AMOUNTS, PLACES, NUMBERS, ODD)
    return "".join(chance.choice(chance.choice(kinds)) for _ in range(chance.choice((1, 1, 1, 2))))


def value(chance: Random, depth: int = 0) -> Any:
    """A value of JSON of any type."""
    draw = chance.randrange(10 if depth < 3 else 7)
    plain = (None, True, chance.randint(-5, 5), 1.5, 2**70, float("nan"), text(chance))
    if draw < len(plain):
        return plain[draw]
    inner = [value(chance, depth + 1) for _ in range(chance.randrange(3))]
    return inner if draw < 9 else dict(zip(("id", "name", "x.y"), inner, strict=False))


def record(chance: Random, number: int) -> Table:
    """A record as a service would write it, in one of six with something in it that is of another type."""
    parties = [
        {"id": f"i{chance.randrange(4)}", "name": chance.choice(WORDS), "n": chance.randrange(9)}
        for _ in range(chance.randrange(4))
    ]
    made: Table = {
        "id": f"c{number}",
        "name": chance.choice(WORDS),
        "deal": f"d{number // 2}",
        "day": chance.choice(DAYS),
        "amount": chance.choice(AMOUNTS),
        "n": chance.choice([1, 2.5, "3", None]),
        "flag": chance.choice([True, False, "yes", None]),
        "place": chance.choice(PLACES),
        "country": chance.choice(["CN", "US", "DE", ""]),
        "tags": [chance.choice(WORDS) for _ in range(chance.randrange(3))],
        "parties": parties,
        "geo": {"lat": "39.9", "lon": chance.choice(["116.4", "x", ""])},
    }
    if chance.randrange(6) == 0:
        made[chance.choice(list(made))] = value(chance)
    if chance.randrange(9) == 0:
        del made[chance.choice(list(made))]
    return made


def records(chance: Random) -> list[Any]:
    """Some records; now and then one is none."""
    found: list[Any] = [record(chance, number) for number in range(chance.randrange(1, 7))]
    if chance.randrange(12) == 0:
        found.insert(chance.randrange(len(found) + 1), value(chance))
    return found


def flat(one: Any) -> list[str]:
    """The cells of a record in a table: lists are joined."""
    if not isinstance(one, dict):
        return [str(one)]
    parties = (
        [party for party in one.get("parties") or () if isinstance(party, dict)]
        if isinstance(one.get("parties"), list)
        else []
    )
    cells = [one.get(head) for head in HEADS]
    tags = one.get("tags")
    cells += [";".join(map(str, tags)) if isinstance(tags, list) else tags]
    cells += [";".join(str(party.get(key)) for party in parties) for key in ("id", "name")]
    return ["" if cell is None else str(cell) for cell in cells]


FLAT_HEADS = (*HEADS, "tags", "party_ids", "party_names")


def as_csv(chance: Random, found: list[Any]) -> Written:
    """Delimited text, with lines above, comments, a line for Excel, or without a header."""
    mark, end = chance.choice(",;\t|"), chance.choice(["\n", "\r\n", "\r"])
    said: Table = {"delimiter": mark} if mark != "," else {}
    lines = [mark.join(_quoted(cell, mark, chance) for cell in row) for row in [list(FLAT_HEADS), *map(flat, found)]]
    if chance.randrange(4) == 0:
        said["skip"] = chance.choice([1, 2, 2, 500])
        lines[:0] = ["Export of today", 'a "title", long'][: said["skip"] - chance.choice([0, 0, 0, 1])]
    if chance.randrange(4) == 0:
        said["comment"] = chance.choice(["#", "//", "c"])
        lines.insert(chance.randrange(len(lines) + 1), f"{said['comment']} a remark, with a {mark}")
    if chance.randrange(6) == 0:
        lines.insert(0, f"sep={chance.choice([mark, ',', '&'])}")
    if chance.randrange(8) == 0:
        said["header"] = chance.choice(
            [list(FLAT_HEADS), list(FLAT_HEADS), [["id", "name"], list(FLAT_HEADS)], ["id"], []]
        )
    encoding = chance.choice(["utf-8", "utf-8", "utf-8", "gbk", "utf-16", "utf-8-sig"])
    if encoding != "utf-8" and chance.randrange(9):
        said["encoding"] = encoding
    return end.join([*lines, ""]).encode(encoding, "replace"), chance.choice([".csv", ".txt", ".tsv"]), said


def _quoted(cell: str, mark: str, chance: Random) -> str:
    odd = not {mark, '"', "\n", "\r"}.isdisjoint(cell)
    return '"' + cell.replace('"', '""') + '"' if odd and chance.randrange(12) else cell


def as_workbook(chance: Random, found: list[Any]) -> Written:
    """A workbook of one sheet or two, the header below other lines or not."""
    target, skip = io.BytesIO(), chance.choice([0, 0, 0, 2])
    names = ["list", "other"][: chance.choice([1, 2])]
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        for name in names:
            sheet = book.add_worksheet(name)
            for line, cells in enumerate([list(FLAT_HEADS), *map(flat, found)], skip):
                for place, cell in enumerate(cells):
                    sheet.write_string(line, place, cell[:30_000])
    said: Table = {"skip": skip} if skip else {}
    return target.getvalue(), ".xlsx", said | ({"sheet": "list"} if len(names) > 1 or chance.randrange(4) == 0 else {})


def as_json(chance: Random, found: list[Any]) -> Written:
    """A document: a list, an object with a list in it, or one with two lists."""
    shape = chance.randrange(4)
    whole: Any = found if shape < 2 else {"meta": {"next": None}, "results": found}
    if shape == 3:
        whole = {"meta": {"results": found}, "other": [{"id": 1}]}
    said: Table = {} if shape < 3 else {"records": "meta.results"}
    content = json.dumps(whole, ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 1])).encode(
        "utf-8", "replace"
    )
    if chance.randrange(15) == 0:
        content = content.replace(b'"name"', b'"id"')  # a key twice
    return content, ".json", said


def as_lines(chance: Random, found: list[Any]) -> Written:
    """A record on each line."""
    lines = [json.dumps(one, ensure_ascii=False) for one in found]
    if chance.randrange(8) == 0:
        lines.insert(
            chance.randrange(len(lines) + 1),
            chance.choice(["", "{", "[1]", '{"a": 1, "a": 2}', "null", '{"id":' * 3000]),
        )
    return "\n".join([*lines, ""]).encode("utf-8", "replace"), chance.choice([".jsonl", ".ndjson"]), {}


def as_yaml(chance: Random, found: list[Any]) -> Written:
    """A YAML document; now and then a bomb of aliases."""
    if chance.randrange(12) == 0:
        lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
        lines += [f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]" for n in range(12)]
        return "\n".join(lines).encode(), ".yaml", {}
    plain = json.loads(json.dumps(found).replace("\\ud83d\\ude00", "x"))
    return yaml.safe_dump(plain, allow_unicode=chance.random() < 0.5).encode("utf-8", "replace"), ".yaml", {}


def as_parquet(chance: Random, found: list[Any]) -> Written:
    """A Parquet file, nested where its types allow it."""
    target = pa.BufferOutputStream()
    rows = [one for one in found if isinstance(one, dict)] or [{"id": "c1"}]
    try:
        table = pa.Table.from_pylist(rows)
        parquet.write_table(table, target, row_group_size=chance.choice([1, 3, 100]))
    except (pa.ArrowException, OverflowError, TypeError, ValueError):
        target = pa.BufferOutputStream()
        parquet.write_table(pa.table({"id": [str(one.get("id")) for one in rows]}), target)
    return target.getvalue().to_pybytes(), ".parquet", {}


def as_database(chance: Random, found: list[Any], folder: Path) -> Written:
    """A SQLite database of one table or two."""
    path = folder / ".drawn.db"
    path.unlink(missing_ok=True)
    names = ["list", "other"][: chance.choice([1, 2])]
    with sqlite3.connect(path) as database:
        for name in names:
            database.execute(f"CREATE TABLE {name} ({', '.join(FLAT_HEADS)})")
            marks = ", ".join("?" * len(FLAT_HEADS))
            for cells in map(flat, found):
                row: list[Any] = (cells + [""] * len(FLAT_HEADS))[: len(FLAT_HEADS)]
                if chance.randrange(9) == 0:
                    row[chance.randrange(len(row))] = chance.choice([None, b"\xff\0", 1.5, 2**60])
                database.execute(f"INSERT INTO {name} VALUES ({marks})", row)
    database.close()
    content = path.read_bytes()
    path.unlink()
    said = {"table": "list"} if len(names) > 1 or chance.randrange(4) == 0 else {}
    return content, chance.choice([".db", ".sqlite"]), said


_WRITERS: Mapping[str, Callable[[Random, list[Any]], Written]] = {
    "csv": as_csv,
    "xlsx": as_workbook,
    "json": as_json,
    "jsonl": as_lines,
    "yaml": as_yaml,
    "parquet": as_parquet,
}
FORMATS = (*_WRITERS, "sqlite")

_BOMBS: tuple[Callable[[], bytes], ...] = (
    lambda: b"[" * 100_000,
    lambda: b'[{"a":' * 60_000,
    lambda: b"- " * 60_000,
    lambda: b"{a: " * 60_000,
    lambda: b'"' + b"x" * 400_000,
    lambda: b"",
    lambda: b"\0" * 5_000,
    lambda: gzip.compress(b'{"id": "x"}\n' * 30_000),
    lambda: b"PK\x03\x04" + b"\0" * 60,
    lambda: b"SQLite format 3\0" + b"\1" * 200,
    lambda: b"PAR1" + b"\2" * 100 + b"PAR1",
)
_BYTES = [
    b'"',
    b"\n",
    b"\r",
    b",",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"\x1f\x8b",
    b"&a *a",
    b"\xed\xa0\x80",
]


def spoilt(chance: Random, content: bytes) -> bytes:
    """The content with some bytes put in, taken out or replaced, perhaps cut off; or another content altogether."""
    if chance.randrange(8) == 0:
        return chance.choice(_BOMBS)()
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(changed))
        changed[at : at + chance.randint(0, 3)] = chance.choice([*_BYTES, chance.randbytes(2)])
    return bytes(changed[: chance.choice([None, None, chance.randint(0, len(changed))])])


def archive(chance: Random, members: Mapping[str, bytes]) -> bytes:
    """A zip archive, whose list lies now and then."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    content = bytearray(target.getvalue())
    if chance.randrange(10) == 0:
        at = content.find(b"PK\x01\x02")
        content[at + chance.choice([8, 10, 20, 24])] ^= chance.choice([1, 255])
    return bytes(content)


def draw_export(chance: Random, folder: Path, stem: str = "list") -> tuple[str, Table]:
    """Write an export; its format, and what a mapping says of its file: one file, several by a pattern, or a member."""
    kind = chance.choice(FORMATS)
    count = chance.choice([1, 1, 1, 1, 2, 3])
    said: Table = {}
    names = []
    for number in range(count):
        found = records(chance)
        content, suffix, form = (
            as_database(chance, found, folder) if kind == "sqlite" else _WRITERS[kind](chance, found)
        )
        if number == 0:
            said = form
        if chance.randrange(6) == 0:
            content = spoilt(chance, content)
        if kind in ("csv", "json", "jsonl", "yaml") and chance.randrange(5) == 0:
            content, suffix = gzip.compress(content, mtime=0), f"{suffix}.gz"
            content = content if chance.randrange(6) else content[: chance.randint(0, len(content))]
        name = f"{stem}{number or ''}{suffix}"
        names.append(name)
        (folder / name).write_bytes(content)
    said |= {"path": _path_of(chance, names, stem)}
    if chance.randrange(5) == 0:
        said |= _packed(chance, folder, names, stem)
    if chance.randrange(10) == 0:
        said["format"] = kind if chance.randrange(4) else chance.choice(FORMATS)
    return kind, said


def _path_of(chance: Random, names: list[str], stem: str) -> Any:
    if len(names) == 1 and chance.randrange(4):
        return names[0]
    return chance.choice(
        [names, f"{stem}*", f"{stem}*.*", "**/*", f"{stem}[0-9]*" if len(names) > 1 else names, names[0]]
    )


def _packed(chance: Random, folder: Path, names: list[str], stem: str) -> Table:
    """The files put into one archive."""
    members = {name: (folder / name).read_bytes() for name in names}
    for name in names:
        (folder / name).unlink()
    if chance.randrange(8) == 0:
        members = {"inner.zip": archive(chance, members)}
    if chance.randrange(6) == 0:
        members |= {"../../out.csv": b"id\n1\n", "__MACOSX/._a": b"x", "a/": b""}
    (folder / f"{stem}.zip").write_bytes(archive(chance, members))
    return {"path": f"{stem}.zip"} | (
        {} if len(members) == 1 and chance.randrange(2) else {"member": chance.choice([names[0], f"{stem}*"])}
    )
