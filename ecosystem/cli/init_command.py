"""`ecosystem init`: a folder to work in: settings, the template of a dataset, and what to do next."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ecosystem.cli.console import put, say
from ecosystem.cli.options import DEFAULT_STORE
from ecosystem.cli.out_files import new_folder
from ecosystem.cli.settings import FILE, KEYS
from ecosystem.errors import OutputError
from ecosystem.messages import spoken, tr, tr_later

NOTE = "README.md"
DATA = "data"
INDEX = "cingai-2023"
TRIAL = (
    (
        tr_later("data that are made up, to see everything run before there are data of your own"),
        "dataset synthesize made-up",
    ),
    (tr_later("into the store that ecosystem.toml names"), "load made-up"),
    (tr_later("regions ranked by the index that ecosystem.toml names"), "score --top 5"),
    (tr_later("why a region stands where it stands"), "explain 广东省 --depth pillar"),
    (tr_later("the scores as a workbook"), "score --out scores.xlsx"),
)
OWN = (
    (tr_later("every fault with its file, row and column; nothing is changed"), "dataset check data"),
    (tr_later("in place of what was loaded before"), "load data"),
    (
        tr_later("a metric of your own in metrics/, to be edited; ecosystem.toml can name the folder"),
        "metrics new my_metric",
    ),
    (tr_later("every command, in the order of work"), "--help"),
)


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The folder to work in; it may exist.", callback=new_folder)
    ] = Path(),
) -> None:
    """Begin a folder to work in: ecosystem.toml with its settings, an empty dataset, and a README.md with what to do.

    Nothing is overwritten.
    """
    from ecosystem.dataset.template import write_template
    from ecosystem.tables.atomic import write_files

    for path in (folder / FILE, folder / NOTE, folder / DATA):
        if os.path.lexists(path):
            raise OutputError(
                tr("{path} exists already", path=path), hint=tr("name another folder: ecosystem init DIR")
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise OutputError(tr("{path} cannot be written: {strerror}", path=folder, strerror=err.strerror)) from err
    write_template(folder / DATA)
    name = folder.resolve().name
    write_files({folder / NOTE: [note(name).encode()], folder / FILE: [settings_text().encode()]})
    put(f"{folder / FILE}\n")
    steps = [command for _, command in TRIAL]
    say(tr("next, as {note} says:", note=folder / NOTE))
    for command in ([f"cd {folder}"] if folder != Path() else []) + [f"ecosystem {step}" for step in steps]:
        say(f"  {command}")


def settings_text() -> str:
    """The settings of a new folder: store, index and language; the others as comments."""
    given = {"store": DEFAULT_STORE, "index": INDEX, "lang": "zh" if spoken() == "zh" else "en"}
    lines = [
        tr("# settings of this folder and those below it; options beat the environment, which beats this file"),
        tr("# paths are relative to this file"),
    ]
    examples = {
        "database": "neo4j",
        "metrics": "metrics",
        "networks": "networks",
        "indices": "indices",
        "level": "city",
    }
    for key, meaning in KEYS.items():
        value = f'{key} = "{given[key]}"' if key in given else f'# {key} = "{examples[key]}"'
        lines += ["", f"# {tr(meaning)}", value]
    return "\n".join(lines) + "\n"


def note(name: str) -> str:
    """What a reader of the folder does next, as Markdown with commands that run."""
    trial, own = tr("Try it"), tr("Data of your own")
    parts = [
        f"# {name}",
        tr(
            "`ecosystem.toml` says which store and which index are meant; `data/` is an empty dataset, to be filled in."
        ),
        f"## {trial}",
        _block(TRIAL),
        f"## {own}",
        tr("Fill in the CSV files of `data/`, or `data/dataset.xlsx`; `data/columns.csv` says what each column means."),
        _block(OWN),
    ]
    return "\n\n".join(parts) + "\n"


def _block(steps: tuple[tuple[str, str], ...]) -> str:
    lines = [f"# {tr(meaning)}\necosystem {command}" for meaning, command in steps]
    return "```bash\n" + "\n".join(lines) + "\n```"
