"""Where the files of an export are: by name, by a pattern, in a zip archive; and what they are called."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ecosystem.errors import DatasetError, mended, nearest
from ecosystem.imports.language import FileSpec, MappingSpec
from ecosystem.messages import tr
from ecosystem.tables.archive import is_archive, is_pattern, members_like
from ecosystem.tables.form import Form

Place = tuple[Path, str | None]
"""A file, and which one in it where it is a zip archive."""


def places_of(spec: MappingSpec, from_: Path) -> dict[str, list[Place]]:
    """Where each file of the mapping is. DatasetError where a pattern fits none, or --from is not what it has to be."""
    if from_.is_dir():
        return {
            key: [place for path in _paths(file, from_) for place in _members(path, file.member)]
            for key, file in spec.files.items()
        }
    if is_archive(from_) and not _take_archives(spec):
        return {
            key: [place for name in file.path for place in _members(from_, _only(name, from_, spec))]
            for key, file in spec.files.items()
        }
    names = {name for file in spec.files.values() for name in file.path}
    if len(names) > 1:
        wanted = ", ".join(sorted(names))
        raise DatasetError(
            tr("{path} is not a folder", path=from_),
            hint=tr("the mapping takes several files ({wanted}): name their folder", wanted=wanted),
        )
    if not from_.exists() and not from_.suffix:
        raise DatasetError(
            tr("{path} does not exist", path=from_),
            hint=tr("name the folder that has {names}, or the file", names=", ".join(names)),
        )
    return {key: list(_members(from_, file.member)) for key, file in spec.files.items()}


def _take_archives(spec: MappingSpec) -> bool:
    """Whether the mapping itself speaks of archives: then a --from that is one replaces the name of it."""
    return any(
        file.member is not None or any(is_archive(Path(name)) for name in file.path) for file in spec.files.values()
    )


def _only(name: str, archive: Path, spec: MappingSpec) -> str | None:
    """The member that a name stands for; the only one of an archive may be called as it likes."""
    names = {one for file in spec.files.values() for one in file.path}
    return None if len(names) == 1 and len(members_like(archive, "*")) == 1 else name


def _members(path: Path, member: str | None) -> Iterator[Place]:
    if not is_archive(path) and member is None:
        yield path, None
        return
    yield from ((path, name) for name in members_like(path, member))


def _paths(file: FileSpec, folder: Path) -> Iterator[Path]:
    for name in file.path:
        if is_pattern(name) and not (folder / name).exists():
            yield from _fitting(folder, name)
        else:
            yield folder / name


def _fitting(folder: Path, pattern: str) -> list[Path]:
    """The files of a folder that a pattern fits, sorted by their paths; one that leads out of the folder is refused."""
    found = sorted((path for path in folder.glob(pattern) if path.is_file()), key=lambda path: path.as_posix())
    if not found:
        names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*"))[:1000] if path.is_file()]
        close = nearest(pattern, names) or names[:5]
        raise DatasetError(
            tr("no file in {folder} fits {pattern!r}", folder=folder, pattern=pattern),
            hint=tr("the folder has {files}", files=", ".join(close)) if close else tr("the folder has no files"),
        )
    inside = folder.resolve()
    for path in found:
        if not path.resolve().is_relative_to(inside):
            raise DatasetError(
                tr("{path} leads out of the folder that --from names", path=path),
                hint=tr("put the file itself there, or name the folder where it is"),
            )
    return found


def shown_place(path: Path, from_: Path, form: Form) -> str:
    """What a file is called: its path in the folder, then its member, its sheet, table or list of records in brackets.

    Bytes that are no text are shown as \\xNN.
    """
    name = path.relative_to(from_).as_posix() if from_.is_dir() else path.name
    inner = [one for one in (form.member, form.sheet, form.table, form.records) if one is not None]
    return mended(name + "".join(f"[{one}]" for one in inner))
