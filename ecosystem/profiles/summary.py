"""What a profile says in a few plain sentences: rank, share, change, strong and weak sides, organisations, partners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import pandas as pd

from ecosystem.messages import tr, tr_count
from ecosystem.profiles.earlier import Earlier
from ecosystem.profiles.units import Subject
from ecosystem.scoring import Scores

NAMED = 3
"""So many things of a kind are named in a sentence."""


class Told(Protocol):
    """What is told of a profile, which stands above these sentences and shows itself by them; see `Profile`."""

    @property
    def scores(self) -> Scores:
        """The scores that it is of."""

    @property
    def subject(self) -> Subject:
        """The region or group among its like."""

    @property
    def region(self) -> str:
        """Its id."""

    @property
    def is_group(self) -> bool:
        """True for a group of regions."""

    @property
    def parts(self) -> pd.DataFrame:
        """A row per part of the index."""

    @property
    def top(self) -> pd.Series:
        """The row of the index itself."""

    @property
    def members(self) -> pd.DataFrame:
        """The members of a group."""

    @property
    def strengths(self) -> pd.DataFrame:
        """Strengths, then weaknesses."""

    @property
    def strong(self) -> float:
        """The percentile from which an indicator is a strength."""

    @property
    def organisations(self) -> pd.DataFrame | None:
        """The organisations with the most points."""

    @property
    def partners(self) -> pd.DataFrame | None:
        """The regions with the most links."""

    @property
    def peers(self) -> pd.DataFrame:
        """Itself and those most like it."""

    @property
    def earlier(self) -> Earlier | None:
        """Earlier scores."""

    def name(self, lang: str) -> str:
        """Its name."""


def sentences(found: Told, lang: str) -> Iterator[str]:
    """The sentences, in the language that is spoken; names are taken in `lang`."""
    yield _rank(found, lang)
    yield from _share(found, lang)
    yield from _change(found)
    yield from _pillars(found, lang)
    yield from _sides(found, lang)
    yield from _organisations(found, lang)
    yield from _partners(found, lang)
    yield from _peers(found, lang)


def _rank(found: Told, lang: str) -> str:
    top, name = found.top, found.name(lang)
    facts = {"region": name, "score": float(top["score"]), "index": found.scores.index.title.to(lang)}
    if pd.isna(top["score"]):
        return tr("{region} has no score in {index}.", **facts)
    ranked = {**facts, "rank": top["rank"], "count": int(top["regions"])}
    if pd.isna(top["rank"]):
        return tr("{region} has the score {score:.2f} in {index} and no rank.", **facts)
    if not found.is_group:
        return tr("{region} is number {rank} of {count} regions in {index}, with a score of {score:.2f}.", **ranked)
    members = _names(found.members, "region", lang, len(found.members))
    return tr(
        "{region} is number {rank} of {count} groups in {index}, with a score of {score:.2f}, the sum of those of its "
        "members ({members}).",
        members=members,
        **ranked,
    )


def _share(found: Told, lang: str) -> Iterator[str]:
    share = found.top["share_nation"]
    if pd.notna(share):
        yield tr("It has {share:.1%} of the scores of all ranked regions together.", share=float(share))
    groups, scores = found.scores.groups, found.scores
    if groups is None or found.is_group:
        return
    for group, whole in zip(scores.index.level(scores.level).groups, groups.overall.tolist(), strict=True):
        if found.region in group.members and len(group.members) > 1 and whole:
            part = float(found.top["score"]) / whole
            yield tr("It brings {share:.1%} of the score of {group}.", share=part, group=group.name.to(lang))


def _change(found: Told) -> Iterator[str]:
    if found.earlier is None:
        return
    top, name = found.top, found.earlier.name
    if pd.isna(top["score_change"]) and pd.isna(top["rank_change"]):
        yield tr("The earlier scores ({name}) do not have it.", name=name)
    if pd.notna(top["rank_change"]):
        yield _moved(int(top["rank_change"]), name)
    if pd.notna(top["score_change"]):
        change = float(top["score_change"])
        yield tr("Its score was {before:.2f} in {name}, a change of {change:+.2f}.", name=name, change=change,
                 before=float(top["score_old"]))  # fmt: skip


def _moved(places: int, name: str) -> str:
    """How many places it has climbed, or fallen where they are negative."""
    if places > 0:
        return tr_count(
            "It has climbed {count} place since {name}.",
            "It has climbed {count} places since {name}.",
            places,
            name=name,
        )
    if places < 0:
        return tr_count(
            "It has fallen {count} place since {name}.",
            "It has fallen {count} places since {name}.",
            -places,
            name=name,
        )
    return tr("It has the rank that it had in {name}.", name=name)


def _pillars(found: Told, lang: str) -> Iterator[str]:
    """The pillar in which it stands best and the one in which it stands worst, where they differ."""
    depth = found.scores.index.depth
    pillars = found.parts[(found.parts["level"] == depth - 1) & found.parts["rank"].notna()]
    if depth < 3 or len(pillars) < 2 or pillars["rank"].nunique() < 2:
        return
    ranks = pillars["rank"].astype("int64")
    best, worst = pillars.iloc[int(ranks.argmin())], pillars.iloc[int(ranks.argmax())]
    facts = {
        "best": best[f"name_{lang}"],
        "first": best["rank"],
        "worst": worst[f"name_{lang}"],
        "last": worst["rank"],
        "count": int(best["regions"]),
    }
    yield tr(
        "Of the pillars it stands best in {best} (rank {first} of {count}) and worst in {worst} (rank {last}).", **facts
    )


def _sides(found: Told, lang: str) -> Iterator[str]:
    sides = found.strengths
    strong, weak = (sides[sides["standing"] == kind] for kind in ("strength", "weakness"))
    facts = {"from_": found.strong, "to": 100 - found.strong}
    if len(strong):
        names = _names(strong, "name", lang)
        yield tr_count(
            "It is strong in {count} indicator (percentile {from_:g} or above): {names}.",
            "It is strong in {count} indicators (percentile {from_:g} or above), first of all in {names}.",
            len(strong),
            names=names,
            **facts,
        )
    else:
        yield tr("No indicator reaches the percentile {from_:g}.", **facts)
    if len(weak):
        names = _names(weak, "name", lang)
        yield tr_count(
            "It is weak in {count} indicator (percentile {to:g} or below): {names}.",
            "It is weak in {count} indicators (percentile {to:g} or below), first of all in {names}.",
            len(weak),
            names=names,
            **facts,
        )
    else:
        yield tr("No indicator is at the percentile {to:g} or below.", **facts)


def _organisations(found: Told, lang: str) -> Iterator[str]:
    table = found.organisations
    if table is not None and len(table):
        first = table.head(NAMED)
        names = _joined([name or id_ for name, id_ in zip(first["name"], first["id"], strict=True)], lang)
        yield tr(
            "Most points come from {names}, together {share:.1%} of the score.",
            names=names,
            share=float(first["share"].sum()),
        )


def _partners(found: Told, lang: str) -> Iterator[str]:
    table = found.partners
    if table is None:
        return
    for network, rows in table[table["place"].notna()].groupby("network", sort=False):
        names = _names(rows, "partner", lang)
        title = rows.iloc[0][f"network_{lang}"]
        yield tr("In the network {network} it is linked most with {names}.", network=title or network, names=names)


def _peers(found: Told, lang: str) -> Iterator[str]:
    others = found.peers.iloc[1:]
    if 0 < len(others) < len(found.subject.units) - 1:
        yield tr("By all indicators it is most like {names}.", names=_names(others, "region", lang))


def _names(frame: pd.DataFrame, column: str, lang: str, most: int = NAMED) -> str:
    return _joined([str(name) for name in frame[f"{column}_{lang}"].head(most)], lang)


def _joined(names: Iterable[str], lang: str) -> str:
    """Names in a sentence: what Chinese writes between the parts of a list is no comma."""
    return ("、" if lang == "zh" else ", ").join(names)
