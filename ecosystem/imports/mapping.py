"""Mappings by name or path: found, read as TOML, held against the language and the model, every fault at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from ecosystem.dataset.form_faults import form_findings
from ecosystem.errors import DatasetError, Finding, did_you_mean, mended
from ecosystem.imports.language import MappingSpec
from ecosystem.imports.mapping_check import check_mapping
from ecosystem.imports.mapping_model import model_for, other_currencies
from ecosystem.messages import tr, tr_later
from ecosystem.model import Model
from ecosystem.resources import resource
from ecosystem.tables.encoding import toml_table
from ecosystem.tables.packed import text_content

SUFFIX = ".toml"


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping that makes sense, with its name and the file it stands in.

    `model` is the one that it writes for: that of the folder, or the shipped one, with what its `[model]` adds.
    """

    name: str
    path: Path
    spec: MappingSpec
    model: Model

    @property
    def title(self) -> str:
        """What the source is."""
        return self.spec.title


def list_sources() -> list[Mapping]:
    """The mappings that travel with the package: those of one country, country by country, then those of the world."""
    mappings = [_read(path, None) for path in _shipped().values()]
    return sorted(mappings, key=lambda mapping: (not mapping.spec.covers, mapping.spec.covers, mapping.name))


def load_mapping(source: str, model: Model | None = None, *, settled: bool = True) -> Mapping:
    """The mapping of that name, or the one in the file `source` when it ends in .toml.

    DatasetError with every fault: a name that is not known, a file that is missing, not TOML, or says what the language
    of mappings or the model does not know. The model is the given one with what the mapping adds to it, without one
    the shipped one in the currency of the mapping; the same where the currency of the given one is not `settled`.
    """
    if source.endswith(SUFFIX):
        return _read(Path(source), model, settled=settled)
    shipped = _shipped()
    if source not in shipped:
        hint = tr(
            "{near} (a mapping of your own is named by its path: {example})",
            near=did_you_mean(source, shipped),
            example=f"my_source{SUFFIX}",
        )
        raise DatasetError(tr("no source is named {source!r}", source=source), hint=hint)
    return _read(shipped[source], model, settled=settled)


def _shipped() -> Table[str, Path]:
    return {path.stem: path for path in sorted(resource("data", "sources").glob(f"*{SUFFIX}"))}


_TAKEN = {"sources.json", "tables.json", "findings.csv", "regions.csv"}
"""What an import itself writes beside the folders of its sources."""


def _check_name(path: Path) -> None:
    """Raise DatasetError where a mapping cannot lend its name to the folder and the origins of its source."""
    name = path.stem
    if name.startswith(".") or name.casefold() in _TAKEN or not name.isprintable():
        raise DatasetError(
            tr("the mapping {path!r} has a name that no source can have", path=mended(str(path))),
            hint=tr("name it with letters, digits and _, for example my_source.toml"),
        )


def _read(path: Path, base: Model | None, *, settled: bool = True) -> Mapping:
    _check_name(path)
    document = _parsed(path)
    try:
        spec = MappingSpec.model_validate(document)
    except ValidationError as err:
        findings = list(form_findings(path.name, document, err, "mapping", _near_key))
        raise DatasetError(tr("{path} is not a mapping", path=path), findings=findings, hint=tr(_REFERENCE)) from err
    model, faults = model_for(spec, base, settled=settled)
    faults = faults or [*check_mapping(spec, model), *other_currencies(spec, model)]
    if faults:
        findings = [_in_file(path.name, fault) for fault in faults]
        raise DatasetError(tr("the mapping {path} has faults", path=path), findings=findings, hint=tr(_REFERENCE))
    return Mapping(path.stem, path, spec, model)


_REFERENCE = tr_later("docs/sources.md has every key of a mapping")


def _parsed(path: Path) -> Table[str, Any]:
    try:
        text = text_content(path)
        return toml_table(text)
    except FileNotFoundError as err:
        hint = tr("shipped are: {shipped}", shipped=", ".join(_shipped()))
        raise DatasetError(tr("the mapping {path} does not exist", path=path), hint=hint) from err
    except UnicodeDecodeError as err:
        raise DatasetError(
            tr("the mapping {path} is not UTF-8", path=path), hint=tr("save it as UTF-8, the only encoding of TOML")
        ) from err
    except tomllib.TOMLDecodeError as err:
        hint = tr("a table of values on one line is { key = value, key = value }; texts stand in quotes")
        raise DatasetError(tr("the mapping {path} is not TOML: {reason}", path=path, reason=err), hint=hint) from err
    except OSError as err:
        raise DatasetError(
            tr("cannot read the mapping {path}: {reason}", path=path, reason=err.strerror or err)
        ) from err


def _in_file(name: str, fault: Finding) -> Finding:
    return Finding(fault.severity, fault.code, fault.message, name, column=fault.column, hint=fault.hint)


def _near_key(location: tuple[int | str, ...]) -> str:
    """The known keys that are near an unknown one, in the table where it stands; or that it stands in the wrong one."""
    if len(location) > 1 and location[-1] in _fields(MappingSpec):
        return tr("{key} stands at the top of a mapping, before the first [table]", key=location[-1])
    table: type[BaseModel] = MappingSpec
    parts = iter(location[:-1])
    for part in parts:
        field = _fields(table).get(str(part))
        inner, contained = _inner(field)
        if contained:
            next(parts, None)
        table = inner or table
    return did_you_mean(str(location[-1]), _fields(table))


def _fields(table: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in table.model_fields.items()}


@cache
def _inner(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The table that a key holds, and whether in a list or by name: then the next part of a path is no key."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    origin = get_origin(annotation)
    if origin in (Union, UnionType, Annotated, list, dict):
        for argument in get_args(annotation):
            inner, contained = _inner(argument)
            if inner is not None:
                return inner, contained or origin in (list, dict)
    return None, False
