"""Find texts among many others by numbers of 64 bits that are made of their bytes, many at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.tables.raw import Rows, offsets_and_octets

Numbers = npt.NDArray[np.uint64]

_SLICE = 1 << 14  # so many texts and what is computed of them stay in the cache of a core
_PIECE = 1 << 17
_ODD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_ROUNDS = 12
"""So many numbers of a bucket are looked at one by one; hardly a bucket has more."""
_LONGEST = 256
"""So many bytes of a text make its number, beside its length: hardly an id has more."""
_LOW_BYTES = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)


class TextIndex:
    """Texts in the order in which they were added; null is none of them."""

    def __init__(self) -> None:
        self._texts: list[pa.Array] = []
        self._numbers: list[Numbers] = []
        self._built: _Built | None = None

    def add(self, texts: pa.Array) -> None:
        """Add texts behind those that are there."""
        self._texts.append(texts)
        self._numbers.append(text_numbers(texts))
        self._built = None

    def places(self, texts: pa.Array | pa.ChunkedArray) -> Rows:
        """The place at which each text was added first, -1 for those that were not."""
        places = np.full(len(texts), -1, np.int64)
        if not any(map(len, self._texts)):
            return places
        # an index takes memory for as long as it lives: none is made to find that nothing is there
        if self._built is None and _all_apart([*self._numbers, text_numbers(texts)]):
            return places
        if self._built is None:
            self._texts, self._numbers = [pa.concat_arrays(self._texts)], [np.concatenate(self._numbers)]
            self._built = _built(self._texts[0], self._numbers[0])
        for start in range(0, len(texts), _PIECE):  # so that what is needed on the way is small
            places[start : start + _PIECE] = self._built.places(texts.slice(start, _PIECE))
        return places


@dataclass(frozen=True, slots=True)
class _Built:
    """Texts and their numbers: these ascend, each stands once, with the first text that has it.

    Numbers that begin with the same `bits` are a bucket; `starts` says where each begins. A bucket has one number on
    average: a table of hashes takes four times the memory and is hardly quicker.
    """

    texts: pa.Array
    numbers: Numbers
    firsts: npt.NDArray[np.int32]
    bits: int
    starts: npt.NDArray[np.int32]

    def places(self, texts: pa.Array | pa.ChunkedArray) -> Rows:
        """The place of each text, -1 where it is none of these."""
        known, places = self.texts, self._candidates(text_numbers(texts))
        rows = np.flatnonzero(places >= 0)
        candidates = texts if len(rows) == len(texts) else texts.take(pa.array(rows))
        same = pc.equal(candidates, known.take(pa.array(places[rows])))
        other = rows[~pc.fill_null(same, False).to_numpy(zero_copy_only=False)]
        if len(other):  # another text with the same number, or null
            exact = pc.index_in(texts.take(pa.array(other)), value_set=known, skip_nulls=True)
            places[other] = pc.fill_null(exact, -1).to_numpy()
        return places

    def _candidates(self, numbers: Numbers) -> Rows:
        """The place of the first text with each number, -1 where there is none."""
        found = np.full(len(numbers), -1, np.int64)
        buckets = (numbers >> np.uint64(64 - self.bits)).astype(np.int64)
        at, ends = self.starts[buckets], self.starts[buckets + 1]
        rows = np.flatnonzero(at < ends)
        for _ in range(_ROUNDS):
            if not len(rows):
                return found
            places = at[rows]
            same = self.numbers[places] == numbers[rows]
            found[rows[same]] = self.firsts[places[same]]
            rows = rows[~same]
            at[rows] += 1
            rows = rows[at[rows] < ends[rows]]
        places = np.minimum(np.searchsorted(self.numbers, numbers[rows]), len(self.numbers) - 1)
        found[rows] = np.where(self.numbers[places] == numbers[rows], self.firsts[places], -1)
        return found


def _built(texts: pa.Array, numbers: Numbers) -> _Built:
    distinct, firsts = np.unique(numbers, return_index=True)
    bits = max(len(distinct).bit_length() - 1, 1)
    counts = np.bincount((distinct >> np.uint64(64 - bits)).astype(np.int64), minlength=1 << bits)
    starts = np.append(0, np.cumsum(counts)).astype(np.int32)
    return _Built(texts, distinct, firsts.astype(np.int32), bits, starts)


def all_differ(texts: pa.ChunkedArray) -> bool:
    """True when no two texts are the same, null not counted."""
    numbers = text_numbers(texts.drop_null() if texts.null_count else texts)
    return _all_apart([numbers]) or bool(pc.count_distinct(texts).as_py() == len(texts) - texts.null_count)


def _all_apart(numbers: list[Numbers]) -> bool:
    ordered = np.sort(np.concatenate(numbers))
    return bool((ordered[1:] != ordered[:-1]).all())


def text_numbers(texts: pa.Array | pa.ChunkedArray) -> Numbers:
    """A number for each text: one for the same text, almost never one for two; for looking up, never written down."""
    chunks = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
    numbers, done = np.empty(len(texts), np.uint64), 0
    for part in (chunk.slice(start, _SLICE) for chunk in chunks for start in range(0, len(chunk), _SLICE)):
        numbers[done : done + len(part)] = _numbers(part)
        done += len(part)
    return numbers


def _numbers(texts: pa.StringArray) -> Numbers:
    """The bytes of each text are taken eight at a time, each eight of them mixed with what came before."""
    offsets, octets = offsets_and_octets(texts)
    padded = np.pad(octets[offsets[0] : offsets[-1]], (0, 8))  # eight may be read from the last octet on
    words = np.ndarray((len(padded) - 7,), np.uint64, padded, strides=(1,))  # from each octet on
    starts, lengths = (offsets[:-1] - offsets[0]).astype(np.int64), np.diff(offsets).astype(np.int64)
    numbers = _mixed(lengths.astype(np.uint64), words[starts], lengths)
    done = 8
    while done < _LONGEST and len(rows := np.flatnonzero(lengths > done)):
        numbers[rows] = _mixed(numbers[rows], words[starts[rows] + done], lengths[rows] - done)
        done += 8
    return numbers


def _mixed(numbers: Numbers, words: Numbers, left: Rows) -> Numbers:
    """The numbers with words of so many bytes, at most eight, mixed into them."""
    mixed = (numbers ^ (words & _LOW_BYTES[np.minimum(left, 8)])) * _ODD
    return mixed ^ (mixed >> _HALF)
