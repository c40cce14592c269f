"""A font for the Chinese characters of a page, cut down to those that it has, for readers whose system has none."""

from __future__ import annotations

import base64
import io

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from ecosystem.resources import resource

FAMILY = "ecosystem-chinese"
FIRST = 0x2E80
"""From this character on a font for Latin letters has none."""


def font_face(text: str) -> str:
    """The rule of a style that brings the Chinese characters of a text; empty where there are none.

    A browser reads it only where no font of the system before it has a character. The same text gives the same bytes.
    """
    wanted = {ord(char) for char in text if ord(char) >= FIRST}
    if not wanted:
        return ""
    with (
        resource("data", "fonts", "EcosystemSansSC-Regular.ttf").open("rb") as file,
        TTFont(file, recalcTimestamp=False, lazy=True) as font,
    ):
        options = Options()
        options.flavor = "woff"
        options.layout_features = []
        options.hinting = False
        options.notdef_outline = True
        cut = Subsetter(options)
        cut.populate(unicodes=wanted)
        cut.subset(font)
        font.flavor = "woff"
        packed = io.BytesIO()
        font.save(packed)
    source = base64.b64encode(packed.getvalue()).decode()
    address = f"url(data:font/woff;base64,{source})"
    return f'@font-face{{font-family:"{FAMILY}";font-display:block;src:{address} format("woff")}}'
