"""What `weights ahp` says and writes of a whole index: the weight of every part, the consistency of every parent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.console import say, show
from ecosystem.cli.options import Format, Lang
from ecosystem.messages import spoken, tr

if TYPE_CHECKING:
    from ecosystem.index.steps.ahp import RandomIndex


def give_judged(
    path: Path, name: str, random: RandomIndex, max_ratio: float, lang: Lang, form: Format, out: Path | None
) -> None:
    """Print and write the weights of every part of an index, with the consistency of each parent."""
    from ecosystem.export import write_table
    from ecosystem.headings import headings
    from ecosystem.index import load_index
    from ecosystem.index.files.weight_files import read_judgement_set, read_judgements
    from ecosystem.index.judged_weights import judged_table, judged_weights, parent_judged

    spec = load_index(name)
    whole = path.is_dir() or path.suffix.lower() == ".xlsx"
    if whole:
        judgements = read_judgement_set(path)
    else:
        items, judged = read_judgements(path)
        judgements = {parent_judged(spec, items): (items, judged)}
    found = judged_weights(spec, judgements, random_index=random, max_ratio=max_ratio, whole=whole)
    frame = judged_table(spec, found)
    for each in found.judged:
        known = each.judgement.ratio
        say(
            tr(
                "{parent}: {count} items, greatest eigenvalue {eigenvalue:.6g}, consistency ratio {ratio}, gaps filled "
                "{gaps}",
                parent=each.parent,
                count=len(each.items),
                eigenvalue=each.judgement.eigenvalue,
                ratio=tr("not known for so many items") if known is None else f"{known:.4f}",
                gaps=each.judgement.gaps,
            )
        )
    if out is not None:
        write_table(out, frame, lang=spoken())
        say(tr("written: {out}; ecosystem score {index} --weights {out}", out=out, index=name))
    if form is Format.table:
        for column in ("share", "weight"):
            frame[column] = frame[column].map("{:.6f}".format)
        frame.insert(1, "name", [part.name.to(lang.value) for part in spec.indicators])
        frame = frame.drop(columns=["parent"]).rename(
            columns=headings(["code", "name", "level", "share", "weight"], lang.value)
        )
    show(frame, form)
