"""A measure of a network: a pure function, and the record that says what it is and under which id it is asked for.

A measure is added as a function of a `Network` and one record for each number that the function gives. The records of a
module stand at its end as `MEASURES`, which `measures.py` puts together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from ecosystem.messages import tr, tr_later
from ecosystem.network.network import Network

Of = Literal["node", "region", "network"]

OF = {
    "node": tr_later("each organisation"),
    "region": tr_later("each region"),
    "network": tr_later("the network"),
}
"""What a measure has a number for, in words."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number for each organisation, each region, or the whole of a network.

    `compute` takes a network and gives an array (N,) of its nodes or (R,) of its regions, or a float; where it gives
    several numbers at once, `part` takes this one out of what it gives, and it runs once for all. Measures of one
    `family` can be asked for by that word together. Texts are keys of messages: `meaning` has the formula, `undefined`
    says where the number is NaN, empty where it never is. `weights`, `directions` say whether these count.
    """

    id: str
    of: Of
    title: str
    meaning: str
    compute: Callable[[Network], Any]
    reference: str
    undefined: str = ""
    weights: bool = True
    directions: bool = False
    part: Callable[[Any], Any] | None = None
    family: str = ""

    def named(self) -> str:
        """The title in the language that is spoken."""
        return tr(self.title)
