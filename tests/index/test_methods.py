"""The tables of methods: what they offer is offered everywhere, what they do not have is refused everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np
import pytest
from small_index import small_index

from ecosystem.errors import UsageError
from ecosystem.index import Index, Variant, check_index, evaluate, evaluate_variants, inspect_index, read_index
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.files.rule_forms import (
    AggregationForm,
    ImputationForm,
    MissingForm,
    NormalisationForm,
    Table,
    TieringForm,
    TiesForm,
    TreatmentForm,
    WeightingForm,
)
from ecosystem.index.files.write import index_files, toml_text, write_folder
from ecosystem.index.method import Key, Method, Methods, table_of
from ecosystem.index.override import override, with_weights
from ecosystem.index.rule_text import describe_rules
from ecosystem.index.rules import (
    Aggregation,
    DataTies,
    Imputation,
    LogForm,
    Normalisation,
    Tiering,
    Treatment,
    Weighting,
)
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.impute import IMPUTATIONS, MISSING_RULES, MissingRule
from ecosystem.index.steps.normalise import NORMALISATIONS, Columns, Normaliser
from ecosystem.index.steps.rank import TIES, data_ranks
from ecosystem.index.steps.tiers import TIERS, tier
from ecosystem.index.steps.treat import LOG_FORMS, TREATMENTS
from ecosystem.index.steps.weigh import WEIGHTINGS, data_weights

VALUES = np.array([[1.0, 5, 2], [2, 3, 9], [4, 1, 3]])
BASE = small_index(bounds=(1.0, 100.0))

STEPS: dict[str, tuple[Methods[Any], type[Table], str, Callable[[str], Index]]] = {
    # the rule: its table, its form, a method of it that needs no key, the index with a method of that name
    "normalisation": (
        *(NORMALISATIONS, NormalisationForm, "minmax"),
        lambda name: replace(BASE, normalisation=replace(BASE.normalisation, method=name)),
    ),
    "aggregation": (
        *(AGGREGATIONS, AggregationForm, "amean"),
        lambda name: replace(BASE, aggregation=replace(BASE.aggregation, method=name)),
    ),
    "imputation": (IMPUTATIONS, ImputationForm, "mean", lambda name: replace(BASE, imputation=Imputation(name))),
    "treatment": (TREATMENTS, TreatmentForm, "winsorise", lambda name: replace(BASE, treatment=Treatment(name))),
    "weighting": (WEIGHTINGS, WeightingForm, "critic", lambda name: replace(BASE, weighting=Weighting(name))),
    "missing": (
        *(MISSING_RULES, MissingForm, "zero"),
        lambda name: replace(BASE, missing=replace(BASE.missing, rule=name)),
    ),
    "ties": (TIES, TiesForm, "dense", lambda name: replace(BASE, ties=replace(BASE.ties, method=name))),
    "tiers": (TIERS, TieringForm, "jenks", lambda name: replace(BASE, tiers=Tiering(name, 2))),
}
OPTIONS = {
    "normalisation": "normalise",
    "aggregation": "aggregate",
    "imputation": "impute",
    "treatment": "treat",
    "weighting": "weights",
    "tiers": "tiers",
}
EVERY_STEP = pytest.mark.parametrize("step", STEPS)


def add(patch: pytest.MonkeyPatch, table: Methods[Any], record: Method[Any]) -> None:
    """Another method in a table, for one test."""
    patch.setitem(cast("dict[str, Method[Any]]", table.by_name), record.name, record)


@EVERY_STEP
def test_every_record_is_whole(step: str) -> None:
    table, form, _, _ = STEPS[step]
    for name, method in table.by_name.items():
        assert name == method.name
        assert method.zh
        assert method.en
        assert set(method.keys) <= set(table.keys)
    assert set(table.keys) <= set(form.model_fields), "a key of the table is a field of the form"
    always = {"method", "rule", "weights", "by_level", "coverage_mark", "tolerance", "skew", "kurtosis"}
    assert set(form.model_fields) - set(table.keys) <= always, "a field that belongs to some methods is a key"


def test_a_table_refuses_two_of_a_name_and_keys_that_it_does_not_list() -> None:
    one = Method("a", len, "甲", "a")
    with pytest.raises(ValueError, match="two methods of a step have one name"):
        table_of("a step", [one, one])
    with pytest.raises(ValueError, match="no key b"):
        table_of("a step", [replace(one, keys=("b",))], [Key("c", str)])
    with pytest.raises(ValueError, match="n_magic"):
        NORMALISATIONS.of_coinr("n_magic")


def test_choices_of_a_parameter_and_what_they_do_agree() -> None:
    assert set(LOG_FORMS) == set(get_args(LogForm))
    for ties in get_args(DataTies):
        assert data_ranks(VALUES, ties).shape == VALUES.shape
    assert {"n_minmax", "n_zscore", "n_rank", "n_goalposts"} <= {one.coinr for one in NORMALISATIONS.by_name.values()}


@EVERY_STEP
def test_a_name_that_no_table_has_is_refused_by_all(step: str, tmp_path: Path) -> None:
    table, _, known, with_method = STEPS[step]
    index = with_method("no_such_method")
    if step != "tiers":  # tiers are made from scores, by the room above
        with pytest.raises(UsageError, match=f"unknown {table.step} 'no_such_method'"):
            evaluate(index, VALUES, level="province")
        with pytest.raises(UsageError, match="'no_such_method'"):
            evaluate_variants(index, VALUES, [Variant()], level="province")
    for ask in (lambda: list(describe_rules(index)), lambda: toml_text(index), lambda: table.find("no_such_method")):
        with pytest.raises(UsageError, match=f"unknown {table.step} 'no_such_method'"):
            ask()
    if step in OPTIONS:
        with pytest.raises(UsageError, match=f"unknown {table.step} 'no_such_method'"):
            override(BASE, **{OPTIONS[step]: "no_such_method"})
    (finding,) = [finding for finding in check_index(index) if finding.severity == "error"]
    key = "rule" if step == "missing" else "method"
    assert (finding.code, finding.column) == ("unknown_choice", f"{step}.{key}")
    files = index_files(with_method(known))
    files["index.toml"] = files["index.toml"].replace(
        f'[{step}]\n{key} = "{known}"', f'[{step}]\n{key} = "no_such_method"'
    )
    write_folder(tmp_path / "small", files)
    (finding,) = [finding for finding in inspect_index(tmp_path / "small")[1] if finding.severity == "error"]
    assert (finding.code, finding.column) == ("unknown_choice", f"{step}.{key}")
    assert "cannot be 'no_such_method'" in finding.message


def test_what_is_asked_beside_the_engine_refuses_it_too() -> None:
    with pytest.raises(UsageError, match="unknown way to make tiers 'no_such_method'"):
        tier(VALUES[:, 0], Tiering("no_such_method", 2))
    with pytest.raises(UsageError, match="unknown weighting 'no_such_method'"):
        data_weights(VALUES, np.ones(3), Weighting("no_such_method"))
    with pytest.raises(UsageError, match="printed weights do not come from the data"):
        data_weights(VALUES, np.ones(3), Weighting("printed"))


@EVERY_STEP
def test_a_method_that_is_added_is_offered_by_all(step: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A record alone: the command line, the form, the check, the method sheet and the engine know it."""
    table, _, known, with_method = STEPS[step]
    add(monkeypatch, table, replace(table.find(known), name="novel"))
    index, old = with_method("novel"), with_method(known)
    assert check_index(index) == check_index(old)
    words = dict(describe_rules(index))["missing_rule" if step == "missing" else step]
    assert words.startswith("novel")
    write_folder(tmp_path / "small", index_files(index))
    assert replace(read_index(tmp_path / "small"), hash="") == replace(
        index, indicators=read_index(tmp_path / "small").indicators
    )
    if step in OPTIONS:
        text = "novel:2" if step == "tiers" else "novel"
        assert f"-> {text}" in override(BASE, **{OPTIONS[step]: text}).overrides[0]
    found, before = (evaluate(one, VALUES, level="province") for one in (index, old))
    np.testing.assert_array_equal(found.overall, before.overall)
    np.testing.assert_array_equal(found.overall_rank, before.overall_rank)


def test_a_normalisation_of_one_record_and_its_function(monkeypatch: pytest.MonkeyPatch) -> None:
    def logistic(values: FloatArray, at: Columns) -> FloatArray:
        return 1 / (1 + np.exp(-values * at.directions))

    add(monkeypatch, NORMALISATIONS, Normaliser("logistic", logistic, "S 形函数", "1 / (1 + exp(-x))"))
    index = override(BASE, normalise="logistic")
    assert index.normalisation == Normalisation("logistic")
    assert check_index(index) == ()
    assert dict(describe_rules(index))["normalisation"] == "logistic"
    found = evaluate(index, VALUES, level="province")
    np.testing.assert_allclose(found.normalised, 1 / (1 + np.exp(-VALUES * [1, 1, -1])))
    many = evaluate_variants(BASE, VALUES, [Variant(normalisation=Normalisation("logistic"))], level="province")
    np.testing.assert_allclose(many.overall[0], found.overall, rtol=1e-12)


@pytest.mark.parametrize(
    ("option", "text", "words"),
    [
        (
            "impute",
            "mean:kind",
            r"mean takes no argument.*\n.*these take one: group_mean, group_median; for example group_mean:COLUMN",
        ),
        ("treat", "log:ct", r"log takes no argument: 'log:ct'$"),
        ("aggregate", "amean:2", "amean takes no argument"),
        ("tiers", "jenks", r"jenks needs an argument.*\n.*write it as jenks:5"),
        ("tiers", "jenks:1.5", "is not a way to make tiers"),
        ("normalise", "dist2ref", r"dist2ref needs an argument.*\n.*dist2ref:REGION"),
    ],
)
def test_an_argument_that_a_method_does_not_take_or_lacks(option: str, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        override(BASE, **{option: text})


def test_a_rule_that_is_changed_starts_from_its_usual_parameters() -> None:
    for name, method in NORMALISATIONS.by_name.items():
        if "reference" not in method.keys:
            assert override(BASE, normalise=name).normalisation == method.rule()
    names = {one.name for one in fields(Normalisation)}
    assert {"lower", "upper"} | set(NORMALISATIONS.keys) - {"range"} <= names
    both = override(BASE, normalise="minmax", aggregate="mpi")
    assert (both.normalisation.lower, both.normalisation.upper) == (70, 130)


@pytest.mark.parametrize("method", ["weighted_sum", "amean"])
def test_a_rule_for_what_is_missing_of_one_record(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A score of 40 for what is missing, in a sum of points as in a mean; an excluded region stays without a score."""

    def forty(scores: FloatArray, excluded: BoolArray) -> FloatArray:
        return np.where(np.isnan(scores) & ~excluded[..., None], 40.0, scores)

    add(monkeypatch, MISSING_RULES, MissingRule("forty", forty, "计四十分", "scores 40"))
    index = replace(BASE, missing=replace(BASE.missing, rule="forty"), aggregation=Aggregation(method, "global"))
    values, absent = np.vstack([VALUES[:2], [np.nan, 4, 2]]), np.array([False, True, False])
    found = evaluate(index, values, level="province", absent=absent)
    b, c = found.normalised[2, 1:]
    assert found.overall[2] == pytest.approx(0.5 * 40 + 0.2 * b + 0.3 * c)
    assert found.weighted[2, 0] == pytest.approx(20)
    assert np.isnan(found.overall[1])
    many = evaluate_variants(index, values, [Variant()], level="province", absent=absent)
    np.testing.assert_allclose(many.overall[0], found.overall)


def test_too_few_methods_by_level_are_a_finding() -> None:
    index = replace(BASE, aggregation=replace(BASE.aggregation, method="amean", by_level=("gmean",)))
    assert "by_level" in {finding.code for finding in check_index(index)}


def test_a_method_that_the_index_has_already_is_no_change() -> None:
    index = override(BASE, normalise="zscore", aggregate="gmean", weights="critic", treat="winsorise", tiers="jenks:4")
    assert len(index.overrides) == 5
    again = override(index, normalise="zscore", aggregate="gmean", weights="critic", treat="winsorise", tiers="jenks:4")
    assert again == index
    assert override(BASE, treat=BASE.treatment.method, impute=BASE.imputation.method).overrides == ()
    shares = {leaf.code: leaf.weight for leaf in BASE.leaves}
    own = with_weights(BASE, shares, "w.csv")
    assert with_weights(own, {code: 2 * share for code, share in shares.items()}, "w.csv") == own
