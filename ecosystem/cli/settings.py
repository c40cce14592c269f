"""What `ecosystem.toml` says: options that a folder of work has once and for all.

The file is looked for in the current folder, then in each folder above it. Options beat the environment, which beats
the file. Its paths are relative to the file.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ecosystem.errors import Finding, InputError, UsageError, did_you_mean
from ecosystem.messages import tr, tr_later

FILE = "ecosystem.toml"
NO_CONFIG = "--no-config"
KEYS = {
    "store": tr_later("where the graph is: a file, or a Neo4j server"),
    "database": tr_later("the server's database that holds the graph"),
    "index": tr_later("the index of commands that are given none: a shipped one, or a folder"),
    "lang": tr_later("language: zh, en"),
    "metrics": tr_later("a folder with metrics of your own"),
    "networks": tr_later("a folder with networks of your own"),
    "indices": tr_later("a folder with index folders of your own"),
    "level": tr_later("the level of the regions: province, city ..."),
}
"""What the file may say, each with its meaning."""
_LANGUAGES = ("zh", "en")
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of a file by their keys; or, where it cannot be used, the error that says so."""

    path: Path | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    fault: InputError | None = None

    def place(self, key: str) -> str | None:
        """A path of the file, seen from the current folder; None where the file does not say one."""
        value = self.values.get(key)
        return None if value is None or self.path is None else _seen_from_here(self.path.parent, value)

    def default(self, key: str) -> str | None:
        """What a command takes where it is given no option of that key."""
        value = self.values.get(key)
        if value is None or key in ("database", "lang", "level") or "://" in value:
            return value
        if key == "index":
            return self.index_place(value, beside_file=True)
        return self.place(key)

    def index_place(self, name: str, *, beside_file: bool = False) -> str:
        """The folder of an index that lies in `indices` or, if asked for, beside the file; other names as they are."""
        from ecosystem.resources import resource

        if not name or resource("data", "indices", name).is_dir():
            return name
        folders = [self.place("indices")]
        if beside_file and self.path is not None:
            folders.insert(0, _seen_from_here(self.path.parent, "."))
        for folder in filter(None, folders):
            if Path(folder, name).is_dir():
                return str(Path(folder, name))
        return name

    def is_index(self, name: str) -> bool:
        """Whether a word is a shipped index, one of `indices`, or a folder."""
        from ecosystem.resources import resource

        return resource("data", "indices", name).is_dir() or Path(self.index_place(name)).is_dir()

    def check_server(self, store: str) -> None:
        """Raise UsageError for a server elsewhere that only the file names: it would be given a password."""
        from urllib.parse import urlsplit

        if "://" not in store or urlsplit(store).hostname in _LOCAL or not os.environ.get("NEO4J_PASSWORD"):
            return
        message = tr(
            "{path} names a server, {store}: it is asked, and given a password, only if you name it too",
            path=self.path,
            store=store,
        )
        raise UsageError(message, hint=tr("if you trust it, add --store {store}, or set ECOSYSTEM_STORE", store=store))


_state = {"settings": Settings()}


def settings() -> Settings:
    """The settings of this run."""
    return _state["settings"]


@contextlib.contextmanager
def using(found: Settings) -> Iterator[None]:
    """Take settings as those of this run, as long as the context lasts."""
    before = settings()
    _state["settings"] = found
    try:
        yield
    finally:
        _state["settings"] = before


def find_settings(arguments: Sequence[str]) -> Settings:
    """The settings of the nearest file, none with `--no-config`; a file with errors is kept with what is wrong."""
    path = None if NO_CONFIG in arguments else _nearest_file()
    if path is None:
        return Settings()
    try:
        return Settings(path, read_settings(path))
    except InputError as err:
        return Settings(path, fault=err)


def read_settings(path: Path) -> dict[str, str]:
    """The values of a file; InputError with every unknown key and value of the wrong kind, each with its line."""
    import tomllib

    from ecosystem.tables.packed import text_content

    hint = tr("correct it, or run with --no-config")
    try:
        text = text_content(path)
        values = tomllib.loads(text)
    except OSError as err:
        raise InputError(tr("{path} cannot be read: {reason}", path=path, reason=err.strerror), hint=hint) from err
    except UnicodeDecodeError as err:
        raise InputError(tr("{path} is not UTF-8", path=path), hint=tr("save it as UTF-8")) from err
    except tomllib.TOMLDecodeError as err:
        raise InputError(tr("{path} is not TOML: {reason}", path=path, reason=err), hint=hint) from err
    findings = [found for key, value in values.items() for found in _faults(path, text, key, value)]
    if findings:
        raise InputError(tr("{path} cannot be used", path=path), findings=findings, hint=hint)
    return values


def _faults(path: Path, text: str, key: str, value: object) -> Iterator[Finding]:
    lines = text.splitlines()
    quoted = rf"""^\s*\[?\s*["']?{re.escape(key)}["']?\s*[\].=]"""
    row = next((number for number, line in enumerate(lines, 1) if re.match(quoted, line)), None)
    if key not in KEYS:
        message, hint = tr("unknown key {key!r}", key=key), did_you_mean(key, KEYS)
    elif not isinstance(value, str) or not value.strip():
        message, hint = tr("{key} is no text", key=key), tr('write it in quotes: {key} = "..."', key=key)
    elif key == "lang" and value not in _LANGUAGES:
        message, hint = tr("{value!r} is no language", value=value), did_you_mean(value, _LANGUAGES)
    else:
        return
    yield Finding("error", "settings", message, file=path.name, row=row, column=None, hint=hint)


def _nearest_file() -> Path | None:
    try:
        here = Path.cwd()
    except OSError:  # the folder has been removed
        return None
    return next((folder / FILE for folder in (here, *here.parents) if (folder / FILE).is_file()), None)


def _seen_from_here(folder: Path, value: str) -> str:
    """A path of the file, short where the file lies in the current folder."""
    return value if folder == Path.cwd() else str(folder / value)
