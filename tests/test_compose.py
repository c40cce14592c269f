"""compose.yaml: it parses, binds loopback alone, and its settings are the server's own, by the server's own check."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import absent, installed_lts
from neo4j_server import LTS, admin_program

FILE = Path(__file__).parents[1] / "compose.yaml"
_UNITS = {"m": 2**20, "g": 2**30}


@pytest.fixture(scope="module")
def server() -> dict[str, Any]:
    text = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", FILE.read_text(encoding="utf-8"))
    (service,) = yaml.safe_load(text)["services"].values()
    return dict(service)


@pytest.fixture(scope="module")
def settings(server: dict[str, Any]) -> dict[str, str]:
    """The environment as the image turns it into settings: `_` is a dot, `__` an underscore."""
    names = (name for name in server["environment"] if name != "NEO4J_AUTH")
    return {
        name.removeprefix("NEO4J_").replace("__", "\0").replace("_", ".").replace("\0", "_"): server["environment"][
            name
        ]
        for name in names
    }


def test_nobody_outside_this_machine_reaches_it(server: dict[str, Any]) -> None:
    assert server["ports"] == ["127.0.0.1:7474:7474", "127.0.0.1:7687:7687"]


def test_the_release_is_one_that_the_tests_run(server: dict[str, Any]) -> None:
    name, _, tag = server["image"].partition(":")
    assert (name, tag) == ("neo4j", f"{'.'.join(LTS.version.split('.')[:2])}-community")


def test_a_password_must_be_given_and_none_is_written_down(server: dict[str, Any]) -> None:
    assert server["environment"]["NEO4J_AUTH"].startswith("neo4j/${NEO4J_PASSWORD:?")


def test_it_says_when_it_is_ready_and_has_time_to_stop(server: dict[str, Any]) -> None:
    assert server["healthcheck"]["test"][0] == "CMD-SHELL"
    assert "localhost:7474" in server["healthcheck"]["test"][1]
    assert server["stop_grace_period"] == "2m"
    assert "neo4j-data:/data" in server["volumes"]


def test_transactions_fit_the_heap_and_all_fits_a_laptop(settings: dict[str, str]) -> None:
    heap, cache, transactions = (
        int(text[:-1]) * _UNITS[text[-1]]
        for text in (
            settings["server.memory.heap.max_size"],
            settings["server.memory.pagecache.size"],
            settings["dbms.memory.transaction.total.max"],
        )
    )
    assert transactions < heap
    assert heap + cache <= 4 * 2**30


def test_the_server_knows_every_setting(settings: dict[str, str], tmp_path: Path) -> None:
    program = admin_program(installed_lts(), tmp_path)
    configuration = tmp_path / "conf" / "neo4j.conf"
    lines = [f"{name}={value}" for name, value in settings.items()]
    configuration.write_text("\n".join(lines), encoding="utf-8")
    # every command of the program reads the configuration strictly, this one does little else
    command = [str(program), "server", "memory-recommendation"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    configuration.write_text("\n".join([*lines, "server.memory.heap.maximum=2g"]), encoding="utf-8")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Unrecognized setting" in done.stderr


@pytest.fixture(scope="module")
def compose() -> list[str]:
    """The program that reads the file: `docker-compose`, or `docker` with its plugin. Neither needs a daemon for it."""
    for program in (["docker-compose"], ["docker", "compose"]):
        asked = [*program, "version"]
        if shutil.which(program[0]) and not subprocess.run(asked, capture_output=True, check=False).returncode:
            break
    else:
        absent("docker compose is not there: install it, for example apt-get install docker-compose")
    return program


def config(compose: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEO4J_")}
    command = [*compose, "--file", str(FILE), "config"]
    return subprocess.run(command, env=kept | variables, capture_output=True, text=True, check=False)


def test_docker_reads_it(compose: list[str], server: dict[str, Any]) -> None:
    done = config(compose, {"NEO4J_PASSWORD": "only-for-this-test", "NEO4J_HEAP": "3g"})
    assert done.returncode == 0, done.stderr
    (service,) = yaml.safe_load(done.stdout)["services"].values()
    heap = {f"NEO4J_server_memory_heap_{which}__size": "3g" for which in ("initial", "max")}
    assert service["environment"] == server["environment"] | {"NEO4J_AUTH": "neo4j/only-for-this-test"} | heap
    assert service["healthcheck"]["test"] == server["healthcheck"]["test"]


def test_docker_refuses_it_without_a_password(compose: list[str]) -> None:
    done = config(compose, {})
    assert done.returncode != 0
    assert "set NEO4J_PASSWORD" in done.stderr
