"""The font of the pictures, cut from Noto Sans SC: what data in Chinese is written with, at a tenth of the size.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3
    tar xzf expo-google-fonts-noto-sans-sc-0.4.3.tgz
    python -m tools.font package/400Regular/NotoSansSC_400Regular.ttf kTGHZ2013.txt

`kTGHZ2013.txt` is that of pinyin-data (github.com/mozillazg/pinyin-data, commit 82759f9): the 8,105 characters of the
Table of General Standard Chinese Characters (State Council, 2013), with which people and firms are named today.
The same two files give the same bytes. Run it again where `tests/export/test_fonts.py` finds a character missing.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from ecosystem.export.plots.fonts import FAMILY, FONT
from ecosystem.resources import resource
from ecosystem.tables.atomic import write_bytes

RANGES = (
    (0x20, 0x24F),  # Latin letters with every accent
    (0x2B0, 0x36F),  # marks that modify letters
    (0x370, 0x3FF),  # Greek
    (0x400, 0x45F),  # Cyrillic
    (0x1E00, 0x1EFF),  # Vietnamese and Pinyin
    (0x2000, 0x23FF),  # punctuation, currencies, superscripts, arrows, signs of mathematics
    (0x2460, 0x24FF),  # numbers in circles
    (0x2500, 0x27BF),  # shapes
    (0x3000, 0x30FF),  # Chinese punctuation, kana
    (0x3380, 0x33DF),  # units in one character
    (0xFF00, 0xFFEF),  # full width
)
LEFT_OUT = {0xB7}
"""The dot between words is as wide as a Chinese character here; that of the other font is as wide as a dot."""
TABLES_LEFT_OUT = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx", "gasp", "prep")
"""What is for vertical lines, other languages and screens of few dots."""
LICENCE_NAMES = (0, 13, 14)
"""The names of a font that say whose it is and under which licence."""


def gb2312() -> Iterator[str]:
    """The 7,445 characters of GB 2312-1980: 6,763 of them Chinese."""
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes((row, cell)).decode("gb2312")
            except UnicodeDecodeError:
                continue


def of_the_project() -> Iterator[str]:
    """Every character of the files that travel with the package: regions, indices, metrics, the catalogue, sources."""
    for folder in ("data", "cypher"):
        for path in sorted(resource(folder).rglob("*")):
            if path.suffix in (".csv", ".cypher", ".html", ".json", ".md", ".po", ".toml", ".txt"):
                yield from path.read_text(encoding="utf-8")


def cut(source: Path, table: Path) -> bytes:
    """The font with the characters of both standards and of the project, under a name of its own, without hints."""
    wanted = {ord(char) for char in (*gb2312(), *of_the_project())}
    wanted |= {int(code, 16) for code in re.findall(r"^U\+([0-9A-F]+):", table.read_text(encoding="utf-8"), re.M)}
    wanted.update(*(range(first, last + 1) for first, last in RANGES))
    wanted -= LEFT_OUT
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += TABLES_LEFT_OUT
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    version = font["name"].getDebugName(5)
    kept = [record for record in font["name"].names if record.nameID in LICENCE_NAMES]
    font["name"].names = kept
    names = {1: FAMILY, 2: "Regular", 3: f"{version};{FAMILY}", 4: FAMILY, 5: version, 6: FAMILY.replace(" ", "")}
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def main() -> None:
    """Write the font of the package."""
    source, table = map(Path, sys.argv[1:])
    content = cut(source, table)
    write_bytes(FONT, content)
    print(f"{FONT}: {len(content):,} bytes, {len(TTFont(io.BytesIO(content)).getBestCmap()):,} characters")


if __name__ == "__main__":
    main()
