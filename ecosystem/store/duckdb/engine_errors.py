"""What the embedded engine says of a query, in our words: a table of patterns, and a last resort.

The engine says the same in different ways: as one of its exceptions where a query begins, as an OSError in the midst
of a stream, and by other classes from one version to the next. So the words decide.
"""

from __future__ import annotations

import re

from ecosystem.messages import tr, tr_later
from ecosystem.query.run_failures import RUN_FAILURES, raised_in
from ecosystem.version import __version__

OUR_FAULT = tr_later(
    "the embedded engine cannot run what the program made of the query: a fault of the program, not of yours"
)
"""Where nothing else is known."""
_WHOLE = r"INT(?:8|16|32|64|128)\b|HUGEINT|numeric value|abs\("
_SAID = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"for the destination type UINT64|LIMIT/OFFSET|(?:LIMIT|OFFSET) (?:must not|cannot|value)", "row_number"),
        (r"(?i)could not convert string .* to (?:date|time|timestamp|interval)\b", "no_date"),
        (r"invalid (?:date|time|timestamp)[\w ]* (?:field )?format|Could not parse string", "no_date"),
        (r"(?:date|time|timestamp)[\w ]* field value out of range|Date out of range", "date_range"),
        (r"not in timestamp range|out of range for (?:DATE|TIME|TIMESTAMP|INTERVAL)", "date_range"),
        (r"(?i)overflow.*\b(?:date|timestamp|interval)|(?:date|timestamp|interval)\b.*overflow", "date_range"),
        (r"[Cc]ould not convert string .* to", "no_number"),
        (rf"[Oo]verflow.*(?:{_WHOLE})|out of range for the destination type", "overflow"),
        (r"Overflow|Value out of range", "overflow"),
        (r"(?:STDDEV|VAR|AVG|SUM|COVAR|CORR|REGR|KURTOSIS)\w* is out of range", "float_overflow"),
        (r"[Dd]ivi(?:sion|de) by zero", "zero_division"),
        (r"square root of a negative", "root_of_negative"),
        (r"cannot take logarithm", "logarithm"),
        (r"(?:QUANTILE|PERCENTILE)\w* can only take", "percentile"),
        (r"Substring (?:offset|length) outside|negative substring", "negative_length"),
        (r"Cannot create a string of size|maximum supported string size", "long_text"),
        (r"Lists larger than|maximum (?:allowed )?vector size|List \w+ too large", "long_list"),
        (r"step (?:size )?cannot be (?:zero|0)", "step"),
        (r"Map keys must be unique", "same_key"),
        (r"expression depth", "too_deep"),
        (r"(?i)no space left on device|disk quota exceeded", "disk_full"),
        (r"(?i)IO Error: (?:could not|cannot) (?:read|open)|checksum|corrupt|serialization error", "unreadable"),
        (r"Cannot (?:mix values of type|deduce template type|compare values of type|combine types)", "unlike"),
        # RE2, which the engine takes for regular expressions
        (
            r"Invalid Input Error: (?:missing [\])]|unexpected \)|no argument for rep|invalid (?:perl|escape|character "
            r"class|repetition|named capture|UTF-8)|bad repetition|trailing \\|pattern too large)",
            "pattern",
        ),
    )
)
"""The first pattern that is found decides."""


def reason_of(err: BaseException) -> tuple[str, str]:
    """What has happened to a query, and what can be done, in the language that is spoken."""
    text = str(err)
    failure = raised_in(text)
    if failure is None:
        code = next((code for pattern, code in _SAID if pattern.search(text)), None)
        failure = RUN_FAILURES[code] if code is not None else None
    if failure is not None:
        return tr(failure.message), tr(failure.hint)
    return (
        tr(OUR_FAULT),
        tr(
            "please report it with the query and this version, {version}; meanwhile try to ask it another way",
            version=__version__,
        ),
    )
