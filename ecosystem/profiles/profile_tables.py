"""A profile as tables: the sections that people read, in a language or in both, and the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from ecosystem.audit.audit_words import KINDS
from ecosystem.headings import heading
from ecosystem.messages import BETWEEN, in_language, listed, said_in, speaking, tr
from ecosystem.profiles.profile import Profile
from ecosystem.profiles.shares import parent_of
from ecosystem.scoring.result_columns import part_columns
from ecosystem.scoring.score_tables import method_table

INDENT = "  "
"""What sets a part in under its parent."""
POINTS = 3
"""Decimals of points in tables for people."""


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A part of a document: its title, a table in words and what has to be known of it, each a sentence."""

    title: str
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()


def title_of(found: Profile, lang: str) -> str:
    """The title of the document."""
    index = found.scores.index.title.to(lang)
    return said_in(lang, lambda: tr("{region}: profile in {index}", region=found.name(lang), index=index))


def sections(found: Profile, lang: str) -> list[Section]:
    """The tables of a profile for people: shares and percentiles in per cent, ranks with how many are ranked."""
    with speaking(lang):
        return list(_sections(found, lang))


def _sections(found: Profile, lang: str) -> Iterator[Section]:
    yield Section(tr("Values, scores and ranks"), _headed(_parts(found, lang), lang), tuple(_notes_of_parts(found)))
    if found.earlier is not None:
        title = tr("Changes since {name}", name=found.earlier.name)
        yield Section(title, _headed(_changes(found, lang), lang), (tr("A positive change of rank is a climb."),))
    if found.is_group:
        yield Section(tr("Members"), _headed(_members(found, lang), lang))
    yield Section(tr("Strengths and weaknesses"), _headed(_strengths(found, lang), lang), tuple(_threshold(found)))
    yield Section(tr("Top organisations"), *_organisations(found, lang))
    yield Section(tr("Partners"), *_partners(found, lang))
    yield Section(tr("Peers"), _headed(_peers(found, lang), lang), (_of_peers(found),))


def _headed(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """The columns that are known by keys with their headings; pillars have their names already."""
    return frame.rename(columns={name: heading(str(name), lang) for name in frame.columns})


def _words(frame: pd.DataFrame, column: str, lang: str) -> list[str]:
    """The names of a column in a language, or in both."""
    if lang != "both":
        return [str(name) for name in frame[f"{column}_{lang}"]]
    pairs = zip(frame[f"{column}_zh"], frame[f"{column}_en"], strict=True)
    return [zh if zh == en else BETWEEN.join((zh, en)) for zh, en in pairs]


def _per_cent(values: pd.Series[float], decimals: int = 2) -> list[str]:
    return ["" if pd.isna(value) else f"{value:.{decimals}%}" for value in values]


def _ranks(frame: pd.DataFrame) -> list[str]:
    pairs = zip(frame["rank"], frame["regions"], strict=True)
    return ["" if pd.isna(rank) else f"{rank} / {count}" for rank, count in pairs]


def _indented(found: Profile, lang: str) -> list[str]:
    top = found.scores.index.depth
    return [
        f"{INDENT * (top - level)}{name}"
        for level, name in zip(found.parts["level"], _words(found.parts, "name", lang), strict=True)
    ]


def _units(frame: pd.DataFrame, lang: str) -> list[str]:
    return [in_language(lang, unit, "unit") if unit else "" for unit in frame["unit"]]


def _parts(found: Profile, lang: str) -> pd.DataFrame:
    parts = found.parts
    columns: dict[str, object] = {
        "part": _indented(found, lang),
        "value": parts["value"],
        "unit": _units(parts, lang),
        "score": parts["score"].round(POINTS),
        "rank": _ranks(parts),
        "percentile": parts["percentile"].round(1),
        "share_nation": _per_cent(parts["share_nation"]),
    }
    if parent_of(found.scores, found.subject) is not None:
        columns["share_parent"] = _per_cent(parts["share_parent"])
    columns["note"] = [in_language(lang, note) if note else "" for note in parts["share_note"]]
    return pd.DataFrame(columns)


def _notes_of_parts(found: Profile) -> Iterator[str]:
    """What the shares are of, and how those of groups are to be read."""
    scores = found.scores
    adds = scores.index.level(scores.level).rollup == "sum"
    if adds:
        yield tr(
            "Share: of an indicator, of the value of the whole nation; of any other part, of the sum "
            "of the scores of the ranked regions."
        )
    else:
        yield tr("Share: of the value of the whole nation.")
    if found.is_group:
        yield tr(
            "Ranks are among the groups, of an indicator by its value; a mean of a group is that of "
            "all its organisations."
        )
        yield from _cover(found)


def _cover(found: Profile) -> Iterator[str]:
    """Whether the groups overlap, and whether they leave regions out: their shares do not add up then."""
    groups, regions = found.scores.index.level(found.scores.level).groups, found.scores.standing.regions
    held = [member for group in groups for member in group.members]
    twice = sorted({member for member in held if held.count(member) > 1})
    outside = len(set(regions) - set(held))
    if twice:
        yield tr("The groups overlap ({regions}): their shares are not to be added up.", regions=listed(twice))
    if outside:
        yield tr(
            "The groups do not cover all regions ({count} are in none): their shares do not add up to 100 %.",
            count=outside,
        )


def _changes(found: Profile, lang: str) -> pd.DataFrame:
    names = (
        "value_old",
        "value",
        "value_change",
        "score_old",
        "score",
        "score_change",
        "rank_old",
        "rank",
        "rank_change",
    )
    return pd.DataFrame({"part": _indented(found, lang), **{name: found.parts[name].round(POINTS) for name in names}})


def _members(found: Profile, lang: str) -> pd.DataFrame:
    members = found.members
    columns = {
        "region": _words(members, "region", lang),
        "score": members["score"].round(POINTS),
        "rank": members["rank"],
    }
    return pd.DataFrame({**columns, "share_group": _per_cent(members["share"]), **_pillars(found, members, lang)})


def _pillars(found: Profile, frame: pd.DataFrame, lang: str) -> dict[str, pd.Series[float]]:
    pillars = found.scores.index.pillars
    return {
        name: frame[column].round(POINTS)
        for column, name in zip(part_columns(pillars), part_columns(pillars, lang), strict=True)
    }


def _strengths(found: Profile, lang: str) -> pd.DataFrame:
    frame = found.strengths
    return pd.DataFrame(
        {
            "standing": [_kind(kind, lang) for kind in frame["standing"]],
            "indicator": _words(frame, "name", lang),
            "value": frame["value"],
            "unit": _units(frame, lang),
            "rank": _ranks(frame),
            "percentile": frame["percentile"].round(1),
            "median": frame["median"],
            "gap_median": frame["gap_median"],
            "best": frame["best"],
            "gap_best": frame["gap_best"],
            "best_region": _words(frame, "best", lang),
        }
    )


def _kind(kind: str, lang: str) -> str:
    chinese, english = KINDS[kind]
    return BETWEEN.join((chinese, english)) if lang == "both" else chinese if lang == "zh" else english


def _threshold(found: Profile) -> Iterator[str]:
    yield tr(
        "A strength has the percentile {from_:g} or above, a weakness {to:g} or below. The "
        "percentile is the share of the "
        "others that stand behind; of equals a half counts.",
        from_=found.strong,
        to=100 - found.strong,
    )


def _organisations(found: Profile, lang: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    brought = found.brought
    if brought is None:
        if found.scores.graph is None:
            return pd.DataFrame(), (tr("The values come from a table: no organisation is behind them."),)
        return pd.DataFrame(), (
            tr("Points of indicators do not add up to the score, so no organisation has a part of it."),
        )
    table = brought.table
    words = {part.code: part.name.to(lang) for part in found.scores.index.leaves}
    codes = [listed([words[code] for code in text.split(", ")]) for text in table["codes"]]
    frame = pd.DataFrame(
        {
            "name": table["name"],
            "id": table["id"],
            "points": table["points"].round(POINTS),
            "share_score": _per_cent(table["share"]),
            "matches": table["matches"],
            "counts_in": codes,
        }
    )
    notes = []
    if brought.of:
        notes += [
            tr("{count:,} organisations have a part of the score.", count=brought.of),
            tr("Their points are in the ratio of their shares of each value; what the lowest region has brings none."),
        ]
    if brought.apart:
        names = listed([words[code] for code in brought.apart])
        notes.append(tr("No organisation has a share of its own in: {names}.", names=names))
    return _headed(frame, lang) if len(frame) else pd.DataFrame(), tuple(notes)


def _partners(found: Profile, lang: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    linked = found.linked
    if linked is None:
        return pd.DataFrame(), (tr("The values come from a table: there are no links."),)
    table = linked.table
    frame = pd.DataFrame(
        {
            "network": _words(table, "network", lang),
            "partner": _words(table, "partner", lang),
            "sent": table["sent"],
            "received": table["received"],
            "weight": table["weight"],
            "share_links": _per_cent(table["share"]),
        }
    )
    notes = [tr("Share: of all links with others.")] if len(table) else []
    if linked.lacking:
        notes.append(tr("The data have no links of it in: {names}.", names=listed(linked.lacking)))
    return _headed(frame, lang) if len(frame) else pd.DataFrame(), tuple(notes)


def _peers(found: Profile, lang: str) -> pd.DataFrame:
    peers = found.peers
    columns = {
        "region": _words(peers, "region", lang),
        "distance": peers["distance"].round(4),
        "compared": peers["compared"],
        "score": peers["score"].round(POINTS),
        "rank": peers["rank"],
    }
    return pd.DataFrame({**columns, **_pillars(found, peers, lang)})


def _of_peers(found: Profile) -> str:
    return tr(
        "Distance: the root of the mean square difference of the indicators that both have, each "
        "scaled to its range, 0 "
        "to 1; the first row is the profile's own."
    )


def worded_parts(found: Profile, lang: str) -> pd.DataFrame:
    """The parts as a file for people has them: the words in its cells in a language, nothing rounded."""
    parts = found.parts
    notes = [in_language(lang, note) if note else "" for note in parts["share_note"]]
    return parts.assign(share_note=notes, standing=[_kind(kind, lang) if kind else "" for kind in parts["standing"]])


def sheets(found: Profile, lang: str) -> dict[str, pd.DataFrame]:
    """The sheets of a workbook, by keys: the sentences, the tables as numbers, nothing rounded, and the method."""
    frames: dict[str, pd.DataFrame | None] = {
        "summary": pd.DataFrame({"text": found.summary(lang).split("\n")}),
        "profile": worded_parts(found, lang),
        "members": found.members if found.is_group else None,
        "strengths": found.strengths.assign(standing=[_kind(kind, lang) for kind in found.strengths["standing"]]),
        "entities": found.organisations,
        "partners": found.partners,
        "peers": found.peers,
        "method": method_table(found.scores, lang),
    }
    return {name: frame for name, frame in frames.items() if frame is not None}
