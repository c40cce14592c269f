"""Three of each fault in the midst of a load: the next one leaves the same graph. `make soak` has twenty of each."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator

import pytest
from conftest import installed_lts
from faults import FAULTS, suffer
from ground import CONFIGURATION, MODES, Ground, Mode
from neo4j_server import Machine

from ecosystem.errors import StoreError

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def ground(neo4j_password: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A server of our own, which may be killed."""
    machine = Machine(installed_lts(), tmp_path_factory.mktemp("killed"), neo4j_password, more=CONFIGURATION)
    try:
        machine.start()
        ground = Ground(machine)
        ground.settle()
        yield ground
    finally:
        machine.kill()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fault", FAULTS)
def test_the_next_load_leaves_the_same_graph(
    ground: Ground, fault: str, mode: Mode, record_property: Callable[[str, object], None]
) -> None:
    told = suffer(ground, fault, mode, random.Random(f"{fault} {mode}"))
    record_property("fault", str(told))
    logging.getLogger("faults").info("%s", told)


def test_a_server_that_only_reads(ground: Ground) -> None:
    """The last test of this server, which starts once more for it."""
    ground.begin("update")
    before = ground.fingerprint()
    ground.machine.kill()
    ground.machine.configure("server.databases.default_to_read_only=true\n")
    ground.machine.start()
    for mode in MODES:
        with pytest.raises(StoreError) as caught:
            ground.load(mode)
        assert caught.value.message == f"{ground.url} only reads"
        assert "server.databases.read_only" in str(caught.value)
    assert ground.fingerprint() == before
