"""What the rooms of tables and datasets say has its Chinese, and what they print with `--lang zh` is Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ecosystem.cli.dataset_command import app
from ecosystem.messages import speak, spoken
from tools.catalogue import FOLDER, faults, read

ROOMS = ("imports", "dataset", "tables", "regions", "synthetic", "model")
_WORDS = re.compile(r"[A-Za-z][a-z]+ [a-z]+ [a-z]+")


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_of_a_room_has_its_chinese(room: str) -> None:
    assert [fault for fault in faults(read(FOLDER / "ecosystem.po")) if f"ecosystem/{room}" in fault] == []


@pytest.fixture
def chinese() -> Iterator[None]:
    before = spoken()
    speak("zh")
    yield
    speak(before)


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("command", ["check", "describe"])
def test_nothing_that_a_chinese_analyst_sees_of_a_faulty_dataset_is_english(tmp_path: Path, command: str) -> None:
    (tmp_path / "企业.csv").write_text(
        "编号,名称,层次,估值（亿元）,patents\nc1,甲,应用,1,三百\nc2,乙,,2,-1\n", encoding="utf-8"
    )
    (tmp_path / "所在地区.csv").write_text("起点,终点\nc1,北京\nc2,XK\nc9,上海\n", encoding="utf-8")
    (tmp_path / "invested_in.csv").write_text("from;to\nc1;c2\n", encoding="utf-8")
    (tmp_path / "政策.csv").write_text("编号,日期\np1,2023年5月\np2,\np2,2023-05-01\n", encoding="utf-8")
    done = CliRunner().invoke(app, [command, str(tmp_path), "--lang", "zh"])
    said = (done.stdout + done.stderr).replace(str(tmp_path), "").replace("ecosystem regions list", "")
    assert _WORDS.findall(said.replace("ecosystem dataset check", "").replace("ecosystem dataset template", "")) == []
