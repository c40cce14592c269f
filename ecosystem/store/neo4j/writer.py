"""The way to write that one load has: transactions that say whose they are, and fail once another load has its turn."""

from __future__ import annotations

from collections.abc import Mapping

import neo4j

from ecosystem.errors import StoreError
from ecosystem.store.neo4j.client import Client, Parameters, Row
from ecosystem.store.neo4j.contents import MARKER, Contents, facts_of

_WHOSE = f"MATCH (m:{MARKER} {{id: 'dataset'}}) RETURN m.load AS load"
_MARK = f"MERGE (m:{MARKER} {{id: 'dataset'}}) SET m += $facts"


class Writer:
    """Writes for one load. `about` is what the server tells others of its transactions."""

    def __init__(self, client: Client, load: str, about: Mapping[str, object]) -> None:
        self.client = client
        self._load = load
        self._about = about
        self._marked = False

    def mark(self, contents: Contents) -> None:
        """Mark the database, which is ours from then on, and no other load's."""
        facts = {**facts_of(contents), "load": self._load}
        if self._marked:
            self.write(_MARK, {"facts": facts})
        else:
            self.client.write(_MARK, {"facts": facts})
        self._marked = True

    def write(self, text: str, parameters: Parameters) -> list[Row]:
        """What a statement returns, run in a transaction of its own.

        Raises StoreError when another load has taken over.
        """

        def work(transaction: neo4j.ManagedTransaction) -> list[Row]:
            if [record.value() for record in transaction.run(_WHOSE)] != [self._load]:
                message = f"another load has taken over {self.client.address}: this one lost its connection"
                raise StoreError(message, hint="wait until the other has ended, then load again")
            return [record.values() for record in transaction.run(text, dict(parameters))]

        return self.client.execute(work, text, self._about)
