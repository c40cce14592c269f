"""The message for a text that does not parse: what is outside our subset of Cypher, and what is not Cypher."""

from __future__ import annotations

import re

from lark.exceptions import UnexpectedInput, UnexpectedToken

from ecosystem.errors import Finding
from ecosystem.messages import tr, tr_later
from ecosystem.query.syntax import Position

OUTSIDE = {
    "CREATE": tr_later("a query only reads: CREATE is refused"),
    "MERGE": tr_later("a query only reads: MERGE is refused"),
    "SET": tr_later("a query only reads: SET is refused"),
    "DELETE": tr_later("a query only reads: DELETE is refused"),
    "DETACH": tr_later("a query only reads: DETACH DELETE is refused"),
    "REMOVE": tr_later("a query only reads: REMOVE is refused"),
    "DROP": tr_later("a query only reads: DROP is refused"),
    "LOAD": tr_later("a query only reads the graph: LOAD CSV is refused"),
    "FOREACH": tr_later("a query only reads: FOREACH is refused"),
    "USE": tr_later("USE is outside the subset: the store names the database"),
    "CALL": tr_later("procedures and CALL subqueries are outside the subset of metrics"),
    "UNWIND": tr_later("lists of rows (UNWIND) are outside the subset of metrics"),
    "WITH": tr_later("WITH is outside the subset of metrics: write one chain of MATCH and one RETURN"),
    "OPTIONAL": tr_later("OPTIONAL MATCH is outside the subset of metrics: a match that may be missing is no evidence"),
    "UNION": tr_later("UNION is outside the subset of metrics"),
    "ORDER": tr_later("ORDER BY is outside the subset of metrics: rows are ordered by the library"),
    "SKIP": tr_later("SKIP is outside the subset of metrics"),
    "LIMIT": tr_later("LIMIT is outside the subset of metrics"),
    "DISTINCT": tr_later("RETURN DISTINCT is outside the subset of metrics: rows are grouped by region"),
    "*": tr_later("RETURN * is outside the subset of metrics: name the columns"),
}
"""What Cypher has and a query that reads, or a metric, has not, with the sentence that refuses it."""

_CLUES = (
    (r"=$", r"=", tr_later("equality is one = in Cypher")),
    (r".*", r"!", tr_later("unequal is <> in Cypher, and a condition is turned by NOT")),
    (r"[(|]\s*\w*\s*:[\s\w|]*$", r"\$", tr_later("a label is written out: no parameter takes its place")),
)
"""What stands before the fault, what stands there, and what to say of it."""


class Refused(Exception):  # noqa: N818 - never leaves the parser
    """A text that follows the grammar and is refused all the same."""

    def __init__(self, message: str, position: Position, hint: str | None = None, code: str = "syntax") -> None:
        super().__init__(message)
        self.message, self.position, self.hint, self.code = message, position, hint, code

    def finding(self, file: str | None) -> Finding:
        """The fault with its position."""
        return Finding(
            "error", self.code, self.message, file, self.position.line, str(self.position.column), hint=self.hint
        )


def explain(err: UnexpectedInput, text: str, file: str | None) -> Finding:
    """The fault at which parsing stopped."""
    if isinstance(err, UnexpectedToken) and err.token.type == "$END":
        lines = text.rstrip().split("\n")
        hint = tr("a query is: MATCH ... RETURN r.id AS region, ... AS value")
        column = str(len(lines[-1]) + 1)
        return Finding("error", "syntax", tr("the query ends too early"), file, len(lines), column, hint=hint)
    at = err.pos_in_stream or 0
    word = re.match(r"\w+|\S", text[at:])
    found = word.group() if word else ""
    message = _outside(found, text[:at].rstrip())
    code = "outside_subset" if message else "syntax"
    message = message or tr("{found!r} cannot stand here", found=found)
    return Finding("error", code, message, file, err.line, str(err.column), value=found)


def _outside(found: str, before: str) -> str | None:
    """The message about something that Cypher has and the subset has not; None when it is not Cypher."""
    for context, word, sentence in _CLUES:
        if re.fullmatch(word, found, re.IGNORECASE) and re.search(context, before, re.IGNORECASE | re.DOTALL):
            return tr(sentence)
    return tr(OUTSIDE[found.upper()]) if found.upper() in OUTSIDE else None
