"""A network as a page of its own: one file that a browser opens without a connection, to look around in."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

import numpy as np

from ecosystem.dataset.dataset import is_marked
from ecosystem.export.frame_cells import clean
from ecosystem.export.plots.network_drawing import (
    HEIGHT,
    LABELS,
    NONE,
    OTHERS,
    WIDTH,
    Drawing,
    facts,
    kind_of,
    size_steps,
    source,
)
from ecosystem.export.plots.plot_style import Wording, is_dark
from ecosystem.messages import in_language, tr_later
from ecosystem.network import NOWHERE
from ecosystem.resources import resource

HINT = tr_later(
    "Drag to move, turn the wheel to zoom, click a node to keep its neighbours lit. A click on a colour hides it, "
    "with Shift it shows that one alone. Esc shows all again."
)
WORDS = {
    "neighbours": tr_later("neighbours"),
    "hint": HINT,
    "search": tr_later("find a name"),
    "whole": tr_later("whole network"),
    "theme": tr_later("light / dark"),
    "save": tr_later("save as PNG"),
}


def network_page(drawn: Drawing, lang: str, *, labels: int = LABELS) -> bytes:
    """The page of a laid out network: it moves and zooms, names what is pointed at, hides groups, finds names.

    `labels` is how many of the largest nodes have their name on them at first; more have as one comes nearer. It loads
    nothing: a policy in it forbids that. A light and a dark dress follow the system.
    """
    wording = Wording(lang)
    shown = drawn.shown
    made_up = [wording.word("synthetic")] if is_marked(shown.dataset) else []
    # the signs of a tag must not stand in a script, whatever a name has in it
    data = json.dumps(_data(drawn, lang, labels), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    parts = {
        "lang": "zh-CN" if lang == "zh" else "en",
        "title": escape(clean(shown.title.to(lang))),
        "facts": escape(" · ".join([*facts(drawn, lang), *made_up])),
        "source": escape(clean(source(drawn, wording))),
        "data": data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"),
    }
    page = resource("data", "pages", "network.html").read_text(encoding="utf-8")
    # in one go: what a text brings along is not looked at again
    return re.sub("@(lang|title|facts|source|data)@", lambda place: parts[place[1]], page).encode()


def _data(drawn: Drawing, lang: str, labels: int) -> dict[str, Any]:
    shown, network = drawn.shown, drawn.shown.network
    size = drawn.size_name.to(lang)
    area = in_language(lang, tr_later("area: {measure}")).format(measure=size)
    words = {key: in_language(lang, word) for key, word in WORDS.items()}
    return {
        "id": shown.id,
        "lang": "zh-CN" if lang == "zh" else "en",
        "directed": network.directed,
        "frame": [WIDTH, HEIGHT],
        "labels": labels,
        "words": words | {"size": size, "area": area, "kind": kind_of(drawn, lang)},
        "groups": [
            {
                "name": clean(group.name.to(lang)),
                "colour": group.colour,
                "nodes": group.nodes,
                "dark": is_dark(group.colour),
                "kind": {OTHERS: "others", NONE: "none"}.get(group.colour, "own"),
            }
            for group in drawn.groups
        ],
        "sizes": [[value, round(radius, 2)] for value, radius in size_steps(drawn)],
        "order": drawn.largest.tolist(),
        "nodes": _nodes(drawn, lang),
        "edges": {
            "s": network.source.tolist(),
            "t": network.target.tolist(),
            "w": [float(f"{weight:.6g}") for weight in network.weight.tolist()],
        },
    }


def _nodes(drawn: Drawing, lang: str) -> dict[str, list[Any]]:
    shown, network = drawn.shown, drawn.shown.network
    regions = [shown.region_name(region).to(lang) for region in network.regions]
    where = ["" if place == NOWHERE else regions[place] for place in network.region.tolist()]
    about = zip(network.nodes, shown.labels, where, strict=True)
    return {
        "x": np.round(drawn.at[:, 0], 1).tolist(),
        # a browser counts from above
        "y": np.round(HEIGHT - drawn.at[:, 1], 1).tolist(),
        "r": np.round(drawn.radius, 2).tolist(),
        "g": drawn.group.tolist(),
        "id": [clean(node) for node in network.nodes],
        "name": [" ".join(clean(name).split()) for name in shown.names],
        "about": [clean(" · ".join(part for part in parts if part)) for parts in about],
        "size": [float(f"{value:.6g}") if np.isfinite(value) else None for value in drawn.size.tolist()],
    }
