"""Ids of links that came without one: made from what the link says, so that any reader of the same rows makes the same.

The id is a hash of 64 bits over the link type, the ids of both ends, and every property that has a value, written as
16 hexadecimal digits; the second, third, ... of identical links get `-2`, `-3`, ... A property without value adds
nothing, and the properties are added up, so neither the order of rows, nor that of columns, nor an empty column changes
an id. A number counts by its value: 2, 2.0 and -0.0 = 0.0 are the same in an integer and in a float column. A link of
an undirected type keeps the direction it was given in: a-b and b-a are two links with two ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Hashes = npt.NDArray[np.uint64]

_SLICE = 1 << 17
_CACHED = 1 << 14  # so many numbers, and what is computed of them, stay in the cache of a core
_EXACT = 1 << 53
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def make_link_ids(
    link_type: str, sources: Hashes, targets: Hashes, properties: Mapping[str, pa.ChunkedArray]
) -> pa.StringArray:
    """The ids of links of one type, one per row.

    `sources` and `targets` are the hashes of the ids of both ends (see `hash_texts`); `properties` are columns of
    strings or dictionaries of them, int64, float64, booleans or date32, without the id itself.
    """
    hashes = link_hashes(link_type, sources, targets, properties)
    return write_link_ids(hashes, running_numbers(hashes))


def link_hashes(link_type: str, sources: Hashes, targets: Hashes, properties: Mapping[str, pa.ChunkedArray]) -> Hashes:
    """What the ids of `make_link_ids` are written from: the same for links that say the same."""
    hashes = _mix(_mix(sources ^ _hash_text(link_type)) + targets)
    for name, column in properties.items():
        hashes += _property_hashes(name, column)
    return hashes


def write_link_ids(hashes: Hashes, numbers: npt.NDArray[np.int64]) -> pa.StringArray:
    """The ids of links by their hashes and running numbers (0 for the first of identical ones)."""
    return _numbered(_hexadecimal(_mix(hashes)), numbers)


def hash_ids(ids: pa.ChunkedArray) -> Hashes:
    """What `hash_texts` gives, each distinct text hashed once."""
    return _distinct_hashes(ids)


def hash_texts(texts: pa.ChunkedArray | pa.Array) -> Hashes:
    """BLAKE2b of 64 bits of each string; 0 where it is null."""
    octets = pc.fill_null(pc.cast(texts, pa.binary()), b"")
    slices = (octets.slice(start, _SLICE).to_pylist() for start in range(0, len(texts), _SLICE))
    digests = [b"".join([blake2b(text, digest_size=8).digest() for text in part]) for part in slices]
    hashes = np.frombuffer(b"".join(digests), "<u8").astype(np.uint64)
    hashes[pc.is_null(texts).to_numpy(zero_copy_only=False)] = 0
    return hashes


def running_numbers(hashes: Hashes) -> npt.NDArray[np.int64]:
    """For each row, how many earlier rows have the same hash: 0 for the first."""
    numbers = np.zeros(len(hashes), np.int64)
    ordered = np.sort(hashes)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(repeated) == 0:
        return numbers
    # most links differ from all others: only the rest is counted
    rows = np.flatnonzero(np.isin(hashes, repeated))
    order = rows[np.argsort(hashes[rows], kind="stable")]
    places = np.arange(len(order))
    starts = np.r_[True, hashes[order[1:]] != hashes[order[:-1]]]
    numbers[order] = places - np.maximum.accumulate(np.where(starts, places, 0))
    return numbers


def _hash_text(text: str) -> np.uint64:
    return np.uint64(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little"))


def _mix(values: Hashes) -> Hashes:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014): each bit of the input moves every bit of the output."""
    mixed = values + _GOLDEN
    for start in range(0, len(mixed), _CACHED):
        part = mixed[start : start + _CACHED]
        part ^= part >> np.uint64(30)
        part *= _FIRST
        part ^= part >> np.uint64(27)
        part *= _SECOND
        part ^= part >> np.uint64(31)
    return mixed


def _property_hashes(name: str, column: pa.ChunkedArray) -> Hashes:
    """What a property adds to the hash of each row: 0 where it has no value."""
    mixed = _mix(_mix(_value_hashes(column)) + _hash_text(name))
    if column.null_count:
        mixed[pc.is_null(column).to_numpy(zero_copy_only=False)] = 0
    return mixed


def _value_hashes(column: pa.ChunkedArray) -> Hashes:
    kind = column.type
    if pa.types.is_null(kind):
        return np.zeros(len(column), np.uint64)
    if pa.types.is_string(kind) or pa.types.is_dictionary(kind):
        return _distinct_hashes(column)
    if pa.types.is_floating(kind):
        return _float_bits(pc.fill_null(column, 0.0).to_numpy())
    whole = pc.cast(column, pa.int32()) if pa.types.is_date32(kind) else column
    return _integer_bits(pc.fill_null(pc.cast(whole, pa.int64()), 0).to_numpy())


def _distinct_hashes(column: pa.ChunkedArray) -> Hashes:
    """Hash each distinct string once; in a column of many rows most repeat."""
    encoded = _encode(column)
    codes = pc.fill_null(encoded.indices, 0).to_numpy(zero_copy_only=False)
    hashes = hash_texts(encoded.dictionary)
    return hashes[codes] if len(hashes) else np.zeros(len(column), np.uint64)


def _encode(column: pa.ChunkedArray) -> pa.DictionaryArray:
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    combined = column.unify_dictionaries().combine_chunks()
    return combined.chunk(0) if isinstance(combined, pa.ChunkedArray) else combined


def _float_bits(values: npt.NDArray[np.float64]) -> Hashes:
    return (values + 0.0).view(np.uint64)  # -0.0 + 0.0 is 0.0


def _integer_bits(values: npt.NDArray[np.int64]) -> Hashes:
    """The bits of the equal float, where there is one: an id must not depend on how a column of numbers was typed."""
    exact = (values >= -_EXACT) & (values <= _EXACT)
    return np.where(exact, values.astype(np.float64).view(np.uint64), values.view(np.uint64))


def _hexadecimal(hashes: Hashes) -> pa.StringArray:
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    text = np.empty((len(hashes), 16), np.uint8)
    for start in range(0, len(hashes), _SLICE):
        octets = hashes[start : start + _SLICE].astype(">u8").view(np.uint8).reshape(-1, 8)
        text[start : start + _SLICE, 0::2] = digits[octets >> 4]
        text[start : start + _SLICE, 1::2] = digits[octets & 15]
    offsets = np.arange(0, 16 * len(hashes) + 1, 16, dtype=np.int32)
    return pa.StringArray.from_buffers(len(hashes), pa.py_buffer(offsets), pa.py_buffer(text))


def _numbered(ids: pa.StringArray, numbers: npt.NDArray[np.int64]) -> pa.StringArray:
    repeated = numbers > 0
    if not repeated.any():
        return ids
    suffixes = pa.array(numbers[repeated] + 1).cast(pa.string())
    numbered = pc.binary_join_element_wise(ids.filter(pa.array(repeated)), suffixes, "-")
    return pc.replace_with_mask(ids, pa.array(repeated), numbered)
