"""The modes of `ecosystem robustness`, and which of its options each of them takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import typer

from ecosystem.errors import UsageError
from ecosystem.messages import listed, together, tr, tr_later

RULES = tr_later("draws of rules and weights")
"""The mode without a flag."""
SENSITIVITY, SPACE, SAMPLE, MISSING, LEAVE_OUT = (
    "--sensitivity", "--weights-space", "--sample", "--missing", "--leave-out",
)  # fmt: skip
MODES = (RULES, SENSITIVITY, SPACE, SAMPLE, MISSING, LEAVE_OUT)
TAKES: Mapping[str, tuple[str, ...]] = {
    "--vary": (RULES, SENSITIVITY),
    "--draws": (RULES, SENSITIVITY, SPACE, SAMPLE),
    "--seed": (RULES, SENSITIVITY, SPACE, SAMPLE),
    "--show": (RULES, SAMPLE),
    "--of": (SENSITIVITY,),
    "--weights-level": (SPACE,),
    "--bound": (SPACE,),
    "--order": (SPACE,),
    "--over": (SAMPLE,),
    "--census": (SAMPLE,),
    "--coverage": (SAMPLE,),
}
"""By option the modes that take it; any other option is for all of them."""


def chosen_mode(asked: Mapping[str, bool], given: Collection[str]) -> str:
    """The mode that is asked for. UsageError for two, and for options that it does not take."""
    modes = [mode for mode, wanted in asked.items() if wanted]
    if len(modes) > 1:
        message = tr("{options} are studies of their own", options=together(modes))
        raise UsageError(message, hint=tr("ask for one of them at a time"))
    mode = modes[0] if modes else RULES
    unused = [option for option, takers in TAKES.items() if option in given and mode not in takers]
    if unused:
        message = tr("{options}: of no use with {mode}", options=listed(unused), mode=tr(mode))
        raise UsageError(message, hint=_advice(unused, mode))
    return mode


def _advice(options: Sequence[str], mode: str) -> str:
    """What to do about options that a mode does not take: the same for those that go with the same modes."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for option in options:
        alike.setdefault(TAKES[option], []).append(option)
    if mode == RULES:
        return tr("add {modes}", modes=together([takers[0] for takers in alike]))
    said = [
        tr("{options}: for {modes}", options=listed(names), modes=listed(map(tr, takers)))
        for takers, names in alike.items()
    ]
    return listed([tr("leave them out") if len(options) > 1 else tr("leave it out"), *said], "; ")


def given_options(ctx: typer.Context) -> set[str]:
    """The options that stand on the command line of a command, by their first names; bare terms count as `--vary`."""
    found = set()
    for param in ctx.command.params:
        source = ctx.get_parameter_source(param.name or "")
        if source is not None and source.name == "COMMANDLINE":
            found.add("--vary" if param.name == "more" else param.opts[0])
    return found
