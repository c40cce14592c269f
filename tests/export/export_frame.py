"""A table with a column of every kind, and a missing value in each."""

from __future__ import annotations

import numpy as np
import pandas as pd

FRAME = pd.DataFrame(
    {
        "code": ["110000", "440000", "310000"],
        "name": ["北京市", 'Guang"dong, 广东', None],
        "score": [81.5734582345812, np.nan, 0.1 + 0.2],
        "rank": [1, 2, 3],
        "listed": [True, False, True],
        "founded": pd.to_datetime(pd.Series(["2019-03-01", None, "2021-12-31"])),
    }
)
