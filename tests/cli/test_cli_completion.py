"""What a shell offers when a user presses the tab key."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ecosystem.cli.completion import complete_index, complete_metric
from ecosystem.cli.main import app
from ecosystem.cli.settings import Settings, using


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("score cin", "cingai-2023"),
        ("coherence as", None),
        ("score cingai-2023 --level pr", "province"),
        ("metrics show enablement", "enablement_links"),
        ("export gexf out.gexf --link ENA", "ENABLES"),
        ("score cingai-2023 --format js", "json"),
        ("explain region cingai-2023 四川", "四川省"),
        ("explain region cingai-2023 Heilong", "Heilongjiang"),
        ("regions resolve Inner", "Inner\\ Mongolia"),
        ("knockout each cingai-2023 Univ", "University"),
        ("score cingai-2023 --normalise minm", "minmax"),
        ("score cingai-2023 --aggregate cope", "copeland"),
        ("score cingai-2023 --treat boxc", "boxcox"),
        ("metrics run --level 省", "省级"),
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
    assert capsys.readouterr().out.strip() == (offered or "")


def test_the_folders_of_the_settings_are_completed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own" / "mine").mkdir(parents=True)
    (tmp_path / "own" / "mine" / "index.toml").touch()
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "my_links.cypher").touch()
    monkeypatch.chdir(tmp_path)
    found = Settings(tmp_path / "ecosystem.toml", {"indices": "own", "metrics": "metrics"})
    with using(found):
        assert complete_index("mi") == ["mine"]
        assert complete_metric("my_") == ["my_links"]
