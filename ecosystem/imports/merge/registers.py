"""Codes of public registers, by which organisations of several sources are one: ROR, LEI, Wikidata."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from ecosystem.errors import Finding
from ecosystem.messages import tr_count
from ecosystem.model import Model, kind_word

REGISTERS = ("ror", "lei", "wikidata")
"""Properties that hold the code of an organisation in a register; where two disagree the earlier one is believed."""

Codes = Mapping[str, str]
"""Register -> code, of those in which an organisation stands."""


class Registered(Protocol):
    """An organisation as the registers know it."""

    @property
    def codes(self) -> Codes:
        """Its codes."""

    @property
    def kind(self) -> str:
        """What it is; a code that two kinds have makes them no single node."""


def plain_code(text: str) -> str:
    """The code itself, of a text that may be an address: https://ror.org/03YRM5C26 is 03yrm5c26."""
    return text.strip().rstrip("/").rsplit("/", 1)[-1].casefold()


def same_codes(organisations: Sequence[Registered]) -> Iterator[tuple[str, int, int]]:
    """Register and places of every two organisations of one kind that have the same code, the first of them first."""
    for register in REGISTERS:
        firsts: dict[tuple[str, str], int] = {}
        for place, one in enumerate(organisations):
            if code := one.codes.get(register):
                first = firsts.setdefault((one.kind, code), place)
                if first != place:
                    yield register, first, place


def disagree(one: Codes, other: Codes, registers: Sequence[str] = REGISTERS) -> bool:
    """Whether a register has two codes for them, so that they are two organisations."""
    return any(one[register] != other[register] for register in registers if register in one and register in other)


def believed_before(register: str) -> tuple[str, ...]:
    """The registers whose codes are believed rather than those of `register`."""
    return REGISTERS[: REGISTERS.index(register)]


def kinds_differ(organisations: Sequence[Registered], model: Model | None = None) -> list[Finding]:
    """A warning for each register in which one code is that of nodes of several kinds: how many, and the first."""
    findings = []
    for register in REGISTERS:
        kinds: dict[str, dict[str, None]] = {}
        for one in organisations:
            if code := one.codes.get(register):
                kinds.setdefault(code, {})[one.kind] = None
        several = [code for code, found in kinds.items() if len(found) > 1]
        if several:
            words = ", ".join(kind_word("Company" if kind == "firm" else kind, model) for kind in kinds[several[0]])
            message = tr_count(
                "{count:,} code of the register {register} is that of nodes of different kinds, which stay apart, "
                "for example {code}: {kinds}",
                "{count:,} codes of the register {register} are those of nodes of different kinds, which stay apart, "
                "for example {code}: {kinds}",
                len(several),
                register=register,
                code=several[0],
                kinds=words,
            )
            findings.append(Finding("warning", "register_kinds_differ", message, column=register, value=several[0]))
    return findings
