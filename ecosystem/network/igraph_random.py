"""The random numbers of igraph: it has one generator for all that it does, which here is seeded and given back."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import igraph


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let igraph draw from a seed; afterwards from where it draws by default."""
    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 - draws of a picture or a null, no secrets
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)
