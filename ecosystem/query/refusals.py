"""The message for a text that does not parse: what is outside our subset of Cypher, and what is not Cypher."""

from __future__ import annotations

import re

from lark.exceptions import UnexpectedInput, UnexpectedToken

from ecosystem.errors import Finding
from ecosystem.messages import tr, tr_later
from ecosystem.query.mistakes import Mistake, missing_at, mistake_at
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
    "FINISH": tr_later("FINISH returns nothing: end with RETURN"),
    "INSERT": tr_later("a query only reads: INSERT is refused"),
    "PROFILE": tr_later("PROFILE shows how a server works: leave it out for the rows"),
    "EXPLAIN": tr_later("EXPLAIN shows how a server works: leave it out for the rows"),
    "CYPHER": tr_later("CYPHER and its options are for a server: leave them out"),
    "SHOW": tr_later("a query only reads the graph: SHOW is refused"),
}
"""What Cypher has and a query that reads has not, with the sentence that refuses it."""

OUTSIDE_METRICS = {
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
"""What a question may have and a metric has not."""


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
    ended = isinstance(err, UnexpectedToken) and err.token.type == "$END"
    at = len(text.rstrip()) if ended else err.pos_in_stream or 0
    found = mistake_at(text, at)
    if found is None and (word := _word(text[at:])).upper() in OUTSIDE:
        found = Mistake(at, tr(OUTSIDE[word.upper()]), outside=True)
    found = found or missing_at(text, at)
    if found is None and ended:
        returns = re.search(r"(?<!\w)return(?!\w)", text, re.IGNORECASE)
        message = tr("the query ends too early") if returns else tr("the query ends too early: it has no RETURN")
        found = Mistake(at, message, tr("a query is: MATCH ... RETURN r.id AS region, ... AS value"))
    found = found or Mistake(at, tr("{found!r} cannot stand here", found=_word(text[at:])))
    code, stands = "outside_subset" if found.outside else "syntax", place(text, found.at)
    word = _word(text[at:])
    return Finding("error", code, found.message, file, stands.line, str(stands.column), value=word, hint=found.hint)


def place(text: str, at: int) -> Position:
    """The line and column of a character by its number from 0."""
    return Position(text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1)


def _word(text: str) -> str:
    """The word, or the one character, that a text begins with."""
    word = re.match(r"\w+|\S", text)
    return word.group() if word else ""
