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
from collections.abc import Iterator
from contextlib import closing, contextmanager
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
server.memory.heap.initial_size=1g
server.memory.heap.max_size=1g
server.memory.pagecache.size=128m
db.memory.transaction.max=32m
db.logs.query.enabled=OFF
db.tx_log.rotation.retention_policy=keep_none
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


@contextmanager
def running(installed: Installed, home: Path, password: str) -> Iterator[Server]:
    """A fresh server with this password, until the end of the block."""
    port = free_port()
    environment = _prepare(home, port)
    command = [str(installed.java), *_options(), "-cp", f"{installed.jars}/*"]
    # `--`, since a password may begin with a hyphen
    admin = [*command, "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", "--", password]
    subprocess.run(admin, env=environment, check=True, capture_output=True, timeout=START_SECONDS)
    main = [*command, installed.release.main, f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
    with (home / "console.log").open("wb") as log:
        heap = ["-Xms1g", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        process = subprocess.Popen(
            [main[0], *heap, *main[1:]], env=environment, stdout=log, stderr=log, start_new_session=True
        )
    with _stopping(process):
        _wait(process, home, port)
        yield Server(f"bolt://127.0.0.1:{port}", password)


def admin_program(installed: Installed, home: Path) -> Path:
    """A `neo4j-admin` for the server that is to run in this home: what a package of Neo4j has in its `bin`."""
    configuration = home / "conf" / "neo4j.conf"
    configuration.parent.mkdir(parents=True)
    configuration.touch()
    settings = [f"NEO4J_HOME={shlex.quote(str(home))}", f"NEO4J_CONF={shlex.quote(str(configuration.parent))}"]
    quick = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]  # it runs for seconds
    java = [str(installed.java), *quick, *_options(), "-cp", f"{installed.jars}/*", "org.neo4j.cli.AdminTool"]
    program = home / "neo4j-admin"
    program.write_text(f'#!/bin/sh\nexport {" ".join(settings)}\nexec {shlex.join(java)} "$@"\n', encoding="utf-8")
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


def _prepare(home: Path, port: int) -> dict[str, str]:
    """The folders and the configuration of a server; the environment that it starts in."""
    for name in ("conf", "import", "plugins", "logs", "data", "run"):
        (home / name).mkdir(parents=True, exist_ok=True)
    (home / "conf" / "neo4j.conf").write_text(_CONFIGURATION.format(port=port), encoding="utf-8")
    return {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}


def _options() -> list[str]:
    opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENS]
    # the jars are sound, and to verify their classes takes a sixth of what a start takes (6.8 s of CPU, 5.8 without)
    unverified = ["-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote"]
    named = ["--enable-native-access=ALL-UNNAMED", "-Dlog4j2.disable.jmx=true", "-Dfile.encoding=UTF-8"]
    return [*unverified, *opens, *named]


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
        process.kill()  # its data go away as well
        process.wait()
