"""Totals split over members: whole numbers with a long tail that add up exactly."""

from __future__ import annotations

import numpy as np

from ecosystem.dataset.synthetic.draws import Ints


def split(rng: np.random.Generator, totals: Ints, group: Ints, *, spread: float = 0.8) -> Ints:
    """A whole number, 0 or more, per member; those of group g add up to `totals[g]`.

    `group` gives each member's group. A group with a total but no member is a ValueError.
    """
    weight = rng.lognormal(0.0, spread, len(group))
    whole = np.bincount(group, weight, len(totals))
    if np.any((whole == 0) & (totals > 0)):
        raise ValueError("a total cannot be split over nobody")
    exact = weight * totals[group] / whole[group]
    parts = np.floor(exact).astype(np.int64)
    missing = totals - np.bincount(group, parts, len(totals)).astype(np.int64)
    # the units that rounding has lost go to the largest fractions of each group
    order = np.lexsort((parts - exact, group))
    first = np.searchsorted(group[order], np.arange(len(totals)))
    nth = np.arange(len(group)) - first[group[order]]
    parts[order] += nth < missing[group[order]]
    return parts


def members(counts: Ints) -> Ints:
    """The place of every member, where `counts[p]` belong to place p."""
    return np.repeat(np.arange(len(counts)), counts)


def pick_within(rng: np.random.Generator, group: Ints, wanted: Ints) -> Ints:
    """For every wanted place a member that is there, drawn at random; `group` is the place of each member.

    ValueError where a place that is wanted has no member.
    """
    order = np.argsort(group, kind="stable")
    places = int(max(group.max(initial=-1), wanted.max(initial=-1))) + 1
    counts = np.bincount(group, minlength=places)
    if np.any(counts[wanted] == 0):
        raise ValueError("a link cannot start where nobody is")
    first = np.cumsum(counts) - counts
    drawn: Ints = order[first[wanted] + np.floor(rng.random(len(wanted)) ** 1.5 * counts[wanted]).astype(np.int64)]
    return drawn
