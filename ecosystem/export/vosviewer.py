"""VOSviewer (van Eck and Waltman 2010): items in clusters, with weights and scores, and links of a strength."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from ecosystem.errors import UsageError
from ecosystem.export.described_network import DescribedNetwork, left_out
from ecosystem.export.files import check_suffix
from ecosystem.export.frame_cells import clean
from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr
from ecosystem.network import NOWHERE, Network
from ecosystem.tables.atomic import write_files

LINKS, STRENGTH = "Links", "Total link strength"
"""The weights that VOSviewer itself gives to the items of every network."""
MOST_CLUSTERS = 1000


def write_vosviewer(
    path: Path, shown: DescribedNetwork, *, lang: str = "en"
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Write a network for VOSviewer; the files, and what had to be changed.

    For `NAME.json` one file, which VOSviewer Online opens as well, with the names of the clusters; for `NAME.txt` the
    map `NAME.map.txt` and the network `NAME.network.txt`. Items are numbered, regions are clusters, every number of the
    nodes is a score, and one without gaps that is never negative a weight too. Links have no direction there: the
    weights of both ways are added up. UsageError for another suffix, and for more regions than it has clusters;
    OutputError where it cannot be written.
    """
    suffix = check_suffix(path, (".json", ".txt"))
    if len(shown.network.regions) > MOST_CLUSTERS:
        message = tr(
            "VOSviewer holds {most:,} clusters, not {count:,} regions",
            most=MOST_CLUSTERS,
            count=len(shown.network.regions),
        )
        raise UsageError(message, hint=tr("choose a level with fewer regions"))
    network = shown.network.undirected()
    weights, scores = _weights(shown, network), {clean(name): values for name, values in shown.numbers.items()}
    if suffix == ".json":
        files = {path: _json(shown, network, weights, scores, lang).encode()}
    else:
        files = {
            path.with_suffix(".map.txt"): _map(shown, weights, scores, lang).encode(),
            path.with_suffix(".network.txt"): "".join(f"{a}\t{b}\t{w!r}\n" for a, b, w in _links(network)).encode(),
        }
    write_files({target: [content] for target, content in files.items()})
    return tuple(files), tuple(_notes(shown))


def _weights(shown: DescribedNetwork, network: Network) -> dict[str, FloatArray]:
    ends = np.concatenate([network.source, network.target])
    both = np.concatenate([network.weight, network.weight])
    found = {
        LINKS: np.bincount(ends, minlength=len(network)).astype(np.float64),
        STRENGTH: np.bincount(ends, both, minlength=len(network)).astype(np.float64),
    }
    sizes = {name: values for name, values in shown.numbers.items() if (np.isfinite(values) & (values >= 0)).all()}
    return found | {clean(name): values for name, values in sizes.items()}


def _json(
    shown: DescribedNetwork, network: Network, weights: dict[str, FloatArray], scores: dict[str, FloatArray], lang: str
) -> str:
    items = []
    for place, region in enumerate(network.region.tolist()):
        item: dict[str, Any] = {"id": place + 1, "label": _line(shown.names[place])}
        item["description"] = _description(shown, place, lang)
        if region != NOWHERE:
            item["cluster"] = region + 1
        item["weights"] = {name: float(values[place]) for name, values in weights.items()}
        item["scores"] = {name: float(values[place]) for name, values in scores.items() if np.isfinite(values[place])}
        items.append(item)
    links = [{"source_id": one, "target_id": other, "strength": weight} for one, other, weight in _links(network)]
    names = [shown.region_name(region).to(lang) for region in network.regions]
    clusters = [{"cluster": place, "label": _line(name)} for place, name in enumerate(names, start=1)]
    content = {"network": {"items": items, "links": links, "clusters": clusters}}
    info = {"info": {"title": shown.title.to(lang), "description": escape(shown.dataset)}}
    return json.dumps(content | info, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _map(shown: DescribedNetwork, weights: dict[str, FloatArray], scores: dict[str, FloatArray], lang: str) -> str:
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter="\t", lineterminator="\n")
    headings = [*(f"weight<{name}>" for name in weights), *(f"score<{name}>" for name in scores)]
    writer.writerow(["id", "label", "description", "cluster", *headings])
    columns = [values.tolist() for values in (*weights.values(), *scores.values())]
    for place, region in enumerate(shown.network.region.tolist()):
        values = [_cell(column[place]) for column in columns]
        cluster = "" if region == NOWHERE else region + 1
        writer.writerow([place + 1, _line(shown.names[place]), _description(shown, place, lang), cluster, *values])
    return sink.getvalue()


def _cell(value: float) -> str:
    return repr(value) if np.isfinite(value) else ""


def _links(network: Network) -> Iterator[tuple[int, int, float]]:
    ends: Sequence[list[Any]] = network.source.tolist(), network.target.tolist(), network.weight.tolist()
    return ((one + 1, other + 1, weight) for one, other, weight in zip(*ends, strict=True))


def _description(shown: DescribedNetwork, place: int, lang: str) -> str:
    """The id, label and region of a node, shown under its name; VOSviewer reads it as HTML."""
    network = shown.network
    region = network.region[place]
    where = "" if region == NOWHERE else shown.region_name(network.regions[region]).to(lang)
    parts = (network.nodes[place], shown.labels[place], where)
    return escape(_line(" · ".join(part for part in parts if part)))


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _notes(shown: DescribedNetwork) -> Iterator[str]:
    if shown.network.directed:
        yield tr("VOSviewer knows no directions: the weights of both ways are added up")
    yield from left_out(shown, "VOSviewer")
