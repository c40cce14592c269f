"""Rules of an indicator's own: transformations, normalisation, treatment, imputation beside those of the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from command import Done, run_in
from small_index import small_index
from tables import write_csv

from ecosystem.errors import InputError, UsageError
from ecosystem.index import Auxiliary, Index, Variant, check_index, evaluate, evaluate_variants, read_index
from ecosystem.index.arrays import FloatArray
from ecosystem.index.files.own_rules_form import TransformationForm
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.write import index_files, write_folder
from ecosystem.index.override import override
from ecosystem.index.rules import Imputation, Normalisation, OwnRules, Ties, Transformation, Treatment
from ecosystem.index.spec import EVERY, Level
from ecosystem.index.steps.rank import rank
from ecosystem.index.steps.transform import TRANSFORMATIONS, Transformer
from ecosystem.index.steps.treat import WINSORISED_HIGH, treat
from ecosystem.scoring import score
from ecosystem.scoring.panel import score_panel
from ecosystem.scoring.step_changes import changed_cells

REGIONS = ("r1", "r2", "r3", "r4")
RAW = np.array([[1.0, 5, 9], [2, np.nan, 3], [4, 7, 4], [100, 2, 1]])
PEOPLE = np.array([1.0, 2, 8, 10])


def with_own(code: str = "a", index: Index | None = None, **rules: object) -> Index:
    index = small_index(regions=REGIONS) if index is None else index
    own = OwnRules(**rules)  # type: ignore[arg-type]  # the names are those of the record
    rows = tuple(replace(row, own=own) if row.code == code else row for row in index.indicators)
    return replace(index, indicators=rows)


def prepared(rule: Transformation | tuple[Transformation, ...], **columns: FloatArray) -> FloatArray:
    rules = rule if isinstance(rule, tuple) else (rule,)
    index = with_own(transformation=rules)
    scores = evaluate(index, RAW, level="province", auxiliary=Auxiliary({"people": PEOPLE, **columns}))
    np.testing.assert_array_equal(scores.prepared[:, 1:], RAW[:, 1:], "the others are as they were")
    np.testing.assert_array_equal(scores.raw, RAW)
    return scores.prepared[:, 0]


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (Transformation("ln"), np.log(RAW[:, 0])),
        (Transformation("log10"), np.log10(RAW[:, 0])),
        (Transformation("sqrt"), np.sqrt(RAW[:, 0])),
        (Transformation("share"), RAW[:, 0] / 107),
        (Transformation("per_capita", by="people"), RAW[:, 0] / PEOPLE),
        (Transformation("per_capita", by="people", per=1e5), RAW[:, 0] / PEOPLE * 1e5),
        (Transformation("growth", earlier="people"), RAW[:, 0] / PEOPLE - 1),
        (Transformation("formula", formula="(a + c) / people"), (RAW[:, 0] + RAW[:, 2]) / PEOPLE),
        ((Transformation("per_capita", by="people"), Transformation("ln")), np.log(RAW[:, 0] / PEOPLE)),
    ],
)
def test_a_transformation_of_one_indicator(
    rule: Transformation | tuple[Transformation, ...], wanted: FloatArray
) -> None:
    np.testing.assert_allclose(prepared(rule), wanted, rtol=1e-14)


def test_a_formula_stands_before_the_denominator_and_a_logarithm_behind() -> None:
    rules = (Transformation("formula", formula="a * 10"), Transformation("ln"))
    index = with_own(transformation=rules)
    rows = tuple(replace(row, denominator="people", per=100.0) if row.code == "a" else row for row in index.indicators)
    scores = evaluate(replace(index, indicators=rows), RAW, level="province", auxiliary=Auxiliary({"people": PEOPLE}))
    np.testing.assert_allclose(scores.prepared[:, 0], np.log(RAW[:, 0] * 10 / PEOPLE * 100))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Transformation("ln"), "r2:a: 'a' is undefined: the logarithm of a value that is not above 0: 0"),
        (Transformation("sqrt"), "r1:a: 'a' is undefined: the square root of a negative value: -1"),
        (Transformation("per_capita", by="zero"), "r3:a: 'a' is undefined: division by a value that is not above 0: 0"),
        (Transformation("formula", formula="c / a"), "r2:a: 'a' is undefined: division by zero: 0"),
        (Transformation("growth", earlier="zero"), "r3:a: 'a' is undefined: growth from a value that is not above 0"),
        (Transformation("formula", formula="exp(b * 1000)"), "r1:a: 'a' is undefined: the result is too large"),
        (Transformation("formula", formula="a / peopel"), "names the column 'peopel', which is in no table"),
        (Transformation("per_capita", by="heads"), "names the column 'heads', which is in no table"),
        (Transformation("growth"), "the growth of 'a' needs values of an earlier year"),
    ],
)
def test_what_is_undefined_is_told_with_region_indicator_and_value(rule: Transformation, words: str) -> None:
    raw = RAW.copy()
    raw[:2, 0] = -1, 0
    beside = Auxiliary({"people": PEOPLE, "zero": np.array([1.0, 1, 0, 1])})
    with pytest.raises(InputError) as caught:
        evaluate(with_own(transformation=(rule,)), raw, level="province", auxiliary=beside)
    assert words in str(caught.value)
    assert "hint:" in str(caught.value)


def test_a_region_that_is_not_ranked_has_nothing_to_be_undefined() -> None:
    raw = RAW.copy()
    raw[3, 0] = -1
    absent = np.array([False, False, False, True])
    scores = evaluate(with_own(transformation=(Transformation("ln"),)), raw, level="province", absent=absent)
    assert list(scores.overall_rank[:3] > 0) == [True] * 3
    assert scores.overall_rank[3] == 0


def test_each_indicator_is_normalised_imputed_and_treated_by_its_own_rule() -> None:
    """As in an index of its own, all of whose indicators have that rule."""
    plain = replace(small_index(regions=REGIONS), imputation=Imputation("mean"))
    index = with_own("a", plain, normalisation=Normalisation("zscore"), treatment=Treatment("log", force=True))
    index = with_own("b", index, imputation=Imputation("median"))
    scores = evaluate(index, RAW, level="province")
    other = replace(plain, normalisation=Normalisation("zscore"), treatment=Treatment("log", force=True))
    alone = evaluate(other, RAW, level="province")
    np.testing.assert_array_equal(scores.normalised[:, 0], alone.normalised[:, 0])
    np.testing.assert_array_equal(scores.normalised[:, 2], evaluate(plain, RAW, level="province").normalised[:, 2])
    assert scores.prepared[1, 1] == 5
    assert scores.treated is not None
    assert alone.treated is not None
    assert scores.treated.points[:, 0].all()
    assert not scores.treated.points[:, 1:].any()
    np.testing.assert_allclose(scores.treated.before[0][2], alone.treated.before[0][2])
    many = evaluate_variants(index, RAW, [Variant(), Variant(normalisation=Normalisation("rank"))], level="province")
    np.testing.assert_allclose(many.overall[0], scores.overall)
    assert not index.linear
    assert plain.linear is with_own().linear is False or small_index().linear


def test_a_forced_treatment_moves_its_points_though_the_column_passes() -> None:
    """COINr's `force_win`: as many points as it says, of the side that the skewness points to."""
    column = np.array([[1.0], [2], [3], [4], [9], [20]])
    assert (treat(column, Treatment("winsorise", points=2)).values == column).all()
    done = treat(column, Treatment("winsorise", points=2, force=True))
    np.testing.assert_array_equal(done.values[:, 0], [1, 2, 3, 4, 4, 4])
    np.testing.assert_array_equal(done.points[:, 0], [0, 0, 0, 0, WINSORISED_HIGH, WINSORISED_HIGH])
    flat = treat(np.full((3, 1), 7.0), Treatment("boxcox", force=True))
    assert (flat.values == 7).all()


def test_goalposts_under_a_logarithm_are_in_the_unit_of_the_indicator() -> None:
    index = with_own(transformation=(Transformation("ln"),), normalisation=Normalisation("goalposts", factor=1.0))
    rows = tuple(replace(row, lower=1.0, upper=100.0) if row.code == "a" else row for row in index.indicators)
    scores = evaluate(replace(index, indicators=rows), RAW, level="province")
    np.testing.assert_allclose(scores.normalised[:, 0], np.log(RAW[:, 0]) / np.log(100))


def test_ranks_of_rounded_scores() -> None:
    scores = np.array([0.7044, 0.7049, 0.7051, 0.7, np.nan])
    assert rank(scores, Ties("competition", 1e-9, 3)).tolist() == [3, 1, 1, 4, 0]
    assert rank(scores, Ties("dense", 1e-9, 3)).tolist() == [2, 1, 1, 3, 0]
    assert rank(scores, Ties("competition", 1e-9)).tolist() == [3, 2, 1, 4, 0]


def test_overrides_say_which_indicators_keep_their_rule() -> None:
    index = with_own(normalisation=Normalisation("rank"))
    assert override(index, normalise="zscore").overrides == (
        "normalisation: minmax 0-100 -> zscore with mean 0 and sd 1 (but for a, by rules of their own)",
    )


OWN = """
[indicator.a]
transformation = [{ method = "per_capita", by = "people", per = 1000.0 }, "ln"]
normalisation = { method = "minmax", range = [1, 10] }
treatment = { method = "winsorise", force = true }

[indicator.b]
transformation = "formula: (b + [c d]) / people"
imputation = "group_mean:kind"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], Path]:
    def written(own: str) -> Path:
        files = index_files(replace(small_index(regions=REGIONS), levels={"region": Level("region", (EVERY,))}))
        write_folder(tmp_path / "small", {**files, "index.toml": files["index.toml"] + own})
        rows: list[list[object]] = [["region", "a", "b", "c", "people", "c d", "kind"]]
        rows += [[region, at + 1, at, 3 - at, 10, 1, "x"] for at, region in enumerate(REGIONS)]
        write_csv(tmp_path / "v.csv", rows)
        return tmp_path

    return written


def test_own_rules_are_read_written_shown_and_used(folder: Callable[[str], Path]) -> None:
    home = folder(OWN)
    index = read_index(home / "small")
    assert index.leaves[0].own == OwnRules(
        (Transformation("per_capita", by="people", per=1000.0), Transformation("ln")),
        Normalisation("minmax", 1.0, 10.0),
        Treatment("winsorise", force=True),
    )
    write_folder(home / "again", index_files(index))
    again = read_index(home / "again")
    assert [row.own for row in again.indicators] == [row.own for row in index.indicators]
    shown = run_in(home, "index", "show", "small", "--lang", "en").stdout
    assert "a: transformation per_capita by people per 1000, then ln" in shown
    table = read_values(home / "v.csv")
    scores = score(index, values=table).standing
    # of four values five would be moved, which leaves one value: none is
    np.testing.assert_allclose(scores.prepared[:, 0], np.log([100, 200, 300, 400]))
    np.testing.assert_allclose(scores.prepared[:, 1], [0.1, 0.2, 0.3, 0.4])


def said(folder: Path, *words: str) -> Done:
    done = run_in(folder, *words)
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (
            '[indicator.aa]\ntransformation = "ln"',
            ("'aa' has rules of its own, but is not an indicator", "did you mean 'a'"),
        ),
        ('[indicator.p]\ntransformation = "ln"', ("'p' is made of its parts",)),
        ('[indicator.a]\ntransformation = "lnn"', ("did you mean 'ln'",)),
        ('[indicator.a]\ntransform = "ln"', ("unknown key 'transform'", "transformation")),
        ('[indicator.a]\ntransformation = "formula:a +"', ("ends too early",)),
        ('[indicator.a]\ntransformation = "formula"', ("needs the formula",)),
        ('[indicator.a]\ntransformation = "per_capita"', ("needs the column",)),
        ('[indicator.a]\ntransformation = "ln:2"', ("ln takes no argument",)),
        ('[indicator.a]\ntransformation = ["ln", "formula:a"]', ("write it first",)),
        ('[indicator.a]\nnormalisation = "goalposts"', ("goalposts needs the lower of 'a'",)),
        ('[indicator.a]\nnormalisation = "dist2ref:r9"', ("region 'r9' is not ranked",)),
        (
            '[indicator.a]\ntreatment = { method = "none", force = true }',
            ("'force', which has an effect only under winsorise",),
        ),
    ],
)
def test_own_rules_that_make_no_sense(folder: Callable[[str], Path], own: str, words: tuple[str, ...]) -> None:
    done = said(folder(f"\n{own}\n"), "index", "check", "small", "--format", "csv")
    assert done.code == 1
    for one in words:
        assert one in done.out.replace('""', '"')


def test_check_and_score_name_what_a_transformation_cannot_do(folder: Callable[[str], Path]) -> None:
    home = folder('\n[indicator.b]\ntransformation = "formula:c / peple"\n\n[indicator.c]\ntransformation = "ln"\n')
    done = said(home, "index", "check", "small", "--values", "v.csv", "--format", "csv")
    assert (done.code, "'peple', which is in no table" in done.out, "'people'" in done.out) == (1, True, True)
    done = said(home, "score", "small", "--values", "v.csv")
    assert (done.code, "'peple', which is in no table" in done.err) == (1, True)
    text = (home / "small" / "index.toml").read_text(encoding="utf-8").replace("peple", "people")
    (home / "small" / "index.toml").write_text(text, encoding="utf-8")
    for words in (("score", "small", "--values", "v.csv"), ("index", "check", "small", "--values", "v.csv")):
        done = said(home, *words, "--format", "csv")
        assert done.code == 1
        assert "'c' is undefined: the logarithm of a value that is not above 0: 0" in done.err + done.out
    assert "r4:c" in said(home, "score", "small", "--values", "v.csv").err


def test_growth_of_a_table_with_years(tmp_path: Path) -> None:
    rows: list[list[object]] = [["region", "year", "a", "b", "c"]]
    rows += [
        [region, year, a, 1, 2]
        for region, by in {"r1": (10, 20, 25), "r2": (8, 4, 6)}.items()
        for year, a in zip((2020, 2021, 2022), by, strict=True)
    ]
    table = read_values(write_csv(tmp_path / "v.csv", rows))
    index = with_own(transformation=(Transformation("growth"),), index=small_index(regions=("r1", "r2")))
    one = score(index, values=table).standing
    np.testing.assert_allclose(one.prepared[:, 0], [0.25, 0.5])
    two = with_own(transformation=(Transformation("growth", over=2),), index=small_index(regions=("r1", "r2")))
    np.testing.assert_allclose(score(two, values=table).standing.prepared[:, 0], [1.5, -0.25])
    panel = score_panel(index, values=table).standing
    np.testing.assert_allclose(panel.prepared[..., 0], [[np.nan, np.nan], [1, -0.5], [0.25, 0.5]])
    late = score_panel(index, values=table, since=2021).standing
    np.testing.assert_allclose(late.prepared[..., 0], [[1, -0.5], [0.25, 0.5]])


def test_an_undefined_year_of_a_panel_is_named(tmp_path: Path) -> None:
    rows: list[list[object]] = [["region", "year", "a", "b", "c"]]
    rows += [[region, year, a, 1, 2] for region, year, a in (("r1", 2021, 1), ("r1", 2022, 0), ("r2", 2021, 3))]
    table = read_values(write_csv(tmp_path / "v.csv", rows))
    index = with_own(transformation=(Transformation("ln"),), index=small_index(regions=("r1", "r2")))
    with pytest.raises(InputError, match=r"r1 2022:a: 'a' is undefined"):
        score_panel(index, values=table)


def test_every_transformation_is_whole_and_one_that_is_added_is_offered_by_all(
    folder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for method in TRANSFORMATIONS.by_name.values():
        assert method.zh
        assert method.en
        assert set(method.keys) <= set(TRANSFORMATIONS.keys)
    assert set(TransformationForm.model_fields) == {"method", *TRANSFORMATIONS.keys}
    home = folder('\n[indicator.a]\ntransformation = "novel"\n')
    assert said(home, "index", "check", "small").code == 1
    novel = replace(TRANSFORMATIONS.find("sqrt"), name="novel")
    monkeypatch.setitem(cast("dict[str, Transformer]", TRANSFORMATIONS.by_name), "novel", novel)
    index = read_index(home / "small")
    np.testing.assert_allclose(
        score(index, values=read_values(home / "v.csv")).standing.prepared[:, 0] ** 2, [1, 2, 3, 4]
    )
    for ask in (with_own(transformation=(Transformation("nothing"),)),):
        assert [one.column for one in check_index(ask)] == ["indicator.a.transformation"]
        with pytest.raises(UsageError, match="unknown transformation 'nothing'"):
            evaluate(ask, RAW, level="province")


def test_what_a_transformation_made_of_each_value_is_on_record() -> None:
    rules = (Transformation("per_capita", by="people"), Transformation("ln"))
    index = with_own("b", with_own(transformation=rules), imputation=Imputation("median"))
    scores = evaluate(index, RAW, level="province", auxiliary=Auxiliary({"people": PEOPLE}))
    cells = {(row["region"], row["code"]): row for row in changed_cells(scores).to_dict("records")}
    row = cells["r3", "a"]
    assert (row["step"], row["method"], row["from"]) == ("transformed", "per_capita by people per 1, then ln", 4)
    assert row["to"] == pytest.approx(np.log(0.5))
    assert [cells["r2", "b"][name] for name in ("step", "method", "to")] == ["imputed", "median", 5]
    assert len(cells) == 5
