"""The URL of a Neo4j store: where the server is, and which of its databases holds the graph."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from ecosystem.errors import UsageError
from ecosystem.messages import tr, tr_later

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
"""`neo4j` asks a cluster who answers, `bolt` this server alone; `+s` encrypts, `+ssc` trusts any certificate."""
BOLT_PORT = 7687
_BEGIN = re.compile(r"([a-z0-9+]+):(//)?", re.IGNORECASE)
_NO_PORT = tr_later("{begin}... is no URL: behind the host comes a colon and the number of a port, at most 65535")
_EXAMPLE = tr_later("for example bolt://localhost:7687")


@dataclass(frozen=True, slots=True)
class Address:
    """A server and one of its databases; without a name it is the user's own default."""

    scheme: str
    host: str
    port: int
    database: str | None = None

    @property
    def server(self) -> str:
        """What the driver connects to."""
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def encrypted(self) -> bool:
        """True when the connection is."""
        return "+" in self.scheme

    def __str__(self) -> str:
        return f"{self.server}/{self.database}" if self.database else self.server


def is_neo4j(url: str) -> bool:
    """Whether a store's URL is meant for a Neo4j server, well written or not."""
    found = _BEGIN.match(url)
    return found is not None and found[1].lower() in SCHEMES


def parse_address(url: str, database: str | None = None) -> Address:
    """The address in a URL such as `neo4j://host:7687` or `neo4j://host:7687/database`.

    Raises UsageError for what is no such URL, and for one with a user or password in it, which it never repeats.
    """
    if "@" in _plain(url):
        hint = tr("set NEO4J_USERNAME and NEO4J_PASSWORD in the environment, and leave them out of the URL")
        raise UsageError(tr("a password has no place in the URL of a store"), hint=hint)
    parts, port = _split(url)
    named = parts.path.strip("/")
    if "/" in named or parts.query or parts.fragment:
        hint = tr(
            "for example bolt://localhost:7687, or bolt://localhost:7687/NAME for a database that is not the default"
        )
        # what more it says may be a password: the server alone is repeated
        server = Address(parts.scheme, parts.hostname or "", port)
        raise UsageError(tr("the URL of {server} says more than a server and a database", server=server), hint=hint)
    if named and database and named != database:
        raise UsageError(
            tr("the URL names another database, {named}, than --database {database}", named=named, database=database),
            hint=tr("name it once"),
        )
    return Address(parts.scheme, parts.hostname or "", port, database or named or None)


def _plain(url: str) -> str:
    """The URL with every character written as itself: an @ may be full-width, or %40, or that of a %2540."""
    while (shorter := unicodedata.normalize("NFKC", unquote(url))) != url:
        url = shorter
    return url


def _split(url: str) -> tuple[SplitResult, int]:
    found = _BEGIN.match(url)
    if found is None or found[2] is None:
        raise UsageError(
            tr("{scheme}:... is no URL", scheme=url.partition(":")[0]),
            hint=tr("two strokes follow the colon, for example bolt://localhost:7687"),
        )
    begin = found[0].lower()
    try:
        parts = urlsplit(url)
        port = BOLT_PORT if parts.port is None else parts.port
    except ValueError:
        # the reason that it gives repeats what stands there, and a forgotten @ makes a port of a password
        raise UsageError(tr(_NO_PORT, begin=begin), hint=tr(_EXAMPLE)) from None
    if not parts.hostname:
        raise UsageError(tr("{begin}... names no host", begin=begin), hint=tr(_EXAMPLE))
    return parts, port
