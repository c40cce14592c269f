"""What has to hold of an import, a preview, a guess and a model, whatever is drawn."""

from __future__ import annotations

import contextlib
import shutil
import tomllib
from pathlib import Path
from random import Random

from exports import every_byte
from hostile_exports import draw_export
from hostile_mappings import document, draw_mapping, model, spoil, tables_in

from ecosystem.dataset import read_dataset, write_quarantine
from ecosystem.dataset.own_model import folder_model, model_toml
from ecosystem.errors import EcosystemError, InputError
from ecosystem.imports import import_source, load_mapping, preview_source
from ecosystem.imports.guess import guess_mapping
from ecosystem.index.files.value_files import read_values
from ecosystem.index.spec import TableColumns

REGIONS = (
    "id,name,level,parent,aliases\nCN,中国,country,,China\nUS,United States,country,,\nUS-CA,California,state,US,CA\n"
)


def check_told(err: EcosystemError, mapping: Path | None = None) -> None:
    """An error can be printed, is no wall of text, and says what to do or where it is."""
    message = str(err)
    message.encode()
    assert len(message) < 8_000, message[:500]
    findings = err.findings if isinstance(err, InputError) else ()
    for finding in findings:
        finding_text = str(finding)
        assert len(finding_text) < 3_000, finding_text[:500]
    assert err.hint or any(finding.hint or finding.place for finding in findings), message
    for finding in findings:
        if mapping is not None and finding.code in ("mapping", "unknown_key", "model"):
            assert finding.file == mapping.name, message
            check_place(tomllib.loads(mapping.read_text(encoding="utf-8")), finding.column)


def check_place(document: object, place: str | None) -> None:
    """A fault names a key that the document has, or one that is missing in a table that it has."""
    assert place
    dotted = any("." in key or not key for table in tables_in(document) for key in table)
    parts = [] if '"' in place or dotted else place.split(".")
    for at, part in enumerate(parts, 1):
        if isinstance(document, list):
            assert part.isdecimal(), place
            document = document[int(part)]
        elif isinstance(document, dict) and part in document:
            document = document[part]
        else:
            last = at == len(parts) or not isinstance(document, dict)
            assert last, f"{place}: there is no {part}"
            return


def names_under(folder: Path) -> set[str]:
    """Everything under a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def check_import(folder: Path, mapping: Path, export: Path, regions: Path | None) -> bool:
    """Import and look at it first; sums add up and the result reads cleanly, or nothing at all is left."""
    out, before = folder / "out", names_under(folder)
    refused: EcosystemError | None = None
    try:
        report = import_source(str(mapping), export, out, regions=regions)
    except EcosystemError as err:
        check_told(err, mapping)
        assert names_under(folder) == before
        refused = err
    else:
        assert {name for name in names_under(folder) if not name.startswith("out")} == before
        for file in report.files:
            assert file.rows == file.used + file.skipped + file.quarantined, file
        for flow in report.flows:
            assert flow.rows == flow.out + flow.quarantined + flow.merged, flow
        reading = read_dataset(out)
        assert reading.clean, [str(finding) for finding in reading.findings][:5]
        "".join(str(finding) for finding in report.findings).encode()
    not_shown: EcosystemError | None = None
    try:
        repr(preview_source(str(mapping), export, 2, regions=regions).to_pandas())
    except EcosystemError as err:
        check_told(err, mapping)
        not_shown = err
    assert refused is not None or not_shown is None, f"the import does what its preview refuses: {not_shown}"
    return refused is None


def chance_of(seed: int) -> Random:
    """The chance of a number, the same every time."""
    return Random(seed)  # noqa: S311 - nothing secret is drawn, and a draw has to be repeatable


def written_import(seed: int, folder: Path, *, faulty: bool) -> tuple[Path, Path, Path | None]:
    """The mapping, the export and the regions of a number, written into a folder."""
    chance = chance_of(seed)
    export = folder / "export"
    export.mkdir()
    kind, file = draw_export(chance, export)
    other = draw_export(chance, export, "other")[1] if chance.randrange(4) == 0 else None
    mapping = draw_mapping(chance, kind, file, other)
    if faulty:
        spoil(chance, mapping)
    path = folder / "drawn.toml"
    path.write_text(document(mapping), encoding="utf-8")
    regions = None
    if chance.randrange(5) == 0:
        regions = folder / "regions.csv"
        regions.write_text(REGIONS if chance.randrange(3) else REGIONS[chance.randrange(60) :], encoding="utf-8")
    if other is None and chance.randrange(4) == 0:
        export = chance.choice(sorted(export.iterdir()))
    return path, export, regions


def draw_import(seed: int, folder: Path, *, faulty: bool = False) -> bool:
    """Whether the import of a number works: an export, a mapping, regions; `faulty` puts faults into the mapping."""
    return check_import(folder, *written_import(seed, folder, faulty=faulty))


def draw_second_import(seed: int, folder: Path) -> bool:
    """Whether a second source goes into the folder of a first; where it does not, not a byte of that is changed."""
    first, second = folder / "first", folder / "second"
    first.mkdir()
    for number in range(seed * 50, seed * 50 + 50):  # one that works
        shutil.rmtree(first)
        first.mkdir()
        mapping, export, regions = written_import(number, first, faulty=False)
        with contextlib.suppress(EcosystemError):
            import_source(str(mapping), export, folder / "out", regions=regions)
            break
    else:
        return False
    second.mkdir()
    mapping, export, _ = written_import(seed + 1_000_000, second, faulty=False)
    mapping = mapping.rename(second / f"other{seed % 2}.toml")
    before = every_byte(folder)
    try:
        report = import_source(str(mapping), export, folder / "out")
    except EcosystemError as err:
        check_told(err, mapping)
        assert every_byte(folder) == before
        return False
    for flow in report.flows:
        assert flow.rows == flow.out + flow.quarantined + flow.merged, flow
    reading = read_dataset(folder / "out")
    assert reading.clean, [str(finding) for finding in reading.findings if finding.severity == "error"][:5]
    return True


def draw_table(seed: int, folder: Path) -> bool:
    """Whether an export is a table of values; and a dataset folder with it in place of a table is read all the same."""
    chance = chance_of(seed)
    draw_export(chance, folder, "companies")
    path = chance.choice([one for one in sorted(folder.iterdir()) if one.is_file()])
    (folder / "people.csv").write_text("id\np1\n", encoding="utf-8")
    reading = read_dataset(folder)
    assert reading.dataset.nodes["Person"].num_rows == 1
    for count in reading.counts:
        aside = reading.quarantine[count.table].num_rows if count.table in reading.quarantine else 0
        assert (count.read, count.quarantined) == (count.loaded + aside, aside)
    assert write_quarantine(folder, reading) == ()
    "".join(str(finding) for finding in reading.findings).encode()
    try:
        read_values(path, TableColumns(id=chance.choice([None, "id", "place"])))
    except EcosystemError as err:
        check_told(err)
        return False
    return True


def draw_guess(seed: int, folder: Path) -> bool:
    """Whether a guess of that number is made of a hostile export: it is TOML then, and a mapping or one clear error."""
    chance = chance_of(seed)
    export = folder / "export"
    export.mkdir()
    for number in range(chance.choice([1, 1, 2, 3])):
        draw_export(chance, export, f"list{number}")
    source = export if chance.randrange(2) else chance.choice(sorted(export.iterdir()))
    try:
        text = guess_mapping(source)
    except EcosystemError as err:
        check_told(err)
        return False
    tomllib.loads(text)
    path = folder / "guessed.toml"
    path.write_text(text, encoding="utf-8")
    try:
        load_mapping(str(path))
    except EcosystemError as err:
        check_told(err, path)
        return False
    return check_import(folder, path, source, None)


def draw_model(seed: int, folder: Path) -> bool:
    """Whether a `model.toml` of that number is one: it is written as it is read then; else one clear error."""
    chance = chance_of(seed)
    said = model(chance)
    spoil(chance, said)
    (folder / "model.toml").write_text(document(said), encoding="utf-8")
    (folder / "companies.csv").write_text("id,name\nc1,A\n", encoding="utf-8")
    try:
        found = folder_model(folder)
    except EcosystemError as err:
        check_told(err, folder / "model.toml")
        return False
    (folder / "model.toml").write_text(model_toml(found), encoding="utf-8")
    assert folder_model(folder) == found
    read_dataset(folder)
    return True
