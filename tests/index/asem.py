"""The ASEM index as an index in memory, and the stages that COINr 1.1.14 makes of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem.index.arrays import FloatArray
from ecosystem.index.prepare import Auxiliary
from ecosystem.index.spec import (
    Aggregation,
    Imputation,
    Index,
    Indicator,
    Level,
    Missing,
    Normalisation,
    Source,
    Text,
    Ties,
    Treatment,
)

GROUP = "EurAsia_group"
DENOMINATORS = ("Area", "Energy", "GDP", "Population")


def asem_data(shared: Path) -> pd.DataFrame:
    """The raw data, in the order of the stages."""
    return pd.read_csv(shared / "data" / "asem" / "iData.csv").sort_values("uCode", ignore_index=True)


def asem_index(shared: Path) -> Index:
    """The recipe of the stages' README: impute by group, winsorise or take logarithms, min-max, arithmetic means."""
    meta = pd.read_csv(shared / "data" / "asem" / "iMeta.csv")
    rows = meta[meta["Type"].isin(["Indicator", "Aggregate"])]
    text = Text("亚欧", "ASEM")
    indicators = tuple(
        Indicator(
            code=row["iCode"],
            parent=None if pd.isna(row["Parent"]) else row["Parent"],
            level=int(row["Level"]),
            name=Text(row["iName"], row["iName"]),
            direction=int(row["Direction"]),
            weight=float(row["Weight"]),
            weight_source="printed",
            unit=row["Unit"],
            source=Source("column", row["iCode"]) if row["Level"] == 1 else None,
            denominator=None if pd.isna(row["Denominator"]) else row["Denominator"],
            target=None if pd.isna(row["Target"]) else float(row["Target"]),
        )
        for _, row in rows.iterrows()
    )
    return Index(
        id="asem",
        title=text,
        unit_of_analysis=text,
        source=text,
        levels={"country": Level("country", tuple(asem_data(shared)["uCode"]))},
        indicators=indicators,
        normalisation=Normalisation("minmax", 0, 100),
        aggregation=Aggregation("amean", "local"),
        missing=Missing("skip", 0.5),
        ties=Ties("competition", 1e-9),
        imputation=Imputation("group_mean", GROUP),
        treatment=Treatment("winsorise_log"),
    )


def asem_values(shared: Path) -> tuple[FloatArray, Auxiliary]:
    """The value matrix in the order of the index, denominators and groups."""
    data = asem_data(shared)
    codes = [leaf.code for leaf in asem_index(shared).leaves]
    beside = {name: data[name].to_numpy(dtype=np.float64) for name in DENOMINATORS}
    return data[codes].to_numpy(dtype=np.float64), Auxiliary(beside, {GROUP: data[GROUP].tolist()})


def stage(shared: Path, name: str) -> pd.DataFrame:
    """A stage of COINr, regions in the order of the data."""
    return (
        pd.read_csv(shared / "data" / "asem" / "stages" / f"{name}.csv")
        .set_index("uCode")
        .loc[asem_data(shared)["uCode"].tolist()]
    )
