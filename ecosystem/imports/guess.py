"""A first guess of a mapping from the file of an export: to be looked at, corrected, and then used."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ecosystem.errors import DatasetError, mended
from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.dates import partial_date
from ecosystem.messages import tr
from ecosystem.tables.encoding import foreign_encoding, readings
from ecosystem.tables.packed import kind_of
from ecosystem.tables.text_records import beginning, said_delimiter

_PROBED = 1 << 20
_ROWS = 500
_DELIMITERS = ",;\t|"
_LIKELY = 0.8

# words in headers, in the order in which they are tried; the first that fits a column wins
_ROLES: Mapping[str, str] = {
    "investor": r"投资方|投资人|投资机构|investor|acquirer",
    "legal": r"全称|工商名|法定名|legal|fullname|full.name|registered.name",
    "id": r"(^|[^a-z])id$|^id|代码|编号|permalink|code$|identifier",
    "province": r"省|province|state",
    "city": r"城市|^市|city|town",
    "country": r"国家|国别|country",
    "place": r"地点|地区|所在地|注册地|地址|location|region|address|place",
    "date": r"日期|时间|date|founded|成立|_at$",
    "amount": r"金额|融资额|amount|price|raised",
    "round": r"轮次|round|series|阶段",
    "name": r"名称|名字|企业|公司|学校|机构|name|title|标题|company|organi[sz]ation",
}
_LABELS: Sequence[tuple[str, str]] = (
    ("University", r"大学|高校|学校|universit|college"),
    ("Institute", r"研究所|研究院|科研|institute|laborator"),
    ("Policy", r"政策|发文|policy|regulation"),
    ("Conference", r"会议|conference"),
    ("Park", r"园区|park"),
    ("Alliance", r"联盟|alliance"),
)


@dataclass(frozen=True, slots=True)
class _Sample:
    """The beginning of a file as cells, and the encodings that it can be in, with the words that tell them apart."""

    encodings: Sequence[tuple[str, str]]
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def encoding(self) -> str:
        """The likeliest."""
        return self.encodings[0][0]

    def column(self, name: str) -> list[str]:
        """The cells of a column that are not blank."""
        place = self.header.index(name)
        return [row[place].strip() for row in self.rows if place < len(row) and row[place].strip()]


def guess_mapping(path: Path) -> str:
    """The text of a mapping for the file: encoding, delimiter, one node table, a link table where it has investors.

    What a column is is told by its name and its cells. DatasetError where the file is missing, empty, or no table.
    """
    sample = _sample(path)
    roles = _roles(sample)
    label = _label(path, sample.header)
    key = label.lower()
    lines = [
        f"# A first guess from {_comment(path.name)}: look at every line. docs/sources.md has every key.",
        f"title = {_text(path.name.split('.')[0])}",
        *_encoding_lines(sample),
        _file_line(path, sample),
    ]
    if "investor" in roles:
        lines.append(
            'links.investment = { type = "INVESTED_IN", from = "investor", to = "company"' + _event(roles) + " }"
        )
    if "amount" in roles:
        lines.append('money = { currencies = { "人民币" = 1, "元" = 1 }, default = "人民币" }')
    lines += ["", *_node_lines(key, label, roles, sample)]
    if "investor" in roles:
        lines += ["", *_investor_lines(roles["investor"])]
    rest = [name for name in sample.header if name and name not in roles.values()]
    lines += ["", f"# columns that are not used: {', '.join(map(_comment, rest))}"] if rest else []
    return "\n".join(lines) + "\n"


def _sample(path: Path) -> _Sample:
    data = beginning(path, _PROBED + 1)
    whole = len(data) <= _PROBED
    if not whole and b"\n" not in data:
        raise DatasetError(
            tr("{path} has no line end in its first {probed:,} bytes", path=path, probed=_PROBED),
            hint=tr("is it a table?"),
        )
    encodings, text = _decoded(data if whole else data[: data.rfind(b"\n") + 1], path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    said = said_delimiter(first)
    if said:
        text = text[text.index(first) + len(first) :]
    delimiter = said or max(_DELIMITERS, key=first.count)
    try:
        records = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error as err:
        raise DatasetError(
            tr("{path} is not delimited text: {err}", path=path, err=err), hint=tr("export it as CSV")
        ) from err
    if not records:
        raise DatasetError(tr("{path} is empty", path=path), hint=tr("export it again"))
    header = tuple(name.strip() for name in records[0])
    return _Sample(encodings, delimiter, header, tuple(records[1 : _ROWS + 1]))


def _decoded(data: bytes, path: Path) -> tuple[Sequence[tuple[str, str]], str]:
    if kind := kind_of(data):
        raise DatasetError(
            tr("{path} is {kind}, not text", path=path, kind=tr(kind.name)), hint=tr("save the table as CSV UTF-8")
        )
    if wide := foreign_encoding(data):
        return [(wide.lower(), "")], data.decode(wide, errors="ignore")
    encodings = readings(data)
    if not encodings:
        raise DatasetError(
            tr("{path} is in no encoding that is known here", path=path), hint=tr("save it as CSV UTF-8")
        )
    return encodings, data.decode(encodings[0][0]).removeprefix("\ufeff")


def _roles(sample: _Sample) -> dict[str, str]:
    """Role -> column, the first that fits by name; a date has to read as one, an id to differ from row to row."""
    roles: dict[str, str] = {}
    for role, words in _ROLES.items():
        for name in sample.header:
            if (
                name
                and name not in roles.values()
                and re.search(words, name, re.IGNORECASE)
                and _fits(role, name, sample)
            ):
                roles[role] = name
                break
    return roles


def _fits(role: str, name: str, sample: _Sample) -> bool:
    cells = sample.column(name)
    if role == "date":
        return bool(cells) and sum(_is_date(cell) for cell in cells) >= _LIKELY * len(cells)
    if role == "id":
        return len(set(cells)) >= _LIKELY * max(len(sample.rows), 1)
    return True


def _is_date(cell: str) -> bool:
    try:
        partial_date(cell)
    except UnreadableError:
        return False
    return True


def _label(path: Path, header: Iterable[str]) -> str:
    words = " ".join([path.name, *header])
    return next((label for label, pattern in _LABELS if re.search(pattern, words, re.IGNORECASE)), "Company")


def _encoding_lines(sample: _Sample) -> list[str]:
    """What the first words that are not ASCII say in each encoding that fits: nobody but a reader can tell."""
    (best, words), *others = sample.encodings
    if not words:
        return []
    lines = [f"# encoding: {best} reads {_comment(words)}. Where that is wrong, take the one that is right:"]
    return [*lines, *(f"#   {name} reads {_comment(other)}" for name, other in others if other != words)]


def _file_line(path: Path, sample: _Sample) -> str:
    keys = [f"path = {_text(path.name)}"]
    if sample.encoding != "utf-8":
        keys.append(f"encoding = {_text(sample.encoding)}")
    if sample.delimiter != ",":
        keys.append(f"delimiter = {_text(sample.delimiter)}")
    return f"files.list = {{ {', '.join(keys)} }}"


def _node_lines(key: str, label: str, roles: Mapping[str, str], sample: _Sample) -> list[str]:
    names = [roles[role] for role in ("name", "legal") if role in roles]
    name = names[0] if names else sample.header[0]
    lines = [f"[nodes.{key}]", f"label = {_text(label)}"]
    if "id" in roles:
        lines.append(f"id = {{ column = {_text(roles['id'])}, prefix = {_text(f'{key}-')} }}")
    else:
        lines.append(f'id = {{ column = {_text(name)}, as = "hash", prefix = {_text(f"{key}-")} }}')
    lines.append(f"name = {_text(name)}")
    parts = [role for role in ("country", "province", "city", "place") if role in roles]
    level = f', level = "{parts[0]}"' if parts and parts[0] in ("country", "province") else ""
    region = [f"{{ columns = [{', '.join(_text(roles[part]) for part in parts)}]{level} }}"] if parts else []
    if "legal" in roles:
        region.append(f"{{ prefix_of = {_text(roles['legal'])} }}")
    lines += [f"region = [{', '.join(region)}]"] if region else []
    lines += [f"properties.legal_name = {_text(roles['legal'])}"] if "legal" in roles else []
    if "date" in roles and "investor" not in roles:
        year = "founded_year" if label in {"Company", "University", "Institute"} else "year"
        lines.append(f'properties.{year} = {{ column = {_text(roles["date"])}, as = "year" }}')
    return lines


def _event(roles: Mapping[str, str]) -> str:
    """What a link says of its round."""
    known = {"date": ("year", ', as = "year"'), "round": ("round", ""), "amount": ("amount_cny_m", ', as = "amount"')}
    told = [
        f"{name} = {{ column = {_text(roles[role])}{more} }}" for role, (name, more) in known.items() if role in roles
    ]
    return f", properties = {{ {', '.join(told)} }}" if told else ""


def _investor_lines(column: str) -> list[str]:
    return [
        "[nodes.investor]",
        'label = "Investor"',
        f"each = {{ columns = {_text(column)} }}",
        f'id = {{ column = {_text(column)}, as = "hash", prefix = "investor-" }}',
        f"name = {_text(column)}",
        "in_sample = false",
    ]


def _text(text: str) -> str:
    """The text as TOML writes it."""
    import tomlkit

    return tomlkit.string(mended(text)).as_string()


def _comment(text: str) -> str:
    """The text as it may stand in a comment, which a line end would close: it may not become a line of the mapping."""
    return text if text.isprintable() else _text(text)
