"""A dataset taken out of a database in batches, links before nodes."""

from __future__ import annotations

from ecosystem.dataset.records import Progress
from ecosystem.errors import StoreError
from ecosystem.model import load_model
from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.client import Client, TransactionTooLargeError
from ecosystem.store.neo4j.contents import MARKER
from ecosystem.store.neo4j.load import BATCH_ROWS
from ecosystem.store.neo4j.survey import counts, survey


def refuse_foreign(client: Client) -> None:
    """Raise StoreError when there are nodes or links beside the dataset: they are not ours to take away."""
    model = load_model()
    others = survey(client).without({*model.labels, MARKER}, model.links)
    if others:
        message = f"{client.address} holds what no dataset put there: {others}"
        raise StoreError(message, hint="take it away yourself, or use another database: it is left as it is")


def remove_dataset(client: Client, progress: Progress) -> None:
    """Delete every node and link of the model; the marker stays."""
    model = load_model()
    found = counts(client, model.labels, model.links)
    total = sum((*found.nodes.values(), *found.links.values()))
    done = 0
    size = BATCH_ROWS
    for match in (
        *(f"MATCH ()-[x:{name_text(kind)}]->()" for kind in found.links),
        *(f"MATCH (x:{name_text(label)})" for label in found.nodes),
    ):
        while True:
            try:
                counters = client.write(f"{match}\nWITH x LIMIT $size\nDELETE x", {"size": size})
            except TransactionTooLargeError as err:
                if size == 1:
                    raise StoreError(f"{client.address} has not memory enough to delete anything") from err
                size //= 2
                continue
            deleted = counters.nodes_deleted + counters.relationships_deleted
            done += deleted
            progress("remove", done, total)
            if deleted == 0:
                break
