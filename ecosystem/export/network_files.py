"""A network as files for other programs: GraphML, GEXF, Pajek, VOSviewer, Cytoscape, CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ecosystem.errors import UsageError, did_you_mean
from ecosystem.export.cytoscape import write_cytoscape
from ecosystem.export.described_network import DescribedNetwork
from ecosystem.export.frame_cells import clean
from ecosystem.export.gexf import write_gexf
from ecosystem.export.graph_csv import write_graph_csv
from ecosystem.export.graphml import write_graphml
from ecosystem.export.pajek import write_pajek
from ecosystem.export.vosviewer import write_vosviewer
from ecosystem.messages import tr, tr_count

Written = tuple[tuple[Path, ...], tuple[str, ...]]
"""The files that were written, and sentences on what the format could not hold."""


@dataclass(frozen=True, slots=True)
class NetworkFormat:
    """A format of networks: the suffixes of its files, what writes one, and whether it holds control characters."""

    suffixes: tuple[str, ...]
    write: Callable[[Path, DescribedNetwork, str], Written]
    controls: bool = False


def _graphml(path: Path, shown: DescribedNetwork, lang: str) -> Written:
    write_graphml(path, shown.parts())
    return (path,), ()


def _gexf(path: Path, shown: DescribedNetwork, lang: str) -> Written:
    write_gexf(path, shown.parts())
    return (path,), ()


def _csv(path: Path, shown: DescribedNetwork, lang: str) -> Written:
    return write_graph_csv(path, shown.parts()), ()


FORMATS: Mapping[str, NetworkFormat] = {
    "graphml": NetworkFormat((".graphml",), _graphml),
    "gexf": NetworkFormat((".gexf",), _gexf),
    "pajek": NetworkFormat((".net", ".paj"), lambda path, shown, lang: write_pajek(path, shown)),
    "vosviewer": NetworkFormat((".json", ".txt"), lambda path, shown, lang: write_vosviewer(path, shown, lang=lang)),
    "cytoscape": NetworkFormat(
        (".cyjs",), lambda path, shown, lang: write_cytoscape(path, shown, lang=lang), controls=True
    ),
    "csv": NetworkFormat((".csv",), _csv, controls=True),
}
"""The formats of networks by the program or format that a person names. A new one is a function and a record here."""


def write_network(
    path: Path, networks: DescribedNetwork | Sequence[DescribedNetwork], *, to: str | None = None, lang: str = "en"
) -> Written:
    """Write a network in a format, or in the one that the suffix says; the files, and notes on what it cannot hold.

    A file is there whole or not at all. UsageError for an unknown format, a suffix that is none of the format's, and
    for several networks, of which no format here holds more than one; OutputError where it cannot be written.

    >>> files, notes = write_network(Path("net.graphml"), describe(linkage(store, "investment")))
    """
    shown = [networks] if isinstance(networks, DescribedNetwork) else list(networks)
    if len(shown) != 1:
        message = tr(
            "a file holds one network, not {count}: {ids}", count=len(shown), ids=", ".join(t.id for t in shown)
        )
        raise UsageError(message, hint=tr("write a file for each"))
    form = FORMATS[to_format(path, to)]
    files, notes = form.write(path, shown[0], lang)
    return files, (*(() if form.controls else _controls(shown[0])), *notes)


def _controls(shown: DescribedNetwork) -> Iterator[str]:
    """The note on texts whose control characters are left out: XML cannot hold them, a label should not."""
    texts = [pa.array(shown.names, pa.string()), *shown.nodes.values(), *shown.edges.values()]
    count = sum(
        sum(
            text is not None and clean(text) != text.replace("\r\n", "\n").replace("\r", "\n")
            for text in column.to_pylist()
        )
        for column in texts
        if pa.types.is_string(column.type)
    )
    if count:
        yield tr_count(
            "control characters are left out of one text", "control characters are left out of {count:,} texts", count
        )


def to_format(path: Path, to: str | None) -> str:
    """The format that is named, else that of the suffix; UsageError where it is not one, or the suffix not its own."""
    suffix = path.suffix.lower()
    if to is None:
        found = next((name for name, form in FORMATS.items() if suffix in form.suffixes), None)
        if found is None:
            known = ", ".join(suffix for form in FORMATS.values() for suffix in form.suffixes)
            message = tr("{name!r} does not end in a known suffix: {choices}", name=path.name, choices=known)
            raise UsageError(message, hint=tr("name the format with --to"))
        return found
    if to not in FORMATS:
        hint = did_you_mean(to, FORMATS)
        raise UsageError(tr("there is no format {to!r}: {choices}", to=to, choices=", ".join(FORMATS)), hint=hint)
    own = FORMATS[to].suffixes
    if suffix not in own:
        message = tr("a file of {to} ends in {choices}, not {name!r}", to=to, choices=", ".join(own), name=path.name)
        raise UsageError(message, hint=tr("for example {name}{choices}", name=path.stem, choices=own[0]))
    return to
