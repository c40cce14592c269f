"""What a shell offers when a user presses the tab key."""

from __future__ import annotations

import sys

import pytest

from ecosystem.cli.main import app


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("score cin", "cingai-2023"),
        ("coherence as", None),
        ("score cingai-2023 --level pr", "province"),
        ("metrics show enablement", "enablement_links"),
        ("export gexf out.gexf --link ENA", "ENABLES"),
        ("score cingai-2023 --format js", "json"),
    ],
)
def test_ids_levels_labels_and_choices_are_completed(
    typed: str, offered: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["ecosystem"])
    monkeypatch.setenv("COMP_WORDS", f"ecosystem {typed}")
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split())))
    monkeypatch.setenv("_ECOSYSTEM_COMPLETE", "complete_bash")
    with pytest.raises(SystemExit):
        app(prog_name="ecosystem")
    assert capsys.readouterr().out.split() == ([offered] if offered else [])
