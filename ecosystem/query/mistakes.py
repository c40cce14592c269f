"""What people write where Cypher has another way to say it, and the sentence that says which."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass

from ecosystem.errors import did_you_mean
from ecosystem.messages import tr, tr_later
from ecosystem.query.brackets import TOKEN, unmatched


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at a place of a text, and what to write instead. The place is where it stands, from 0."""

    at: int
    message: str
    hint: str | None = None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class _Clue:
    """What stands before the fault and at it, the sentence for it, and the next step."""

    before: str
    at: str
    message: str
    hint: str | None = None
    outside: bool = False


_NO_LINK = tr_later("this is no link between two nodes")
_LINK_HINT = tr_later("write (a)-[:TYPE]->(b), (a)<-[:TYPE]-(b) or (a)-[:TYPE]-(b)")
_NO_NODE, _NODE_HINT = tr_later("a node stands in parentheses"), tr_later("write (n) or (n:Label)")
_NAMES_HINT = tr_later("a name with other characters stands between backticks: `total amount`")
_CLAUSES = "match|optional|unwind|with|return|where|order|skip|limit"
_CLUES = (
    _Clue(r"=$", r"=", tr_later("equality is one = in Cypher")),
    _Clue(r"=$", r"[<>]", tr_later("at least is >= in Cypher, and at most <=")),
    _Clue(r"", r"0\d", tr_later("a whole number does not begin with 0"), tr_later("an octal number begins with 0o")),
    _Clue(r"", r"!", tr_later("unequal is <> in Cypher, and a condition is turned by NOT")),
    _Clue(r"", r"&&", tr_later("AND joins conditions in Cypher")),
    _Clue(
        r"[(|]\s*\w*\s*:[\s\w|]*$",
        r"\$",
        tr_later("a label is written out: no parameter takes its place"),
        tr_later("write the label, or test it in WHERE: $label IN labels(n)"),
        outside=True,
    ),
    _Clue(
        r"\}$", r"in\s[\w\s]*transactions\b", tr_later("a query only reads: CALL { ... } IN TRANSACTIONS is refused")
    ),
    _Clue(
        r"",
        r"select\b",
        tr_later("SELECT is SQL, and this is Cypher"),
        tr_later("a query says MATCH, then WHERE, then RETURN"),
    ),
    _Clue(
        r"",
        r"group\b",
        tr_later("Cypher has no GROUP BY"),
        tr_later("the columns beside an aggregate are what it is grouped by: RETURN c.layer, count(*)"),
    ),
    _Clue(
        r"",
        r"having\b",
        tr_later("Cypher has no HAVING"),
        tr_later("filter behind WITH: WITH c.layer AS layer, count(*) AS n WHERE n > 1 RETURN layer, n"),
    ),
    _Clue(
        r"",
        r"(?:not\s+)?i?like\b",
        tr_later("Cypher has no LIKE"),
        tr_later("write CONTAINS, STARTS WITH or ENDS WITH, or =~ with a regular expression"),
    ),
    _Clue(r"", r"between\b", tr_later("Cypher has no BETWEEN"), tr_later("write 1 <= x <= 2")),
    _Clue(
        r"",
        r"(?:(?:inner|left|right|full|outer|cross)\s+)*join\b",
        tr_later("Cypher has no JOIN"),
        tr_later("a pattern joins: MATCH (a)-[:TYPE]->(b); OPTIONAL MATCH keeps the rows that have none"),
    ),
    _Clue(r"", r"not\s+null\b", tr_later("IS is missing before NOT NULL"), tr_later("write x IS NOT NULL")),
    _Clue(
        r"",
        r"not\s+(?:in|contains|starts|ends)\b",
        tr_later("NOT stands before the whole comparison"),
        tr_later("write NOT x IN [...], NOT x CONTAINS 'a'"),
    ),
    _Clue(
        r"\bis(?:\s+not)?$",
        r"",
        tr_later("IS and IS NOT are followed by NULL"),
        tr_later("write = for equal and <> for unequal"),
    ),
    _Clue(r"\bas$", r"['\"]", tr_later("a name has no quotation marks"), _NAMES_HINT),
    _Clue(r"[{,]$", r"['\"][^'\"]*['\"]\s*:", tr_later("the names in a map have no quotation marks"), _NAMES_HINT),
    _Clue(r"\{[^{}]*\w$", r"=", tr_later("a map says name: value"), tr_later("write {name: 'Example'}")),
    _Clue(r"\bmatch\s+\w+$", r"[^=]", _NO_NODE, _NODE_HINT),
    _Clue(r"(?:\bmatch|->|--|\]-)$", r"[:\w]", _NO_NODE, _NODE_HINT),
    _Clue(r"\)\s*<?-$|\]$", r"[>(]", _NO_LINK, _LINK_HINT),
    _Clue(r"\)$", r"=>|\[", _NO_LINK, _LINK_HINT),
    _Clue(r"[\[(]\s*\w*\s*:[\w|\s]*$", r",", tr_later("labels and link types are joined by |"), "(a:A|B), -[:A|B]->"),
    _Clue(r";$", r"", tr_later("one query is asked at a time"), tr_later("ask them one after the other")),
    _Clue(
        r"\b(?:limit|skip|offset)\b[^()]*$",
        r"order\b",
        tr_later("ORDER BY stands before SKIP and LIMIT"),
        "ORDER BY ... SKIP ... LIMIT ...",
    ),
    _Clue(
        r"\blimit\b[^()]*$",
        r"(?:skip|offset)\b",
        tr_later("SKIP stands before LIMIT"),
        "ORDER BY ... SKIP ... LIMIT ...",
    ),
    _Clue(
        r"\breturn\b[^{}]*$",
        r"where\b",
        tr_later("WHERE stands before RETURN"),
        tr_later("filter results behind WITH: WITH c.layer AS layer, count(*) AS n WHERE n > 1 RETURN layer, n"),
    ),
    _Clue(
        r"\bwhere\b[^{}]*$",
        r"where\b",
        tr_later("there is a WHERE already"),
        tr_later("AND joins its conditions"),
    ),
    _Clue(
        r"\breturn\b[^{}]*\S$",
        r"(?:match|optional|unwind|call|with|return)\b",
        tr_later("RETURN ends a query"),
        tr_later("WITH hands rows on to the next clause, and UNION puts two results together"),
    ),
    _Clue(
        rf"(?:[=<>+*/,-]|\b(?:and|or|xor|not|where|contains|with|by)\b)\s*(?:{_CLAUSES})$",
        r"\w",
        tr_later("a value is missing before this clause"),
    ),
    _Clue(r"\b(?:where|when)\s+(?:and|or|xor)$", r"", tr_later("a condition is missing before AND, OR or XOR")),
    _Clue(r",$", r"(?:[)\]}]|(?:where|return|with|order|limit|match)\b)", tr_later("nothing follows the comma")),
    _Clue(r"", r"#|--\s", tr_later("a comment begins with //")),
    _Clue(
        r"['\"]$",
        r"['\"]",
        tr_later("two texts stand side by side"),
        tr_later("a quotation mark inside a text is written \\' or \\\""),
    ),
)
_OTHER_MARKS = dict(zip("“”‘’「」『』、。【】〔〕", '""\'\'"""",.[][]', strict=True))
"""Chinese marks that no normal form makes those of Cypher."""


_WORDS = (*_CLAUSES.upper().split("|"), "UNION", "DISTINCT", "CALL", "CONTAINS", "STARTS", "ENDS")


def unreadable(text: str) -> Mistake | None:
    """Why a text is not even parsed: it is too long, it nests too deep, or it has no end."""
    nested = count = 0
    for token in TOKEN.finditer(text):
        letter, count = token.group(), count + 1
        if count > MOST_WORDS:
            message = tr("the query has more than {most:,} words and marks", most=MOST_WORDS)
            return Mistake(token.start(), message, tr("give a long list as a parameter: WHERE c.id IN $ids"))
        if token.lastgroup == "other" and letter in "([{":
            nested += 1
        elif token.lastgroup == "other" and letter in ")]}":
            nested -= 1
        if nested > MOST_NESTED:
            message = tr("the query nests more than {max_depth} deep", max_depth=MOST_NESTED)
            return Mistake(token.start(), message, tr("IN [...] takes the place of many OR"))
    return _without_end(text, 0) if len(text) > _SHORT else None


def mistake_at(text: str, at: int) -> Mistake | None:
    """The mistake where the parser stopped; None where nothing is known of it."""
    before, rest = text[:at].rstrip(), text[at:]
    found = _full_width(rest[:1], at) or _without_end(text, at)
    if found is not None:
        return found
    for clue in _CLUES:
        if re.match(clue.at, rest, re.IGNORECASE) and re.search(clue.before, before[-_NEAR:], re.IGNORECASE):
            return Mistake(at, tr(clue.message), None if clue.hint is None else tr(clue.hint), clue.outside)
    return None


def missing_at(text: str, at: int) -> Mistake | None:
    """What is missing before the place where the parser stopped: a bracket, an END, a comma."""
    lonely = unmatched(text)
    if lonely is not None and lonely <= at:
        opens = text[lonely] in "([{"
        message = tr("{bracket} is never closed") if opens else tr("{bracket} closes nothing")
        return Mistake(lonely, message.replace("{bracket}", f"'{text[lonely]}'"))
    words = [token.group().upper() for token in TOKEN.finditer(text) if token.lastgroup == "word"]
    if words.count("CASE") > words.count("END"):
        return Mistake(at, tr("this CASE has no END"), "CASE WHEN ... THEN ... ELSE ... END")
    word = re.match(r"\w+", text[at:])
    if word is not None and difflib.get_close_matches(word.group().upper(), _WORDS, cutoff=_ALIKE):
        hint = did_you_mean(word.group().upper(), _WORDS)
        return Mistake(at, tr("{found!r} cannot stand here", found=word.group()), hint)
    before = text[:at].rstrip()
    if re.match(r"[\w`'\"]", text[at:]) and re.search(r"[\w`'\")\]}]$", before):
        found = word.group() if word else text[at]
        return Mistake(at, tr("an operator, a comma or AS is missing before {found!r}", found=found))
    return None


_ALIKE = 0.75
"""How much of a misspelt keyword is right at least."""
MOST_NESTED = 100
"""How many brackets may stand inside each other."""
MOST_WORDS = 50_000
"""How many words and marks a query may have."""
_SHORT = 10_000
"""Up to so many characters a text is parsed before it is searched for what has no end: the parser knows more of it."""
_NEAR = 2000
"""How many characters before a fault are looked at."""


def _full_width(letter: str, at: int) -> Mistake | None:
    plain = _OTHER_MARKS.get(letter) or unicodedata.normalize("NFKC", letter)
    if plain == letter or len(plain) != 1 or not plain.isascii() or letter.isascii():
        return None
    return Mistake(at, tr("{letter!r} is no mark of Cypher: write {plain!r}", letter=letter, plain=plain))


def _without_end(text: str, at: int) -> Mistake | None:
    """The text, name or comment that is begun at the fault or behind it, and never ended."""
    for token in TOKEN.finditer(text):
        word, start = token.group(), token.start()
        if token.lastgroup == "rest":
            return Mistake(start, tr("this comment has no end"), tr("it ends with */"))
        if token.lastgroup == "other" and word in "'\"`" and start >= at:
            hint = tr("a quotation mark inside a text is written \\' or \\\"") if word != "`" else None
            return Mistake(start, tr("this quotation mark has no other"), hint)
    return None
