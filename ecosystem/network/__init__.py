"""Networks of organisations: edges that a Cypher file returns, and measures of organisations, regions and networks."""

from ecosystem.network.linkage import Linkage, linkage
from ecosystem.network.network import NOWHERE, Network, coded
from ecosystem.network.network_file import (
    NetworkFile,
    bind_networks,
    check_network,
    find_network,
    load_networks,
    parse_network,
)

__all__ = [
    "NOWHERE",
    "Linkage",
    "Network",
    "NetworkFile",
    "bind_networks",
    "check_network",
    "coded",
    "find_network",
    "linkage",
    "load_networks",
    "parse_network",
]
