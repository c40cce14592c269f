"""Which options go with which mode of `ecosystem robustness`: all of both, as the table has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import run_in

from ecosystem.cli.robustness_modes import LEAVE_OUT, MODES, RULES, SENSITIVITY, TAKES, chosen_mode
from ecosystem.errors import UsageError

FLAGS = [mode for mode in MODES if mode != RULES]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("option", TAKES)
def test_a_mode_takes_what_the_table_says(mode: str, option: str) -> None:
    asked = {flag: flag == mode for flag in FLAGS}
    if mode in TAKES[option]:
        assert chosen_mode(asked, {option, "--top", "--out"}) == mode
        return
    with pytest.raises(UsageError, match=f"{option}: of no use with {mode}") as refused:
        chosen_mode(asked, {option, "--top"})
    assert refused.value.hint


def test_every_unused_option_is_named_at_once() -> None:
    with pytest.raises(UsageError, match="--draws, --seed, --bound: of no use with --leave-out") as refused:
        chosen_mode({LEAVE_OUT: True}, {"--seed", "--draws", "--bound"})
    assert refused.value.hint is not None
    assert "--bound: for --weights-space" in refused.value.hint
    with pytest.raises(UsageError, match="studies of their own"):
        chosen_mode({LEAVE_OUT: True, SENSITIVITY: True}, ())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--leave-out", "pillar", "--draws", "5", "--seed", "1"), "--draws, --seed: of no use with --leave-out"),
        (("normalise:minmax,zscore", "--missing"), "--vary: of no use with --missing"),
        (("--weights-level", "pillar"), "add --weights-space"),
        (("--sensitivity", "--show", "pairs"), "--show: of no use with --sensitivity"),
    ],
)
def test_what_stands_on_the_command_line_counts(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """Even where it says what is the case anyway: `--seed 1`."""
    done = run_in(tmp_path, "robustness", "cingai-2023", *words, "--lang", "en")
    assert done.returncode == 2
    assert said in done.stderr
