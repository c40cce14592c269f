"""One MATCH per location chain: what breaks that rule, and the same match as it keeps it.

Links of one MATCH are pairwise distinct. So two nodes that reach their regions in one MATCH never share a LOCATED_IN or
WITHIN link, and pairs that sit in the same region are lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, count

from ecosystem.query.traversal import patterns
from ecosystem.query.tree import LinkPattern, Match, NodePattern, PathPattern

LOCATION_TYPES = ("LOCATED_IN", "WITHIN")


def repeated_location(match: Match) -> tuple[str, LinkPattern] | None:
    """The type that stands twice in a match, and the link that repeats it; None where none does."""
    for one, other in combinations(match.links(), 2):
        shared = _location_types(one) & _location_types(other)
        if shared:
            return min(shared), other
    return None


def one_match_per_chain(match: Match) -> tuple[Match, ...]:
    """The same match with all but the location chains in the first MATCH, then one for each chain; WHERE comes last."""
    names = _fresh_names(match)
    pieces = [piece for path in match.paths for piece in _pieces(path, names)]
    chains = [piece for piece in pieces if piece.links and _location_types(piece.links[0])]
    others = tuple(piece for piece in pieces if piece not in chains)
    groups = [paths for paths in (others, *((chain,) for chain in chains)) if paths]
    matches = [Match(paths) for paths in _labelled_once(groups)]
    return (*matches[:-1], replace(matches[-1], where=match.where))


def _location_types(link: LinkPattern) -> set[str]:
    return set(link.types) & set(LOCATION_TYPES)


def _fresh_names(match: Match) -> Iterator[str]:
    taken = {pattern.variable for pattern in patterns(match)}
    return (name for name in (f"n{number}" for number in count(1)) if name not in taken)


def _pieces(path: PathPattern, names: Iterator[str]) -> list[PathPattern]:
    """A path cut where a location chain begins, ends or would repeat a type; a node at a cut gets a name."""
    cuts = [0]
    for number in range(1, len(path.links)):
        if _begins_a_chain(path.links[cuts[-1] : number], path.links[number]):
            cuts.append(number)
    nodes = [
        replace(node, variable=next(names)) if number in cuts[1:] and not node.variable else node
        for number, node in enumerate(path.nodes)
    ]
    ends = [*cuts[1:], len(path.links)]
    return [
        PathPattern(tuple(nodes[start : end + 1]), path.links[start:end]) for start, end in zip(cuts, ends, strict=True)
    ]


def _begins_a_chain(run: Sequence[LinkPattern], link: LinkPattern) -> bool:
    types = _location_types(link)
    return bool(types) != bool(_location_types(run[0])) or any(types & _location_types(before) for before in run)


def _labelled_once(groups: list[tuple[PathPattern, ...]]) -> Iterator[tuple[PathPattern, ...]]:
    """The paths with labels and properties of a node where it stands first, and its bare name from then on."""
    written: set[str] = set()

    def once(node: NodePattern) -> NodePattern:
        if node.variable in written:
            return NodePattern(node.variable)
        written.update({node.variable} - {""})
        return node

    for paths in groups:
        yield tuple(replace(path, nodes=tuple(once(node) for node in path.nodes)) for path in paths)
