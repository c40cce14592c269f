"""Rounds of financing that several sources tell: one event, whose money counts once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

import pandas as pd
from pyarrow import parquet

from ecosystem.errors import Finding
from ecosystem.imports.link_file import EVENT
from ecosystem.imports.part import Part
from ecosystem.messages import tr
from ecosystem.model import Model

DAYS = 31
"""Days that two sources may be apart on the day of one round: one dates the signing, another the news."""
_NEEDED = ("round", "date")
WHOLE, SHARE = "round_amount_cny_m", "amount_cny_m"
"""The amounts of a round and of a link of it, as the shipped model calls them."""

Event = tuple[int, str]
"""The place of the part among all, and the event as its source names it."""


@dataclass(frozen=True, slots=True)
class _RoundRow:
    """An event as a source tells it; `day` is a number, as `datetime.date.toordinal` gives it."""

    part: int
    event: str
    day: int
    amount: float
    named: bool
    links: int


_FIELDS = tuple(field.name for field in fields(_RoundRow))


@dataclass(slots=True)
class SameRounds:
    """`into` leads from an event that is left out to the one that stands for it; `amounts` fills the latter.

    `whole` and `share` are what the model calls the amounts of an event and of a link.
    """

    whole: str = WHOLE
    share: str = SHARE
    into: dict[Event, Event] = field(default_factory=dict)
    amounts: dict[Event, tuple[float, int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def same_rounds(parts: Sequence[Part], names: Sequence[Mapping[str, str]], model: Model) -> SameRounds:
    """Rounds of two sources are one where company and kind agree and the days are at most DAYS apart.

    The kind is compared without 轮, so that Pre-A and Pre-A轮 agree. The first source stands, with all its investors;
    where it names none and the other does, the other. An amount that the one that stands lacks is taken from the other.
    """
    same = SameRounds(whole=model.in_currency(WHOLE), share=model.in_currency(SHARE))
    placed = enumerate(zip(parts, names, strict=True))
    frames = [_events(place, part, own, same.whole) for place, (part, own) in placed]
    told = [frame for frame in frames if frame is not None]
    if len(told) < 2:
        return same
    events = pd.concat(told, ignore_index=True)
    for _, group in events.groupby(["to", "kind"], sort=False):
        if group["part"].nunique() > 1:
            _match([_RoundRow(*row) for row in group[list(_FIELDS)].itertuples(index=False, name=None)], same)
    if same.into:
        sources = sorted({parts[event[0]].source for pair in same.into.items() for event in pair})
        message = tr(
            "{count} rounds are told by two of the sources {sources} and count once",
            count=len(same.into),
            sources=", ".join(sources),
        )
        same.findings.append(Finding("info", "same_round", message))
    return same


def _events(place: int, part: Part, own: Mapping[str, str], whole: str) -> pd.DataFrame | None:
    """One row per dated event of a part: company, kind, day, amount, whether it names an investor, links."""
    frames = []
    for key in (key for key, kind in part.links.items() if kind == "INVESTED_IN"):
        schema = parquet.read_schema(part.link_file(key))
        if EVENT not in schema.names or not set(_NEEDED) <= set(schema.names):
            continue
        wanted = [EVENT, "to", *_NEEDED, *(name for name in (whole, "disclosed") if name in schema.names)]
        frame = parquet.read_table(part.link_file(key), columns=wanted).to_pandas()
        for name, blank in ((whole, float("nan")), ("disclosed", True)):
            if name not in frame:
                frame[name] = blank
        frame["named"] = frame["disclosed"].fillna(True).astype(bool)
        grouped = frame.dropna(subset=list(_NEEDED)).groupby([EVENT, "to"], sort=False)
        frames.append(
            grouped.agg(
                kind=("round", "first"),
                date=("date", "first"),
                amount=(whole, "first"),
                named=("named", "any"),
                links=("to", "size"),
            ).reset_index()
        )
    if not frames:
        return None
    events = pd.concat(frames, ignore_index=True)
    events["part"] = place
    events["to"] = [own.get(key, key) for key in events["to"]]
    events["kind"] = events["kind"].str.replace("轮", "").str.strip().str.casefold()
    events["day"] = pd.to_datetime(events["date"]).map(lambda day: day.toordinal())
    named: pd.DataFrame = events.rename(columns={EVENT: "event"})
    return named


def _match(group: list[_RoundRow], same: SameRounds) -> None:
    """Give each event the nearest one of an earlier source that has no event of its source yet."""
    standing: list[tuple[_RoundRow, set[int]]] = []
    for one in sorted(group, key=lambda told: (told.part, told.day, told.event)):
        near = [entry for entry in standing if one.part not in entry[1] and abs(entry[0].day - one.day) <= DAYS]
        if not near:
            standing.append((one, {one.part}))
            continue
        entry = min(near, key=lambda found: (abs(found[0].day - one.day), found[0].part, found[0].event))
        stands, falls = (one, entry[0]) if one.named and not entry[0].named else (entry[0], one)
        entry[1].add(one.part)
        standing[standing.index(entry)] = (stands, entry[1])
        _let_fall(stands, falls, same)


def _let_fall(stands: _RoundRow, falls: _RoundRow, same: SameRounds) -> None:
    winner, loser = (stands.part, stands.event), (falls.part, falls.event)
    for event, into in list(same.into.items()):
        if into == loser:
            same.into[event] = winner
    same.into[loser] = winner
    filled = same.amounts.pop(loser, None)
    if pd.isna(stands.amount) and winner not in same.amounts:
        amount = falls.amount if not pd.isna(falls.amount) else (filled[0] if filled else None)
        if amount is not None:
            same.amounts[winner] = (float(amount), int(stands.links))
