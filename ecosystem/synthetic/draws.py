"""Columns drawn at random: numbered names, years, dates, amounts, words, picks out of a pool."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import assert_never

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ecosystem.model import Property

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FIRST_YEAR, LAST_YEAR = 2010, 2024


def stream(seed: int, name: str) -> np.random.Generator:
    """The random stream of one table: it depends on the seed and the name, not on what was drawn before."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def numbered(prefix: str, numbers: Ints, *, width: int = 6) -> pa.Array:
    """Strings such as `C000042`, wider where the number needs it."""
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, "")


def some(rng: np.random.Generator, values: NDArray[np.generic], *, missing: float, keep: int = 0) -> pa.Array:
    """The values, a share of them null, as `gaps` draws them."""
    return pa.array(values, mask=gaps(rng, len(values), missing, keep))


def years(rng: np.random.Generator, count: int, *, missing: float, keep: int = 0) -> pa.Array:
    """Years from 2010 to 2024, later ones more often."""
    return some(rng, LAST_YEAR - np.floor((LAST_YEAR + 1 - FIRST_YEAR) * rng.random(count) ** 1.8).astype(np.int64),
                missing=missing, keep=keep)  # fmt: skip


def dates(rng: np.random.Generator, of_years: pa.Array, *, missing: float) -> pa.Array:
    """A day in each year; null where the year is, and for a share of the others."""
    absent = of_years.is_null().to_numpy(zero_copy_only=False)
    starts = (of_years.fill_null(FIRST_YEAR).to_numpy() - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    days = starts + rng.integers(0, 365, len(starts))
    return pa.array(days, type=pa.date32(), mask=absent | gaps(rng, len(days), missing, 0))


def amounts(rng: np.random.Generator, count: int, *, median: float, spread: float = 1.2) -> Floats:
    """Positive amounts with a long tail (log-normal), to the cent."""
    return np.maximum(np.round(rng.lognormal(np.log(median), spread, count), 2), 0.01)


def counts(rng: np.random.Generator, count: int, *, median: float, spread: float = 1.0) -> Ints:
    """Whole numbers with a long tail, none below 1."""
    return np.maximum(np.rint(rng.lognormal(np.log(median), spread, count)), 1).astype(np.int64)


def flags(rng: np.random.Generator, count: int, share: float) -> Flags:
    """True for about this share."""
    return rng.random(count) < share


def gaps(rng: np.random.Generator, count: int, missing: float, keep: int = 0) -> Flags:
    """True for what is to be missing: never the first `keep`, always the one after them."""
    absent = flags(rng, count, missing)
    absent[:keep] = False
    absent[keep : keep + 1] = True
    return absent


def words(rng: np.random.Generator, choices: Sequence[str], count: int) -> pa.Array:
    """Words out of a list, the first ones more often."""
    at = np.floor(len(choices) * rng.random(count) ** 1.5).astype(np.int64)
    return pa.array(choices).take(pa.array(at))


def property_column(rng: np.random.Generator, prop: Property, count: int) -> pa.Array:
    """Values that a property of the model may have, a tenth of them null."""
    low = -np.inf if prop.minimum is None else prop.minimum
    high = np.inf if prop.maximum is None else prop.maximum
    match prop.type:
        case "integer":
            column = pa.array(np.clip(counts(rng, count, median=3), low, high).astype(np.int64))
        case "float":
            column = pa.array(np.clip(amounts(rng, count, median=10), low, high))
        case "boolean":
            column = pa.array(flags(rng, count, 0.5))
        case "date":
            column = dates(rng, years(rng, count, missing=0), missing=0)
        case "string":
            column = words(rng, prop.values or ("one", "two", "three"), count)
        case _:
            assert_never(prop.type)
    return pc.if_else(pa.array(gaps(rng, count, 0.1)), pa.scalar(None, column.type), column)


def pick(rng: np.random.Generator, pool: Ints, count: int, *, skew: float = 1.0) -> Ints:
    """Members of the pool, with replacement; a `skew` above 1 prefers its first ones."""
    return pool[np.floor(len(pool) * rng.random(count) ** skew).astype(np.int64)]


def mixed(rng: np.random.Generator, count: int, parts: Sequence[tuple[Ints, float]], *, skew: float = 1.0) -> Ints:
    """Picks out of several pools, each with its share (the shares add up to 1)."""
    part = rng.choice(len(parts), count, p=[share for _, share in parts])
    drawn = np.empty(count, np.int64)
    for number, (pool, _) in enumerate(parts):
        here = part == number
        drawn[here] = pick(rng, pool, int(here.sum()), skew=skew)
    return drawn
