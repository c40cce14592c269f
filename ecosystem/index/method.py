"""The methods of an index: each is one record in the table of its step.

Whoever needs to know which methods there are asks the table: the command line, the forms of `index.toml`, the checks,
the engine, the method sheet and the documentation. A name that the table does not have is refused by all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from ecosystem.errors import UsageError, did_you_mean
from ecosystem.messages import Bilingual, spoken, tr, tr_later

F = TypeVar("F")

NO_METHOD = tr_later("unknown {step} {name!r}")
"""How a name is refused that the table of its step does not have."""


@dataclass(frozen=True, slots=True)
class Method(Generic[F]):
    """One method of a step: its name, its function, its name in Chinese, and what it gives, as a formula if it has one.

    `keys` are those of the step's table in `index.toml` that mean something under it; `undefined` says when it has no
    result, as a refusal words it; `coinr` is COINr's name for it. Both are "" where there is none.
    """

    name: str
    function: F
    zh: str
    en: str
    keys: tuple[str, ...] = ()
    undefined: str = ""
    coinr: str = ""

    @property
    def title(self) -> str:
        """The name that people read in the language that is spoken; its code stands in it."""
        chinese = f"{self.zh}（{self.name}）"
        return {"zh": chinese, "en": self.name, "both": Bilingual.of(chinese, self.name)}[spoken()]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every English text about it that people read, for the catalogue of translations."""
        return (self.en, self.undefined)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a step's table in `index.toml`, beside its method.

    `value` gives what the file holds for a rule, None to leave the key out; `words` what the method sheet says, "" for
    nothing. `needed`: what the form says where a method has the key and the table lacks it. `argument`: what stands
    after the colon on the command line (`dist2ref:REGION`).
    """

    name: str
    value: Callable[[Any], object]
    words: Callable[[Any], str] = lambda _: ""
    needed: str = ""
    argument: str = ""


M = TypeVar("M", bound=Method[Any])


@dataclass(frozen=True, slots=True)
class Methods(Generic[M]):
    """The methods of one step, by name, and the keys that they take; `step` is the noun that messages use."""

    step: str
    by_name: Mapping[str, M]
    keys: Mapping[str, Key] = field(default_factory=dict)

    def find(self, name: str) -> M:
        """The method of that name; UsageError that names the nearest ones."""
        found = self.by_name.get(name)
        if found is None:
            message = tr(NO_METHOD, step=tr(self.step), name=name)
            raise UsageError(message, hint=did_you_mean(name, self.by_name))
        return found

    def chosen(self, text: str) -> tuple[M, str]:
        """The method and the argument of `name` or `name:argument`, "" where there is none.

        UsageError for an unknown name, an argument that the method does not take, or one that it needs and lacks.
        """
        name, _, argument = text.partition(":")
        method = self.find(name)
        key = self.argument_of(method)
        if argument and key is None:
            raise UsageError(
                tr("{name} takes no argument: {text!r}", name=name, text=text),
                hint=self._who_takes_one(),
            )
        if key is not None and key.needed and not argument:
            raise UsageError(
                tr("{name} needs an argument", name=name),
                hint=tr("write it as {name}:{argument}", name=name, argument=key.argument),
            )
        return method, argument

    def texts(self) -> Iterator[str]:
        """Every English text of the table that people read, for the catalogue of translations."""
        found = (self.step, *(text for method in self.by_name.values() for text in method.texts))
        yield from filter(None, (*found, *(key.needed for key in self.keys.values())))

    def titles(self, names: Sequence[str]) -> list[str]:
        """The names of methods as people read them."""
        return [self.find(name).title for name in names]

    def of_coinr(self, name: str) -> M:
        """The method that COINr knows by a name, e.g. `n_minmax`. ValueError where there is none."""
        found = next((method for method in self.by_name.values() if method.coinr == name), None)
        if found is None:
            raise ValueError(f"{name!r} of COINr is no {self.step} here")
        return found

    def having(self, key: str) -> tuple[str, ...]:
        """The names of the methods that take a key."""
        return tuple(name for name, method in self.by_name.items() if key in method.keys)

    def values(self, names: Sequence[str], rule: object) -> dict[str, object]:
        """The keys of `index.toml` that a rule by these methods has, with their values."""
        pairs = ((key.name, key.value(rule)) for key in self._keys_of(names))
        return {name: value for name, value in pairs if value is not None}

    def words(self, names: Sequence[str], rule: object) -> list[str]:
        """What the method sheet says of the parameters of a rule by these methods."""
        return [words for key in self._keys_of(names) if (words := key.words(rule))]

    def _keys_of(self, names: Sequence[str]) -> list[Key]:
        taken = {key for name in names for key in self.find(name).keys}
        return [key for key in self.keys.values() if key.name in taken]

    def argument_of(self, method: M) -> Key | None:
        """The key that a method takes after a colon, None where it takes none."""
        return next((self.keys[name] for name in method.keys if self.keys[name].argument), None)

    def _who_takes_one(self) -> str | None:
        takers = [(name, key) for name, method in self.by_name.items() if (key := self.argument_of(method)) is not None]
        if not takers:
            return None
        name, key = takers[0]
        return tr(
            "these take one: {methods}; for example {name}:{argument}",
            methods=", ".join(taker for taker, _ in takers),
            name=name,
            argument=key.argument,
        )


def table_of(step: str, rows: Sequence[M], keys: Sequence[Key] = ()) -> Methods[M]:
    """The table of a step. ValueError where two methods have one name, or a method takes a key that is not listed."""
    by_name, by_key = {row.name: row for row in rows}, {key.name: key for key in keys}
    if len(by_name) != len(rows):
        raise ValueError(f"two methods of {step} have one name")
    unknown = {key for row in rows for key in row.keys} - set(by_key)
    if unknown:
        raise ValueError(f"{step}: no key {', '.join(sorted(unknown))}")
    return Methods(step, by_name, by_key)
