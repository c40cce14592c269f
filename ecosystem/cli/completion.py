"""What a shell offers when a user presses the tab key; `ecosystem.toml` adds the metrics and indices of its folders.

Every function gets what has been typed of a word and gives the words that begin so.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ecosystem.cli.settings import settings


def complete_index(incomplete: str) -> list[str]:
    """The shipped indices, those of the folder of indices, and folders of the current one that hold an index."""
    from ecosystem.resources import resource

    own = settings().place("indices")
    folders = [resource("data", "indices"), *([Path(own)] if own else []), Path()]
    found = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
    return _beginning({path.name for path in found if (path / "index.toml").is_file()}, incomplete)


def complete_metric(incomplete: str) -> list[str]:
    """The shipped metrics, and those of the folder of metrics."""
    from ecosystem.resources import resource

    own = settings().place("metrics")
    folders = [resource("cypher", "metrics"), *([Path(own)] if own else [])]
    return _beginning({path.stem for folder in folders for path in folder.glob("*.cypher")}, incomplete)


def complete_network(incomplete: str) -> list[str]:
    """The shipped networks, and those of the folder of networks."""
    from ecosystem.resources import resource

    own = settings().place("networks")
    folders = [resource("cypher", "networks"), *([Path(own)] if own else [])]
    return _beginning({path.stem for folder in folders for path in folder.glob("*.cypher")}, incomplete)


def complete_measure(incomplete: str) -> list[str]:
    """The measures of networks and their families; what stands before the last comma stays."""
    from ecosystem.network.measures import MEASURES

    before, comma, last = incomplete.rpartition(",")
    words = {word for one in MEASURES for word in (one.id, one.family) if word.startswith(last)}
    return _beginning((f"{before}{comma}{word}" for word in words if word), incomplete)


def complete_source(incomplete: str) -> list[str]:
    """The sources with a shipped mapping."""
    from ecosystem.resources import resource

    return _beginning((path.stem for path in resource("data", "sources").glob("*.toml")), incomplete)


def complete_region(incomplete: str) -> list[str]:
    """The regions by their Chinese names, English names and ids."""
    from ecosystem.regions import shipped_regions

    names = {name for region in shipped_regions() for name in (region.name, region.name_en, region.id) if name}
    return _beginning(names, incomplete)


def complete_label(incomplete: str) -> list[str]:
    """The labels of nodes."""
    from ecosystem.model import load_model

    return _beginning(load_model().labels, incomplete)


def complete_link(incomplete: str) -> list[str]:
    """The types of links."""
    from ecosystem.model import load_model

    return _beginning((name for name, link in load_model().links.items() if not link.derived), incomplete)


def complete_level(incomplete: str) -> list[str]:
    """The levels of shipped regions, in both languages."""
    levels = ("country", "province", "city", "district", "group", "国家", "省级", "市级", "区县", "经济圈")
    return [level for level in levels if level.startswith(incomplete)]


def complete_method(step: str) -> Callable[[str], list[str]]:
    """What completes the methods of a step, which is named as its option is, `weigh` for `--weights`."""

    def complete(incomplete: str) -> list[str]:
        from ecosystem.index.method import Methods
        from ecosystem.index.steps.aggregate import AGGREGATIONS
        from ecosystem.index.steps.impute import IMPUTATIONS
        from ecosystem.index.steps.normalise import NORMALISATIONS
        from ecosystem.index.steps.rescale import RESCALINGS
        from ecosystem.index.steps.tiers import TIERS
        from ecosystem.index.steps.treat import TREATMENTS
        from ecosystem.index.steps.weigh import WEIGHTINGS

        steps: dict[str, Methods[Any]] = {
            "normalise": NORMALISATIONS,
            "aggregate": AGGREGATIONS,
            "weigh": WEIGHTINGS,
            "treat": TREATMENTS,
            "impute": IMPUTATIONS,
            "tiers": TIERS,
            "rescale": RESCALINGS,
        }
        return _beginning(steps[step].by_name, incomplete)

    return complete


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    """The words that begin as typed, sorted; in bash a blank is written with a backslash, or it would part the word."""
    found = sorted(word for word in words if word.startswith(incomplete))
    if os.environ.get("_ECOSYSTEM_COMPLETE") == "complete_bash" and " " not in incomplete:
        return [word.replace(" ", "\\ ") for word in found]
    return found
