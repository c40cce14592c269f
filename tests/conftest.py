"""What every test may use."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import neo4j
import pytest
from hypothesis import settings
from neo4j_server import CALENDAR, LTS, Installed, MissingError, Release, Server, install, running
from stores import driver, empty, without_constraints

from ecosystem.messages import speaking
from ecosystem.report.page import WEB

# the same examples on every run and machine: a test that fails now and then tells nobody anything
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public data beside the checkout; where it is absent its tests are skipped, but fail in CI."""
    if not SHARED.is_dir():
        absent(f"the public test data is not there: {SHARED.name}/ beside the checkout")
    return SHARED


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """English, whatever the environment of the tests says; a test of Chinese says so."""
    monkeypatch.delenv("ECOSYSTEM_LANG", raising=False)
    with speaking("en"):
        yield


@pytest.fixture(autouse=True)
def ctrl_c() -> Iterator[None]:
    """What Ctrl-C does to the tests: the command line, where one runs it in this process, changes that for good."""
    handler = signal.getsignal(signal.SIGINT)
    if handler is signal.SIG_IGN:  # a run in the background
        handler = signal.default_int_handler
    with suppress(ValueError):  # a worker that is not in its main thread
        signal.signal(signal.SIGINT, handler)
    yield
    with suppress(ValueError):
        signal.signal(signal.SIGINT, handler)


@pytest.fixture(scope="session")
def neo4j_server(neo4j_password: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Neo4j server whose database the tests empty: one of our own, or that of ECOSYSTEM_TEST_NEO4J_URL.

    Where there is no Java or no Maven its tests are skipped, but fail in CI.
    """
    url = os.environ.get("ECOSYSTEM_TEST_NEO4J_URL")
    if url:
        if int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")) > 1:
            pytest.fail(f"several workers would empty {url} under each other: run pytest with -n 0")
        server = Server(url, neo4j_password, os.environ.get("NEO4J_USERNAME", "neo4j"))
        with driver(server) as connection:
            if connection.execute_query("MATCH (n) RETURN count(n) AS count").records[0]["count"]:
                pytest.fail(f"{url} is not empty, and the tests delete everything: name a database that nobody needs")
        yield server
        empty(server)
    else:
        with running(_installed(LTS), tmp_path_factory.mktemp("neo4j"), neo4j_password) as server:
            yield server


@pytest.fixture
def server(neo4j_server: Server) -> Iterator[Server]:
    """The server, with nothing in it."""
    empty(neo4j_server)
    yield neo4j_server
    empty(neo4j_server)


@pytest.fixture
def bare(server: Server) -> Iterator[None]:
    """No constraint and no index before or behind."""
    without_constraints(server)
    yield
    without_constraints(server)


@pytest.fixture
def ask(server: Server) -> Iterator[Callable[..., list[neo4j.Record]]]:
    """Ask the server itself."""
    with driver(server) as connection:
        yield lambda text, **parameters: connection.execute_query(text, parameters).records


@pytest.fixture
def little_memory(neo4j_server: Server) -> None:
    """The limit that our own server has for a transaction."""
    with driver(neo4j_server) as connection:
        limit = connection.execute_query("SHOW SETTINGS 'db.memory.transaction.max' YIELD value").records[0]["value"]
    if limit != "32.00MiB":
        pytest.skip(f"the server given by ECOSYSTEM_TEST_NEO4J_URL lets a transaction have {limit}, not 32 MiB")


@pytest.fixture(scope="session")
def neo4j_calendar_server(neo4j_password: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the calendar releases; where no Java is new enough its tests are skipped, in CI too."""
    with running(_installed(CALENDAR, needed=False), tmp_path_factory.mktemp("neo4j"), neo4j_password) as server:
        yield server


@pytest.fixture(scope="session")
def neo4j_password() -> Iterator[str]:
    """The password of the servers of this run, which stands in the environment: there the package looks for it."""
    with pytest.MonkeyPatch.context() as patch:
        password = os.environ.get("NEO4J_PASSWORD") or secrets.token_urlsafe(16)
        patch.setenv("NEO4J_PASSWORD", password)
        yield password


def installed_lts() -> Installed:
    """The release that most tests run on; where it cannot be had the test is skipped, but fails in CI."""
    return _installed(LTS)


def _installed(release: Release, *, needed: bool = True) -> Installed:
    try:
        return install(release)
    except MissingError as err:
        absent(str(err), needed=needed)


def absent(reason: str, *, needed: bool = True) -> NoReturn:
    if needed and os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def web(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources of the report's script, with the packages that they name in exactly these versions."""
    if shutil.which("npm") is None:
        absent("npm is not installed")
    place = tmp_path_factory.mktemp("web") / "web"
    shutil.copytree(WEB, place, ignore=shutil.ignore_patterns("node_modules", "report.js"))
    done = subprocess.run(["npm", "install", "--silent"], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return place
