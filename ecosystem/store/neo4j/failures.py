"""What the driver and the server refuse, as one sentence each with the next plan."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import AuthError, BrokenRecordError, DriverError, Neo4jError, ServiceUnavailable, SessionExpired

from ecosystem.errors import StoreError
from ecosystem.messages import tr, tr_later
from ecosystem.query.run_failures import failed
from ecosystem.store.limits import more_time
from ecosystem.store.neo4j.address import BOLT_PORT, Address

_CREDENTIALS = tr_later("check NEO4J_USERNAME and NEO4J_PASSWORD; after three mistakes the server waits some seconds")
_TIMED_OUT = (
    "TransactionTimedOut",
    "TransactionTimedOutClientConfiguration",
    "TransactionTerminated",
    "LockClientStopped",
)
_READ_ONLY = (
    tr_later("{address} only reads"),
    tr_later("server.databases.read_only and server.databases.default_to_read_only say so"),
)
_BY_CODE = {
    "AuthenticationRateLimit": (
        tr_later("{address} has seen too many wrong passwords"),
        tr_later("wait half a minute; NEO4J_USERNAME and NEO4J_PASSWORD say who you are"),
    ),
    "CredentialsExpired": (
        tr_later("{address} wants the first password changed"),
        tr_later("log in with cypher-shell once and change it"),
    ),
    "DatabaseNotFound": (
        tr_later("{address} has no such database"),
        tr_later("the Community Edition has one, named neo4j; leave --database out"),
    ),
    "DatabaseUnavailable": (
        tr_later("the database of {address} is not available"),
        tr_later("it may be starting or stopped: try again"),
    ),
    "WriteOnReadOnlyAccessDatabase": _READ_ONLY,
    "ForbiddenOnReadOnlyDatabase": _READ_ONLY,
    "Forbidden": (
        tr_later("{address} forbids it to this user"),
        tr_later("reading needs the role reader, loading the role architect or admin"),
    ),
}


class LateError(StoreError):
    """A server has not answered in the time that it was given: it may be busy, or hang."""


@contextmanager
def explained(address: Address, statement: str | None = None, timeout: float | None = None) -> Iterator[None]:
    """Raise StoreError, with the statement, where the driver or the server refuses; no password is ever in it."""
    try:
        yield
    except AuthError as err:
        raise StoreError(
            tr("{address} refuses the user or the password", address=address), hint=tr(_CREDENTIALS)
        ) from err
    except BrokenRecordError as err:
        # a date of the answer that is none of Python's, in which the driver gives it
        raise failed("date_range", statement) from err
    except Neo4jError as err:
        raise _refused(err, address, statement, timeout) from err
    except (ServiceUnavailable, SessionExpired) as err:
        message, hint = _unreachable(err, address)
        raise StoreError(message, hint=hint, statement=statement) from err
    except TimeoutError as err:
        raise _late(address, statement, timeout) from err
    except OverflowError as err:  # of a parameter, which the driver cannot send
        raise failed("overflow", statement) from err
    except (DriverError, OSError, UnicodeError) as err:
        raise StoreError(
            tr("{address} cannot be asked: {first_line}", address=address, first_line=_first_line(err)),
            statement=statement,
        ) from err


def _refused(err: Neo4jError, address: Address, statement: str | None, timeout: float | None) -> StoreError:
    code = (err.code or "").rsplit(".", 1)[-1]
    if timeout is not None and code in _TIMED_OUT:
        return _late(address, statement, timeout)
    if is_too_large(err):
        message = tr("the query needs more memory than {address} gives to one", address=address)
        hint = tr("ask for less, or let the server give more: dbms.memory.transaction.total.max")
        return StoreError(message, hint=hint, statement=statement)
    known = _BY_CODE.get(code)
    if known is not None:
        return StoreError(tr(known[0], address=address), hint=tr(known[1]), statement=statement)
    if code == "ArithmeticError" and "overflow" in str(err):
        return failed("overflow", statement)
    if code == "ArithmeticError" and "by zero" in str(err):
        return failed("zero_division", statement)
    return StoreError(
        tr("{address} refused a query: {first_line}", address=address, first_line=_first_line(err)), statement=statement
    )


def is_too_large(err: Neo4jError) -> bool:
    """Whether the server has not memory enough for a transaction."""
    return "OutOfMemory" in (err.code or "") or "MemoryLimit" in (err.code or "")


def _late(address: Address, statement: str | None, timeout: float | None) -> StoreError:
    message = tr("{address} did not answer", address=address)
    if timeout is not None:
        message = tr("{address} did not answer within {seconds:g} s", address=address, seconds=timeout)
    return LateError(message, hint=more_time(), statement=statement)


def _unreachable(err: BaseException, address: Address) -> tuple[str, str]:
    """Why a server cannot be reached, from what lies at the bottom of the driver's error."""
    causes = list(_causes(err))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return tr("the certificate of {address} is not trusted", address=address), tr(
            "if it is your own: {other_scheme}", other_scheme=_other_scheme(address, "+ssc")
        )
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return tr("the host of {address} is not known", address=address), tr("is its name spelled right?")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        hint = tr("is the server running? its Bolt port is {bolt_port} where nobody changed it", bolt_port=BOLT_PORT)
        return tr("nothing listens at {address}", address=address), hint
    if any("looks like HTTP" in str(cause) for cause in causes):
        return tr("{address} is a web server", address=address), tr(
            "the Bolt port is another one: {bolt_port} where nobody changed it", bolt_port=BOLT_PORT
        )
    if any(isinstance(cause, TimeoutError) for cause in causes):
        encrypted = tr("is it a Neo4j server, and is it really encrypted?")
        hint = encrypted if address.encrypted else tr("is it a Neo4j server, and is it not encrypted?")
        return tr("{address} takes the connection and does not answer", address=address), hint
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return tr("{address} is not encrypted", address=address), tr(
            "write {other_scheme}, if the way there is safe", other_scheme=_other_scheme(address, "")
        )
    if any("handshake" in str(cause) for cause in causes):
        hint = tr(
            "is it a Neo4j server? if it is encrypted, write {other_scheme}", other_scheme=_other_scheme(address, "+s")
        )
        return tr("{address} does not speak Bolt", address=address), hint
    return tr("the connection to {address} was lost", address=address), tr("is the server running? then try again")


def _other_scheme(address: Address, suffix: str) -> str:
    return address.scheme.partition("+")[0] + suffix + "://..."


def _causes(err: BaseException | None) -> Iterator[BaseException]:
    """An error and all that led to it."""
    if err is None:
        return
    yield err
    yield from _causes(err.__cause__ or err.__context__)
    if isinstance(err, BaseExceptionGroup):
        for part in err.exceptions:
            yield from _causes(part)


def _first_line(err: BaseException) -> str:
    text = err.message if isinstance(err, Neo4jError) and err.message else str(err)
    return (text.splitlines() or [type(err).__name__])[0]
