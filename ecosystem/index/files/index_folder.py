"""Index folders: the list of them, and one read into a record, with every fault."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ecosystem.errors import Finding, SpecError, did_you_mean, nearest
from ecosystem.index import spec
from ecosystem.index.files.index_form import IndexForm, LevelForm, parse_toml
from ecosystem.index.files.indicator_rows import VARIABLES_NAME, Rows, read_rows, read_variables
from ecosystem.index.index_check import check_index, check_levels
from ecosystem.index.spec import CSV_NAME, TOML_NAME, Index, Indicator, SourceKind, Text, Variable
from ecosystem.index.structure import check_structure
from ecosystem.messages import tr, tr_count
from ecosystem.resources import resource
from ecosystem.tables.encoding import decoded, toml_table
from ecosystem.tables.packed import content_of, text_content


def read_index(path: Path) -> Index:
    """The index of a folder; SpecError with every error where it has any."""
    index, findings = inspect_index(path)
    if index is None:
        count = sum(finding.severity == "error" for finding in findings)
        message = tr_count(
            "index {path} cannot be used: {count} error",
            "index {path} cannot be used: {count} errors",
            count,
            path=path,
        )
        raise SpecError(message, hint=tr("ecosystem index check {path}", path=path), findings=findings)
    return index


def inspect_index(
    path: Path,
    *,
    known_sources: Mapping[SourceKind, Collection[str]] | None = None,
    known_regions: Collection[str] | None = None,
) -> tuple[Index | None, tuple[Finding, ...]]:
    """The index of a folder and every finding about it; None in place of the index where one of them is an error."""
    if not path.is_dir():
        return None, (
            Finding(
                "error", "no_folder", tr("there is no index folder {path}", path=path), hint=tr("ecosystem index list")
            ),
        )
    form_bytes, form_faults = _bytes(path / TOML_NAME)
    table_bytes, table_faults = _bytes(path / CSV_NAME)
    form, more = (None, form_faults) if form_bytes is None else _read_form(form_bytes)
    rows = Rows(findings=tuple(table_faults)) if table_bytes is None else read_rows(table_bytes)
    variables = read_variables(path / VARIABLES_NAME)
    if form is None or rows.findings or variables.findings:
        levels = {} if form is None else _levels(form)
        whole = check_structure(rows.indicators, rows.unread) if rows.indicators else []
        return None, (*more, *rows.findings, *variables.findings, *whole, *check_levels(levels, known_regions))
    files = [form_bytes or b"", table_bytes or b"", *variables.content]
    digest = hashlib.sha256(b"\0".join(files)).hexdigest()
    index = _index(form, _with_own_rules(form, rows.indicators), variables.variables, digest)
    found = (
        *_idle_rules(form, index),
        *check_index(index, known_sources=known_sources, known_regions=known_regions),
        *_name_differs(index, path),
    )
    return (None if any(finding.severity == "error" for finding in found) else index), found


def _bytes(path: Path) -> tuple[bytes | None, list[Finding]]:
    try:
        return content_of(path), []
    except FileNotFoundError:
        hint = tr("an index folder holds {rules} and {indicators}", rules=TOML_NAME, indicators=CSV_NAME)
        return None, [
            Finding(
                "error",
                "no_file",
                tr("{file} is missing from {folder}", file=path.name, folder=path.parent),
                path.name,
                hint=hint,
            )
        ]
    except OSError as err:
        return None, [
            Finding(
                "error",
                "unreadable_file",
                tr("{path} cannot be read: {reason}", path=path.name, reason=err.strerror),
                path.name,
            )
        ]


def _read_form(content: bytes) -> tuple[IndexForm | None, list[Finding]]:
    text, faults = decoded(content, TOML_NAME)
    if text is None:
        return None, faults
    try:
        table: dict[str, Any] = toml_table(text)
    except tomllib.TOMLDecodeError as err:
        line = re.search(r"at line (\d+)", str(err))
        message = tr("not valid TOML: {reason}", reason=err)
        return None, [Finding("error", "not_toml", message, TOML_NAME, int(line[1]) if line else None)]
    return parse_toml(table)


def _index(form: IndexForm, indicators: tuple[Indicator, ...], variables: tuple[Variable, ...], digest: str) -> Index:
    return Index(
        id=form.id,
        title=Text(form.title.zh, form.title.en),
        unit_of_analysis=Text(form.unit_of_analysis.zh, form.unit_of_analysis.en),
        source=Text(form.source.zh, form.source.en),
        levels=_levels(form),
        indicators=indicators,
        normalisation=form.normalisation.record(),
        aggregation=form.aggregation.record(),
        missing=spec.Missing(form.missing.rule, form.missing.coverage_mark, form.missing.least),
        ties=spec.Ties(form.ties.method, form.ties.tolerance, form.ties.decimals),
        gaps=tuple(Text(gap.zh, gap.en) for gap in form.gap),
        hash=digest,
        imputation=form.imputation.record() if form.imputation else spec.Imputation(),
        treatment=form.treatment.record() if form.treatment else spec.Treatment(),
        weighting=form.weighting.record() if form.weighting else spec.Weighting(),
        screening=form.screening.record() if form.screening else None,
        tiers=form.tiers.record() if form.tiers else None,
        rescaling=form.rescaling.record() if form.rescaling else spec.Rescaling(),
        variables=variables,
        table=spec.TableColumns(form.table.id, form.table.name, form.table.year) if form.table else spec.AS_HEADED,
    )


def _with_own_rules(form: IndexForm, indicators: tuple[Indicator, ...]) -> tuple[Indicator, ...]:
    own = {code: rules.record() for code, rules in form.indicator.items()}
    return tuple(replace(row, own=own[row.code]) if row.code in own else row for row in indicators)


def _idle_rules(form: IndexForm, index: Index) -> Iterator[Finding]:
    """An error for every rule of its own that nothing or no indicator has."""
    codes = [leaf.code for leaf in index.leaves]
    above = {row.code for row in index.indicators} - set(codes)
    for code in form.indicator:
        if code not in codes:
            message = tr("{code!r} has rules of its own, but is not an indicator", code=code)
            if code in above:
                message = tr(
                    "{code!r} is made of its parts: only an indicator (level 1) has rules of its own", code=code
                )
            yield Finding(
                "error", "unknown_indicator", message, TOML_NAME, None, f"indicator.{code}", None,
                did_you_mean(code, codes),
            )  # fmt: skip


def _levels(form: IndexForm) -> dict[str, spec.Level]:
    return {name: _level(name, level) for name, level in form.level.items()}


def _level(name: str, form: LevelForm) -> spec.Level:
    groups = tuple(spec.Group(group.id, Text(group.zh, group.en), tuple(group.members)) for group in form.groups)
    return spec.Level(name, tuple(form.ranked), form.rollup, groups)


def _name_differs(index: Index, path: Path) -> Iterator[Finding]:
    name = path.resolve().name
    if index.id != name:
        message = tr("the id {id!r} is not the name of its folder, {name!r}", id=index.id, name=name)
        yield Finding(
            "warning", "id_is_not_folder", message, TOML_NAME, None, "id", None, tr("give both the same name")
        )


def list_indices(folder: Path | None = None) -> tuple[Path, ...]:
    """The index folders inside `folder`, by name; without one, those that travel with the package."""
    root = resource("data", "indices") if folder is None else folder
    if not root.is_dir():
        raise SpecError(
            tr("there is no folder {folder}", folder=root), hint=tr("name a folder that holds index folders")
        )
    return tuple(sorted(path.parent for path in root.glob(f"*/{TOML_NAME}")))


def index_folder(name_or_dir: str) -> Path:
    """The folder of a shipped index, by its id or its title in either language, or a folder that exists.

    SpecError names the nearest ids otherwise.
    """
    shipped = {path.name: path for path in list_indices()}
    if name_or_dir in shipped:
        return shipped[name_or_dir]
    path = Path(name_or_dir)
    if path.is_dir():
        return path
    titles = {title: folder for folder in shipped.values() for title in _titles(folder)}
    for title, folder in titles.items():
        if title.casefold() == name_or_dir.casefold():
            return folder
    # a list of all that there are is a list of ids
    hint = did_you_mean(name_or_dir, titles if nearest(name_or_dir, titles, 1) else shipped)
    raise SpecError(tr("there is no index {name!r}, and no folder of that name", name=name_or_dir), hint=hint)


def _titles(folder: Path) -> list[str]:
    """The titles of a shipped index, in both languages."""
    title = tomllib.loads(text_content(folder / TOML_NAME)).get("title", {})
    return [str(text) for text in title.values()]


def load_index(name_or_dir: str) -> Index:
    """The index that a name or a path means, read and checked; SpecError where it is unknown or has errors.

    >>> index = ecosystem.load_index("cingai-2023")
    >>> [pillar.code for pillar in index.pillars][:2]
    ['company_capability', 'academic_ecology']
    """
    return read_index(index_folder(name_or_dir))
