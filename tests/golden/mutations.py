"""Mutants of a metric file: what a slip of the pen would make of it, as texts.

Text in, text out: it knows Cypher's brackets, strings and keywords, nothing of the package. A mutant that a checker
refuses or that changes a golden cell is killed; one that does neither is equivalent, or shows a hole in the dataset.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_TOKEN = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\w+|\s+|.", re.DOTALL)
_DEPTH = {"(": 1, "[": 1, "{": 1, "CASE": 1, ")": -1, "]": -1, "}": -1, "END": -1}
_LINK = re.compile(r"(<?)-(\[[^\]]*\])-(>?)")
_NODE_MAP = re.compile(r"\(\s*\w*\s*(?::[\w|]+)?\s*(\{[^{}]*\})\s*\)")
_LABELS = re.compile(r"\(\s*(\w*)\s*:([\w|]+)")
_COUNT = re.compile(r"\bcount\(\s*(DISTINCT\s+)?(\w+(?:\.\w+)?)\s*\)", re.IGNORECASE)
_MEAN = re.compile(r"\b(avg|sum)\(")
_DATED = re.compile(r"^// dated: (flow|stock) (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed metric file. `kind` is the slip, `name` tells which place of the file it is at."""

    kind: str
    name: str
    text: str


def mutants(text: str) -> Iterator[Mutant]:
    """Every mutant of the file, each with one slip; names are unique within the file."""
    start = _body(text)
    for make in (_conditions, _flips, _map_entries, _counts, _means, _labels, _clauses):
        for kind, name, mutant in make(text[start:]):
            yield Mutant(kind, name, text[:start] + mutant)
    yield from _windows(text)


def _body(text: str) -> int:
    """Where the query begins, below the header."""
    lines = text.splitlines(keepends=True)
    header = next((number for number, line in enumerate(lines) if line.strip() and not line.startswith("//")), 0)
    return sum(map(len, lines[:header]))


Found = Iterator[tuple[str, str, str]]


def _conditions(body: str) -> Found:
    """Without each condition of each WHERE, those in subqueries too."""
    tokens = [(match.group(), match.start()) for match in _TOKEN.finditer(body)]
    for number, (word, begin) in enumerate(tokens):
        if word.upper() != "WHERE":
            continue
        conjuncts, end = _conjuncts(tokens[number + 1 :], len(body))
        spans = [body[left:right].strip() for left, right in conjuncts]
        for dropped, condition in enumerate(spans):
            kept = " AND ".join(span for place, span in enumerate(spans) if place != dropped)
            where = f"\nWHERE {kept}\n" if kept else "\n"
            yield "condition", f"without WHERE {_flat(condition)}", body[:begin].rstrip() + where + body[end:]


def _conjuncts(tokens: list[tuple[str, int]], end: int) -> tuple[list[tuple[int, int]], int]:
    """Where the parts of a WHERE between its outermost ANDs begin and end, and where the WHERE ends.

    One with an outermost OR is a single part.
    """
    depth, begin, parts, single = 0, tokens[0][1], [], False
    for word, place in tokens:
        upper = word.upper()
        if depth + _DEPTH.get(upper, 0) < 0 or (depth == 0 and upper in {"MATCH", "RETURN"}):
            end = place
            break
        depth += _DEPTH.get(upper, 0)
        single = single or (depth == 0 and upper in {"OR", "XOR"})
        if depth == 0 and upper == "AND":
            parts.append((begin, place))
            begin = place + len(word)
    parts.append((begin, end))
    return ([(parts[0][0], end)] if single else parts), end


def _flips(body: str) -> Found:
    """With each link turned round; an undirected one directed, one way and the other."""
    for link in _LINK.finditer(body):
        left, inside, right = link.groups()
        out, back = f"-{inside}->", f"<-{inside}-"
        for turned in [out] if left else [back] if right else [out, back]:
            yield (
                "flip",
                f"{turned} for {link.group()}{_nth(body, link)}",
                body[: link.start()] + turned + body[link.end() :],
            )


def _map_entries(body: str) -> Found:
    """Without each entry of each node's map."""
    for node in _NODE_MAP.finditer(body):
        entries = [entry.strip() for entry in node.group(1)[1:-1].split(",")]
        for dropped, entry in enumerate(entries):
            kept = ", ".join(other for place, other in enumerate(entries) if place != dropped)
            begin, end = node.span(1)
            head, filled = (body[:begin], f"{{{kept}}}") if kept else (body[:begin].rstrip(), "")
            kind = "sample" if entry.startswith("in_sample") else "map"
            yield kind, f"{node.group()} without {entry}", head + filled + body[end:]


def _counts(body: str) -> Found:
    """With count(x) for count(DISTINCT x) and the other way round."""
    for call in _COUNT.finditer(body):
        swapped = f"count({call.group(2)})" if call.group(1) else f"count(DISTINCT {call.group(2)})"
        yield "distinct", f"{swapped} for {call.group()}", body[: call.start()] + swapped + body[call.end() :]


def _means(body: str) -> Found:
    """With sum for avg and the other way round."""
    for call in _MEAN.finditer(body):
        swapped = "sum(" if call.group(1) == "avg" else "avg("
        yield (
            "mean",
            f"{swapped}) for {call.group()}){_nth(body, call)}",
            body[: call.start()] + swapped + body[call.end() :],
        )


def _labels(body: str) -> Found:
    """Without each label of each node."""
    for node in _LABELS.finditer(body):
        variable, labels = node.group(1), node.group(2).split("|")
        for label in labels:
            kept = "|".join(other for other in labels if other != label)
            changed = f"({variable}:{kept}" if kept else f"({variable}"
            yield (
                "label",
                f"{node.group()}) without {label}{_nth(body, node)}",
                body[: node.start()] + changed + body[node.end() :],
            )


def _clauses(body: str) -> Found:
    """Without each MATCH (and its WHERE) that leaves the variables of RETURN bound."""
    marks = [*_outer_keywords(body, {"MATCH"}), *_outer_keywords(body, {"RETURN"})]
    returned = _variables(body) & set(re.findall(r"\b\w+\b", body[marks[-1] :]))
    for begin, end in pairwise(marks):
        rest = body[:begin] + body[end:]
        if returned <= _variables(rest):
            yield "clause", f"without {_flat(body[begin:end])}", rest


def _windows(text: str) -> Iterator[Mutant]:
    """Without the window; with the other kind of window."""
    for line in _DATED.finditer(text):
        kind, year = line.groups()
        for dated in ("none", f"{'stock' if kind == 'flow' else 'flow'} {year}"):
            changed = text[: line.start()] + f"// dated: {dated}" + text[line.end() :]
            yield Mutant("window", f"dated: {dated} for {kind} {year}", changed)


def _outer_keywords(body: str, words: set[str]) -> list[int]:
    """Where the keywords stand outside all brackets."""
    depth, found = 0, []
    for match in _TOKEN.finditer(body):
        depth += _DEPTH.get(match.group().upper(), 0)
        if depth == 0 and match.group().upper() in words:
            found.append(match.start())
    return found


def _variables(body: str) -> set[str]:
    """The variables of the patterns: names between an opening bracket and a label, a map or the closing bracket."""
    return set(re.findall(r"(?<!\w)[(\[]\s*(\w+)\s*(?=[:{)\]])", body))


def _nth(body: str, found: re.Match[str]) -> str:
    """Empty for the first place with this text, else which one it is: ` (2)`."""
    number = body.count(found.group(), 0, found.start()) + 1
    return f" ({number})" if number > 1 else ""


def _flat(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())
