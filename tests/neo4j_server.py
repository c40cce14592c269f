"""A real Neo4j server for the tests: its jars from Maven Central, its data in a folder that goes away, on loopback."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

POM = Path(__file__).parent / "neo4j" / "pom.xml"
START_SECONDS = 120
DOWNLOAD_SECONDS = 900
_OPENS = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
_CONFIGURATION = """\
server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
client.allow_telemetry=false
server.memory.pagecache.size=128m
db.logs.query.enabled=OFF
db.tx_log.rotation.retention_policy=keep_none
"""
LITTLE_MEMORY = "db.memory.transaction.max=32m\n"
"""So little that a transaction of tests can be too large."""
QUICK_START = (
    *("-Xms1g", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
    *("-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote"),
)
"""Options of a Java that soon answers; one that runs for long would compile more, and be faster in the end.

The jars are sound, and to verify their classes takes a sixth of what a start takes (6.8 s of CPU, 5.8 without).
"""


@dataclass(frozen=True, slots=True)
class Release:
    """A version of the server, the Java that it runs on, and the class that starts it."""

    version: str
    oldest_java: int
    newest_java: int
    main: str


LTS = Release("5.26.30", 17, 21, "org.neo4j.server.CommunityEntryPoint")
CALENDAR = Release("2026.08.1", 21, 25, "org.neo4j.server.Neo4jCommunity")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and who may use it. Its database is the tests' own: they empty it."""

    url: str
    password: str = field(repr=False)
    username: str = "neo4j"


class MissingError(Exception):
    """What a server needs and this machine lacks, and how to get it."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A release that can be started: with this Java, from these jars."""

    release: Release
    java: Path
    jars: Path


def install(release: Release) -> Installed:
    """The release, fetched where it is not there yet. Raises MissingError when it cannot be had."""
    return Installed(release, _find_java(release), _download(release))


class Machine:
    """A server that can be killed, stopped, and started again on what it has stored."""

    def __init__(
        self,
        installed: Installed,
        home: Path,
        password: str,
        *,
        java: Sequence[str] = QUICK_START,
        more: str = LITTLE_MEMORY,
    ) -> None:
        self._installed, self._home = installed, home
        self._port = free_port()
        self._environment = {**os.environ, **_prepare(home)}
        self._java = java
        self.admin = admin_program(installed, home, java)
        self._process: subprocess.Popen[bytes] | None = None
        self._running = ExitStack()
        self.configure(more)
        self.server = Server(f"bolt://127.0.0.1:{self._port}", password)
        # `--`, since a password may begin with a hyphen
        first = [str(self.admin), "dbms", "set-initial-password", "--", password]
        subprocess.run(first, check=True, capture_output=True, timeout=START_SECONDS)

    @property
    def pid(self) -> int:
        """The process, while it runs."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> Path:
        """The folder with the transactions that the server has written."""
        return self._home / "data" / "transactions" / "neo4j"

    def configure(self, more: str) -> None:
        """Set what these lines say for the next start, and what earlier ones said no more."""
        lines = (_CONFIGURATION.format(port=self._port) + more).split()
        settings = dict(line.split("=", 1) for line in lines)
        text = "".join(f"{name}={value}\n" for name, value in settings.items())
        (self._home / "conf" / "neo4j.conf").write_text(text, encoding="utf-8")

    def clear(self) -> None:
        """Forget all that is stored, while the server does not run."""
        for folder in ("databases", "transactions"):
            shutil.rmtree(self._home / "data" / folder / "neo4j", ignore_errors=True)

    def start(self) -> None:
        """Start, and wait until it answers."""
        log = self._home / "logs" / "neo4j.log"
        log.unlink(missing_ok=True)  # it says when it has started
        home = [f"--home-dir={self._home}", f"--config-dir={self._home / 'conf'}"]
        with (self._home / "console.log").open("wb") as console:
            self._process = subprocess.Popen(
                [*_command(self._installed, self._java), self._installed.release.main, *home],
                env=self._environment,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )
        self._running.enter_context(_stopping(self._process))
        _wait(self._process, self._home, self._port)

    def kill(self) -> None:
        """End it at once, as when the power goes."""
        self._running.close()

    def stop(self) -> None:
        """Let it end in its own way."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(START_SECONDS)
        self._running.close()


@contextmanager
def running(installed: Installed, home: Path, password: str) -> Iterator[Server]:
    """A fresh server with this password, until the end of the block."""
    machine = Machine(installed, home, password)
    try:
        machine.start()
        yield machine.server
    finally:
        machine.kill()  # its data go away as well


def admin_program(installed: Installed, home: Path, java: Sequence[str] = QUICK_START) -> Path:
    """A `neo4j-admin` for the server that is to run in this home: what a package of Neo4j has in its `bin`."""
    folders = " ".join(f"{name}={shlex.quote(value)}" for name, value in _prepare(home).items())
    command = shlex.join([*_command(installed, java), "org.neo4j.cli.AdminTool"])
    program = home / "neo4j-admin"
    program.write_text(f'#!/bin/sh\nexport {folders}\nexec {command} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return program


def _find_java(release: Release) -> Path:
    """A Java of an age that the release runs on: JAVA21, JAVA_HOME, on the PATH, or where systems put them."""
    found = [os.environ.get("JAVA21"), shutil.which("java")]
    found += [f"{os.environ['JAVA_HOME']}/bin/java"] if "JAVA_HOME" in os.environ else []
    found += sorted(map(str, Path("/usr/lib/jvm").glob("*/bin/java")))
    for java in filter(None, found):
        if release.oldest_java <= _age(java) <= release.newest_java:
            return Path(java)
    wanted = f"Java {release.oldest_java} to {release.newest_java}"
    raise MissingError(f"Neo4j {release.version} needs {wanted}: install one, for example openjdk-17-jre-headless")


def _age(java: str) -> int:
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=True, timeout=30).stderr
    except (OSError, subprocess.SubprocessError):
        return 0
    version = re.search(r'version "(\d+)', said)
    return int(version[1]) if version else 0


def _download(release: Release) -> Path:
    """The folder with the jars; they are fetched once, and are there whole or not at all."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "ecosystem-analyzer" / "neo4j" / release.version
    if folder.is_dir():
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise MissingError(f"Neo4j {release.version} comes by Maven: install it, for example apt-get install maven")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f"{release.version}.", dir=folder.parent))
    try:
        command = [maven, "-B", "-q", "-f", str(POM), f"-Dneo4j.version={release.version}"]
        command += ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={part}"]
        got = subprocess.run(command, capture_output=True, text=True, check=False, timeout=DOWNLOAD_SECONDS)
        if got.returncode:
            raise MissingError(f"Maven did not get Neo4j {release.version}: {got.stdout[-500:]}")
        if not folder.is_dir():
            part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def free_port() -> int:
    """A port on loopback that nobody listens at."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _prepare(home: Path) -> dict[str, str]:
    """The folders of a server; what its environment says of them."""
    for name in ("conf", "import", "plugins", "logs", "data", "run"):
        (home / name).mkdir(parents=True, exist_ok=True)
    return {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}


def _command(installed: Installed, java: Sequence[str]) -> list[str]:
    opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENS]
    others = ["--enable-native-access=ALL-UNNAMED", "-Dlog4j2.disable.jmx=true", "-Dfile.encoding=UTF-8"]
    return [str(installed.java), *java, *opens, *others, "-cp", f"{installed.jars}/*"]


def _wait(process: subprocess.Popen[bytes], home: Path, port: int) -> None:
    log = home / "logs" / "neo4j.log"
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        if log.exists() and "INFO  Started." in log.read_text(encoding="utf-8"):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
        time.sleep(0.1)
    told = [path.read_text(encoding="utf-8", errors="replace")[-1500:] for path in (log, home / "console.log")]
    raise RuntimeError("the Neo4j server did not start:\n" + "\n".join(told))


@contextmanager
def _stopping(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Stop the server at the end of the block; a guard does it when this process dies before."""
    text = "import os, sys; sys.stdin.read(); os.kill(int(sys.argv[1]), int(sys.argv[2]))"
    command = [sys.executable, "-c", text, str(process.pid), str(int(signal.SIGKILL))]
    guard = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield
    finally:
        guard.kill()
        guard.communicate()
        process.kill()
        process.wait()
