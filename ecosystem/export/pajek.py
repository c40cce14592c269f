"""Pajek: a network, its regions as a partition, its numbers as vectors (Batagelj and Mrvar, http://mrvar.fdv.uni-lj.si/pajek)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ecosystem.export.described_network import DescribedNetwork, left_out
from ecosystem.export.files import check_suffix
from ecosystem.export.frame_cells import clean
from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr, tr_count
from ecosystem.network import NOWHERE
from ecosystem.tables.atomic import write_files
from ecosystem.tables.writer import BYTE_ORDER_MARK

MISSING = 999999998
"""What Pajek writes for a number that is missing."""
NO_CLASS = 0
"""The class of what belongs to none."""


def write_pajek(path: Path, shown: DescribedNetwork) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Write a network for Pajek; the files, and what had to be changed.

    For `NAME.paj` one project; for `NAME.net` the network, `NAME.clu` with the regions as classes, and for every number
    of the nodes `NAME.COLUMN.vec`. A vertex is called by its name, with its id behind it where several share the name.
    UsageError for another suffix, OutputError where it cannot be written.
    """
    suffix = check_suffix(path, (".net", ".paj"))
    labels, changed = _labels(shown)
    network, partition = list(_network(shown, labels)), list(_partition(shown))
    vectors = {clean(name): list(_vector(values)) for name, values in shown.numbers.items()}
    if suffix == ".paj":
        whole = [*network, f"*Partition {_word(shown.id)}_regions", *partition]
        for name, lines in vectors.items():
            whole += [f"*Vector {_word(name)}", *lines]
        files = {path: _bytes(whole)}
    else:
        files = {path: _bytes(network), path.with_suffix(".clu"): _bytes(partition)}
        files |= {path.with_suffix(f".{_word(name)}.vec"): _bytes(lines) for name, lines in vectors.items()}
    write_files({target: [content] for target, content in files.items()})
    return tuple(files), tuple(_notes(shown, changed))


def _network(shown: DescribedNetwork, labels: list[str]) -> Iterator[str]:
    network = shown.network
    # this line stands first: readers that do not know a byte-order mark pass over it
    yield f"*Network {_word(shown.id)}"
    yield f"*Vertices {len(network)}"
    yield from (f'{place} "{label}"' for place, label in enumerate(labels, start=1))
    yield "*Arcs" if network.directed else "*Edges"
    ends = zip(network.source.tolist(), network.target.tolist(), network.weight.tolist(), strict=True)
    yield from (f"{one + 1} {other + 1} {weight!r}" for one, other, weight in ends)


def _partition(shown: DescribedNetwork) -> Iterator[str]:
    network = shown.network
    for place, region in enumerate(network.regions, start=1):
        name = shown.region_name(region)
        yield f"% {place} {_line(region)} {_line(name.zh)} {_line(name.en)}"
    yield f"*Vertices {len(network)}"
    yield from (str(NO_CLASS if place == NOWHERE else place + 1) for place in network.region.tolist())


def _vector(values: FloatArray) -> Iterator[str]:
    yield f"*Vertices {len(values)}"
    yield from (repr(value) if np.isfinite(value) else str(MISSING) for value in values.tolist())


def _labels(shown: DescribedNetwork) -> tuple[list[str], int]:
    """A label for every node, no two the same, and how many names have a character that none can have."""
    names = [_label(name) for name in shown.names]
    changed = sum(one != clean(other) for one, other in zip(names, shown.names, strict=True))
    shared = Counter(names)
    ids = shown.network.nodes
    marked = [f"{name} ({_label(node)})" if shared[name] > 1 else name for name, node in zip(names, ids, strict=True)]
    return marked, changed


def _label(text: str) -> str:
    """A text between the quotes of a label, which ends at a quote and knows a stroke back as the sign of a line end."""
    return _line(text).replace('"', "'").replace("\\", "/")


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _word(text: str) -> str:
    """A text that is one word, as names of objects and files are."""
    return "_".join(clean(text).replace("/", " ").replace("\\", " ").split()) or "network"


def _bytes(lines: list[str]) -> bytes:
    text = "\r\n".join([*lines, ""])
    # without the mark Pajek takes a text for one of the system's own encoding
    return (b"" if text.isascii() else BYTE_ORDER_MARK) + text.encode()


def _notes(shown: DescribedNetwork, changed: int) -> Iterator[str]:
    missing = {name: int((~np.isfinite(values)).sum()) for name, values in shown.numbers.items()}
    missing = {name: count for name, count in missing.items() if count}
    if changed:
        yield tr_count(
            "one name has a quotation mark, a backslash or a line break, which Pajek cannot hold: changed",
            "{count:,} names have a quotation mark, a backslash or a line break, which Pajek cannot hold: changed",
            changed,
        )
    if missing:
        yield tr(
            "undefined values stand as {missing}, which Pajek takes for missing: {columns}",
            missing=MISSING,
            columns=", ".join(f"{name} {count:,}" for name, count in missing.items()),
        )
    yield from left_out(shown, "Pajek")
