"""The receipt of a run: what was computed from what, so that it can be computed again and compared digit for digit."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from ecosystem.errors import Finding, InputError, OutputError, UsageError
from ecosystem.index import Index
from ecosystem.index.files.value_table import ValueTable
from ecosystem.indicator_source import IndicatorSource, Window
from ecosystem.messages import speaking, tr, tr_later
from ecosystem.metrics import Measures
from ecosystem.profiles import Profile
from ecosystem.scoring import Scores
from ecosystem.scoring.earlier import EarlierScores
from ecosystem.scoring.panel import Panel
from ecosystem.scoring.result import tidy_table
from ecosystem.scoring.score_tables import versions
from ecosystem.store import LoadedDataset
from ecosystem.tables.packed import content_of

if TYPE_CHECKING:
    import pandas as pd

SUFFIX = ".run.json"
"""A receipt is called after the file that it belongs to: `scores.run.json` stands beside `scores.xlsx`."""

OF_RECEIPTS = "en"
"""The language of what is hashed: a run in one language replays in any other."""

Argument = str | int | bool | list[str] | None
OF_SCORES = ("score", "report")
"""The commands whose receipts are about scores, and can be replayed."""


class ScoreArguments(BaseModel):
    """The arguments in the receipt of a `score` run: any other option is a text, or null where it was not given."""

    model_config = ConfigDict(extra="allow", strict=True)

    __pydantic_extra__: dict[str, str | None]
    index: str
    groups: bool = False
    metrics: str | None = None
    scale: Literal["all", "year", "mixed"] | None = None


class Receipt(BaseModel):
    """What `scores.run.json` holds. Hashes are SHA-256; `result` is that of the tidy table's values.

    `file` is the name of the file beside it, which receipts of older versions do not say. `metrics` gives the hash of
    each source that has a definition of its own: a metric by its id, any other kind as the index names it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    program: Literal["ecosystem"] = "ecosystem"
    command: Literal["score", "metrics run", "profile", "robustness", "report", "compare scores"]
    arguments: dict[str, Argument]
    index: str | None = None
    index_hash: str | None = None
    weights: dict[str, float] = {}
    level: str
    since: int | None = None
    until: int | None = None
    dataset: str
    dataset_hash: str
    store: str
    values: str | None = None
    values_hash: str | None = None
    overrides: list[str] = []
    metrics: dict[str, str]
    versions: dict[str, str]
    result: str
    file: str | None = None

    @model_validator(mode="after")
    def _check_arguments(self) -> Receipt:
        if self.command in OF_SCORES:
            ScoreArguments.model_validate(self.arguments)
        return self


def receipt_of_scores(scores: Scores, arguments: Mapping[str, Argument]) -> Receipt:
    """The receipt of a `score` run."""
    common = _common(scores.level, scores.dataset, scores.store, scores.window)
    common |= _indexed(scores.index, scores.sources, scores.table)
    return Receipt(command="score", arguments=dict(arguments), result=digest_of_scores(scores), **common)


def receipt_of_report(scores: Scores, arguments: Mapping[str, Argument]) -> Receipt:
    """The receipt of a `report` run, which is that of its scores."""
    return receipt_of_scores(scores, arguments).model_copy(update={"command": "report"})


def receipt_of_panel(panel: Panel, arguments: Mapping[str, Argument]) -> Receipt:
    """The receipt of a `score --by-year` run; its window runs from the first year to the last."""
    common = _common(panel.level, panel.dataset, panel.store, Window(panel.years[0], panel.years[-1]))
    common |= _indexed(panel.index, panel.sources, panel.values)
    with speaking(OF_RECEIPTS):
        text = panel.tidy().to_csv(index=False, float_format="%.17g")
    return Receipt(command="score", arguments=dict(arguments), result=_sha(text), **common)


def receipt_of_profile(profile: Profile, arguments: Mapping[str, Argument]) -> Receipt:
    """The receipt of a `profile` run; its result is the table of the parts."""
    scores = profile.scores
    common = _common(scores.level, scores.dataset, scores.store, scores.window)
    common |= _indexed(scores.index, scores.sources, scores.table)
    with speaking(OF_RECEIPTS):
        text = profile.parts.to_csv(index=False, float_format="%.17g")
    return Receipt(command="profile", arguments=dict(arguments), result=_sha(text), **common)


def receipt_of_robustness(scores: Scores, table: pd.DataFrame, arguments: Mapping[str, Argument]) -> Receipt:
    """The receipt of a `robustness` run; its result is the table that programs read."""
    common = _common(scores.level, scores.dataset, scores.store, scores.window)
    common |= _indexed(scores.index, scores.sources, scores.table)
    text = table.to_csv(index=False, float_format="%.17g")
    return Receipt(command="robustness", arguments=dict(arguments), result=_sha(text), **common)


def receipt_of_change(now: Scores, before: Scores, table: str, arguments: Mapping[str, Argument]) -> Receipt:
    """The receipt of `compare scores --why`: that of the later state, with the data and rules of the earlier one."""
    common = _common(now.level, now.dataset, now.store, now.window)
    common |= _indexed(now.index, now.sources, now.table)
    earlier: dict[str, Argument] = {
        "before_dataset": before.dataset.name, "before_dataset_hash": before.dataset.hash,
        "before_years": str(before.window), "before_index_hash": before.index.hash,
        "before_overrides": [change.en for change in before.index.changes],
    }  # fmt: skip
    return Receipt(command="compare scores", arguments={**arguments, **earlier}, result=_sha(table), **common)


def receipt_of_comparison(
    index: Index, level: str, states: Sequence[EarlierScores], table: pd.DataFrame, arguments: Mapping[str, Argument]
) -> Receipt:
    """The receipt of `compare scores` alone: a hash of the scores and ranks of either state, the later one first.

    A state may be a table of ranks, so that the data and the rules behind it are known to none.
    """
    columns = ["region", "code", "score", "rank"]
    now, before = (
        _sha(state.frame[columns].sort_values(columns[:2]).to_csv(index=False, float_format="%.17g"))
        for state in states
    )
    return Receipt(
        command="compare scores", arguments={**arguments, "before_values_hash": before}, index=index.id,
        index_hash=index.hash, level=level, dataset="", dataset_hash="", store="", values=states[0].name,
        values_hash=now, metrics={}, versions=versions(),
        result=_sha(table.to_csv(index=False, float_format="%.17g")),
    )  # fmt: skip


def _indexed(index: Index, sources: Mapping[str, IndicatorSource], table: ValueTable | None) -> dict[str, Any]:
    digests = {source.name: source.digest for source in (sources[leaf.code] for leaf in index.leaves)}
    return {
        "metrics": {name: digest for name, digest in digests.items() if digest is not None},
        "index": index.id,
        "index_hash": index.hash,
        "weights": {part.code: part.weight for part in index.indicators},
        "values": None if table is None else table.path,
        "values_hash": None if table is None else table.hash,
        "overrides": [change.en for change in index.changes],
    }


def receipt_of_measures(
    measures: Measures, arguments: Mapping[str, Argument], table: pd.DataFrame | None = None
) -> Receipt:
    """The receipt of a `metrics run`; `table` is what was made of the values, such as their shares."""
    text = (measures.values if table is None else table).to_csv(index=False, float_format="%.17g")
    store = measures.store
    return Receipt(
        command="metrics run",
        arguments=dict(arguments),
        result=_sha(text),
        metrics={name: _sha(metric.text) for name, metric in measures.metrics.items()},
        **_common(measures.level, store.dataset, store.url, measures.window),
    )


def _common(level: str, dataset: LoadedDataset, store: str, window: Window) -> dict[str, Any]:
    return {
        "level": level,
        "since": window.since,
        "until": window.until,
        "dataset": dataset.name,
        "dataset_hash": dataset.hash,
        "store": store,
        "versions": versions(),
    }


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_scores(scores: Scores) -> str:
    """The SHA-256 of every value of the tidy table, to the last digit."""
    # the years say where values are from: older receipts, which have none, still hold
    with speaking(OF_RECEIPTS):
        values = tidy_table(scores).drop(columns="year", errors="ignore")
    # nor have they ranks below the pillars, which follow from the scores
    values["rank"] = values["rank"].where(values["level"] >= scores.index.depth - 1)
    return _sha(values.to_csv(index=False, float_format="%.17g"))


def receipt_place(out: Path) -> Path:
    """Where the receipt of a file goes: `scores.run.json` for `scores.xlsx`.

    That of `scores.csv` is called `scores.csv.run.json` where the shorter name is taken. UsageError where both are: a
    receipt takes the place of none but its own older one.
    """
    places = [out.with_name(stem + SUFFIX) for stem in (out.stem, out.name)]
    for place in places:
        if not os.path.lexists(place) or (_kept(place) or {}).get("file") == out.name:
            return place
    one, other = (place.name for place in places)
    message = tr("the receipt of {file} would take the place of {one} or {other}", file=out, one=one, other=other)
    raise UsageError(message, hint=tr("give --out another name; nothing has been computed or changed"))


def is_receipt(path: Path) -> bool:
    """Whether a file is the receipt of a run, of whichever version of this program."""
    return _kept(path) is not None


def _kept(path: Path) -> dict[str, Any] | None:
    """The receipt in a file as it stands there; None where there is none."""
    try:
        content = content_of(path)
        # a table in JSON is a list, and may be long
        found = json.loads(content) if content.lstrip().startswith(b"{") else None
    except (OSError, ValueError, RecursionError):
        return None
    ours = isinstance(found, dict) and found.get("program") == "ecosystem" and "command" in found
    return found if ours else None


def read_receipt(path: Path) -> Receipt:
    """The receipt in a file. Raises InputError when it is none."""
    hint = tr("a receipt is the file NAME{suffix} beside the one that --out wrote", suffix=SUFFIX)
    try:
        return Receipt.model_validate_json(content_of(path))
    except FileNotFoundError as err:
        raise InputError(tr("there is no receipt {path}", path=path), hint=hint) from err
    except OSError as err:
        raise OutputError(tr("{path} cannot be read: {strerror}", path=path, strerror=err.strerror), hint=hint) from err
    except ValidationError as err:
        findings = [
            Finding("error", "receipt", fault["msg"], path.name, None, ".".join(map(str, fault["loc"])) or None)
            for fault in err.errors()
        ]
        raise InputError(tr("{path} is no receipt of this program", path=path), hint=hint, findings=findings) from err


def differences(receipt: Receipt, now: Receipt) -> tuple[list[Finding], list[Finding]]:
    """What differs between a receipt and a run now: inputs, which make it another run, and versions, which need not."""
    inputs = []
    for name in ("index_hash", "dataset_hash", "level", "since", "until", "weights", "values_hash", "overrides"):
        then, today = getattr(receipt, name), getattr(now, name)
        if then != today:
            inputs.append(Finding("error", "input_changed", _changed(name, _short(then), _short(today)), "receipt"))
    for source in sorted(receipt.metrics.keys() | now.metrics.keys()):
        if receipt.metrics.get(source) != now.metrics.get(source):
            # a metric is kept by its id alone, any other source as the index names it
            text = _SOURCE_CHANGED if ":" in source else _METRIC_CHANGED
            inputs.append(Finding("error", "metric_changed", tr(text, source=source), "receipt"))
    changed = [
        Finding("warning", "version", _changed(name, text, now.versions.get(name)), "receipt")
        for name, text in receipt.versions.items()
        if now.versions.get(name) != text
    ]
    return inputs, changed


def _changed(name: str, then: str, today: str | None) -> str:
    return tr("{name} was {then} and is {now}", name=name, then=then, now=today)


_SOURCE_CHANGED, _METRIC_CHANGED = tr_later("{source} has changed"), tr_later("metric {source} has changed")


def _short(value: object) -> str:
    text = str(value)
    return f"{text[:16]}..." if len(text) > 24 else text
