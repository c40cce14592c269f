"""Networks of organisations: edges that a Cypher file returns, and measures of organisations, regions and networks."""

from ecosystem.network.network import NOWHERE, Network, coded

__all__ = ["NOWHERE", "Network", "coded"]
