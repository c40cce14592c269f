"""The catalogue of translations: texts without one, translations without a text, values that differ."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tools.catalogue import FOLDER, faults, mo_bytes, po_text, read, stale, template, too_early, updated


def catalogue(**messages: str) -> Catalog:
    made = Catalog(locale="zh", fuzzy=False)
    for text, translation in messages.items():
        made.add(text, translation, locations=[("ecosystem/a.py", 0)])
    return made


def test_a_text_without_a_translation_is_named_with_its_file() -> None:
    made = catalogue(known="已知", unknown="")
    made.add(("{count} row", "{count} rows"), ("",), locations=[("ecosystem/b.py", 0)])
    assert faults(made) == ["no Chinese: ecosystem/a.py: 'unknown'", "no Chinese: ecosystem/b.py: '{count} row'"]


def test_a_translation_has_the_values_of_its_text() -> None:
    made = Catalog(locale="zh", fuzzy=False)
    made.add("{path} has {count:,} rows", "{path} 有 {count:,} 行")
    made.add("{path} cannot be read: {reason}", "无法读取 {file}：{reason}")
    made.add(("{count} row of {file}", "{count} rows of {file}"), ("{file} 的 {count} 行",))
    made.add("write {{}} or {name!r}", "写 {name!r}")
    assert [fault.split(":")[0] for fault in faults(made)] == ["other values (file, path)"]


def test_a_translation_whose_text_is_gone_is_named() -> None:
    assert stale(catalogue(gone="没了", there="在"), catalogue(there="")) == ["the code no longer has: 'gone'"]


def test_new_texts_join_and_known_ones_keep_their_translation() -> None:
    new = updated(read(FOLDER / "ecosystem.po"))
    assert {(str(message.id), message.context) for message in new} == {
        (str(message.id), message.context) for message in template()
    }
    heading = new.get("rank", "heading rank")
    assert heading is not None
    assert heading.string == "排名"


def test_a_tr_that_runs_at_import_is_named(tmp_path: Path) -> None:
    (tmp_path / "room.py").write_text(
        "A = tr('early')\nB = tr_later('late')\ndef f(x=tr('default')):\n    return tr('in time')\n"
        "C = lambda: tr('too')\n",
        encoding="utf-8",
    )
    where = f"{tmp_path.name}/room.py"
    assert too_early(tmp_path) == [
        f"{where}:1: tr at import: mark it with tr_later",
        f"{where}:3: tr at import: mark it with tr_later",
    ]


@pytest.mark.long
def test_the_files_are_the_same_for_the_same_texts() -> None:
    made = template()
    assert po_text(made) == po_text(template())
    assert mo_bytes(read_po(io.BytesIO(po_text(made)), locale="zh")) == mo_bytes(
        read_po(io.BytesIO(po_text(template())), locale="zh")
    )


ALL_CHINESE = (
    "cypher/metrics/",
    "ecosystem/cli/console.py",
    "ecosystem/cli/export_command.py",
    "ecosystem/cli/load_command.py",
    "ecosystem/cli/main.py",
    "ecosystem/cli/metrics_command.py",
    "ecosystem/cli/query_command.py",
    "ecosystem/cli/verify_command.py",
    "ecosystem/errors.py",
    "ecosystem/headings.py",
    "ecosystem/indicator_source.py",
    "ecosystem/messages.py",
    "ecosystem/metrics/",
    "ecosystem/query/",
    "ecosystem/receipt.py",
    "ecosystem/store/",
)
"""Files and rooms of which every text has its Chinese."""


def test_no_text_of_these_rooms_is_without_chinese() -> None:
    found = faults(updated(read(FOLDER / "ecosystem.po")))
    assert [fault for fault in found if any(room in fault for room in ALL_CHINESE)] == []
