"""Keep the Chinese catalogue in step with the code, and compile it.

    python -m tools.catalogue            # add new texts without a translation, remove those that are gone
    python -m tools.catalogue --check    # say what is missing, stale or wrong; change nothing; exit 1 where anything is

Babel reads the calls of `tr`, `tr_count` and `tr_later`. Texts are sorted by the first file that has them, without
line numbers, so that a change of the code changes the lines of its own texts alone.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from ecosystem.cli.program import every_help
from ecosystem.headings import HEADINGS
from ecosystem.index.method import Methods
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.impute import IMPUTATIONS, MISSING_RULES
from ecosystem.index.steps.normalise import NORMALISATIONS
from ecosystem.index.steps.rank import TIES
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.index.steps.tiers import TIERS
from ecosystem.index.steps.transform import TRANSFORMATIONS
from ecosystem.index.steps.treat import TREATMENTS
from ecosystem.index.steps.weigh import WEIGHTINGS
from ecosystem.metrics import load_metrics
from ecosystem.model import CURRENCIES, ENDS, Property, load_model
from ecosystem.network import load_networks

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "data" / "locale" / "zh" / "LC_MESSAGES"
METHODS: tuple[Methods[Any], ...] = (
    TRANSFORMATIONS, IMPUTATIONS, TREATMENTS, NORMALISATIONS, WEIGHTINGS, AGGREGATIONS, MISSING_RULES, TIES, TIERS,
    RESCALINGS,
)  # fmt: skip
"""The methods of every step, whose records say what people read of them."""
KEYWORDS = {"tr": None, "tr_later": None, "tr_count": (1, 2)}
_FIELD = re.compile(r"\{(\w+)[^{}]*\}")


def texts() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """File, text (one and many where it counts) and context of everything that is shown."""
    package = ROOT / "ecosystem"
    found = extract_from_dir(package, method_map=[("**.py", "python")], keywords=KEYWORDS)
    for name, _, text, _, context in found:
        yield f"ecosystem/{Path(name).as_posix()}", text, context
    for text in every_help():
        yield "ecosystem/cli", text, None
    for unit in _units():
        yield "data/model.toml", unit, "unit"
    for meaning in _meanings():
        yield "data/model.toml", meaning, "meaning"
    for folder, files in (("metrics", load_metrics()), ("networks", load_networks())):
        for file in files.values():
            yield f"cypher/{folder}/{file.file}", file.unit, "unit"
            yield f"cypher/{folder}/{file.file}", file.source, None
    for table in METHODS:
        for text in table.texts():
            yield "ecosystem/index/steps", text, None
    for key, english in HEADINGS.items():
        yield "ecosystem/headings.py", english, f"heading {key}"


def _units() -> list[str]:
    """The units of the properties of the model."""
    return sorted({entry.unit for entry in _properties() if entry.unit} | {f"{code} million" for code in CURRENCIES})


def _meanings() -> list[str]:
    """What the properties of the model mean, in English."""
    return sorted({entry.en for entry in (*_properties(), *ENDS.values())})


def _properties() -> list[Property]:
    model = load_model()
    owned = [label.properties for label in model.labels.values()] + [link.properties for link in model.links.values()]
    return [entry for properties in owned for entry in properties.values()]


def template() -> Catalog:
    """The catalogue of the texts that the code has now, without translations."""
    catalogue = Catalog(locale="zh", fuzzy=False)
    for name, text, context in sorted(texts(), key=lambda entry: (entry[0], str(entry[1]), entry[2] or "")):
        catalogue.add(text, locations=[(name, 0)], context=context)
    return catalogue


def updated(old: Catalog) -> Catalog:
    """The texts of the code with the translations that there are."""
    new = template()
    for message in new:
        known = old.get(message.id[0] if message.pluralizable else message.id, message.context)
        if message.id and known is not None and known.pluralizable == message.pluralizable:
            message.string = known.string
    return new


def faults(catalogue: Catalog) -> list[str]:
    """A sentence for each text that has no translation, or one that names other values."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        english = _forms(message.id)
        chinese = _forms(message.string)
        if not all(chinese):
            found.append(f"no Chinese: {_where(message)}: {english[0]!r}")
        elif (odd := set(_FIELD.findall(chinese[0])) ^ set(_FIELD.findall(english[-1]))) - {"count"}:
            found.append(f"other values ({', '.join(sorted(odd))}): {_where(message)}: {english[0]!r}")
    return found


def stale(old: Catalog, new: Catalog) -> list[str]:
    """A sentence for each translation whose text the code no longer has."""
    known = {(str(message.id), message.context) for message in new}
    return [
        f"the code no longer has: {message.id!r}" for message in old if (str(message.id), message.context) not in known
    ]


def too_early(folder: Path) -> list[str]:
    """A sentence for each `tr` that runs when its module is imported, before anybody has chosen a language."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {
            call
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.Lambda)
            for part in (function.body if isinstance(function.body, list) else [function.body])
            for call in ast.walk(part)
        }
        found += [
            f"{path.relative_to(folder.parent)}:{call.lineno}: {call.func.id} at import: mark it with tr_later"
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
            if call.func.id in {"tr", "tr_count"} and call not in inside
        ]
    return found


def po_text(catalogue: Catalog) -> bytes:
    """The catalogue as a .po file, the same for the same texts."""
    written = io.BytesIO()
    write_po(written, catalogue, width=120, omit_header=True, include_lineno=False, ignore_obsolete=True)
    return _HEADER + written.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """The compiled catalogue."""
    # its header would tell the minute in which it was made
    catalogue.creation_date = catalogue.revision_date = _ALWAYS
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def read(path: Path) -> Catalog:
    """A catalogue of a file; an empty one where there is none."""
    if not path.exists():
        return Catalog(locale="zh", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="zh")


_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
_HEADER = b"""msgid ""
msgstr ""
"Language: zh\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


def _forms(text: str | Sequence[str] | None) -> list[str]:
    """The text for one and for many, or the one text."""
    return [text] if isinstance(text, str) else list(text or [""])


def _where(message: Message) -> str:
    return ", ".join(dict.fromkeys(name for name, _ in message.locations))


def main(arguments: list[str]) -> int:
    """Write the catalogue, or check it; 1 where the check finds something."""
    po, mo = FOLDER / "ecosystem.po", FOLDER / "ecosystem.mo"
    old = read(po)
    new = updated(old)
    written = po_text(new)
    # what was written is read again, so that both files say the same
    compiled = mo_bytes(read_po(io.BytesIO(written), locale="zh"))
    if "--check" in arguments:
        found = faults(new) + stale(old, new) + too_early(ROOT / "ecosystem")
        if not found and (po.read_bytes() != written or mo.read_bytes() != compiled):
            found = ["the files are out of step: python -m tools.catalogue"]
        print("\n".join(found), file=sys.stderr)
        return 1 if found else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    po.write_bytes(written)
    mo.write_bytes(compiled)
    print(f"{len(new)} texts, {sum(not message.string for message in new if message.id)} without Chinese")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
