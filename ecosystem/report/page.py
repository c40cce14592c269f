"""The one file: a page, its style and script, and the data; nothing in it asks any server for anything."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

from ecosystem.errors import EcosystemError
from ecosystem.messages import in_language
from ecosystem.report.json_values import Json
from ecosystem.report.page_font import font_face
from ecosystem.report.page_words import WORDS
from ecosystem.version import __version__

WEB = Path(__file__).parent / "web"
PACKED = 200_000
"""From how many characters on the data of a part are compressed, and read when the part is first looked at."""

AT_ONCE = ("core", "sure")
"""What other parts read at once, so that it is never compressed."""

_PAGE = """<!doctype html>
<html lang="{lang}" data-lang="{choice}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="generator" content="ecosystem {version}">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<noscript>{noscript}</noscript>
{data}
<script>{script}</script>
</body>
</html>
"""


def page_of(parts: Mapping[str, Json], lang: str) -> bytes:
    """The bytes of a page with the data of its parts; it opens in a language, `both` in that of the browser.

    The policy of the page allows this very style and script, by their hashes, and no connection. Charts set the style
    of single elements, which it allows, too.
    """
    first = "en" if lang == "en" else "zh"
    title = parts["core"]["index"]["title"][first]
    data = {name: _element(name, part) for name, part in {"words": _words(), **parts}.items()}
    style, script = _file("report.css") + font_face(_written(parts)), _file("report.js")
    page = _PAGE.format(
        lang="en" if lang == "en" else "zh-CN",
        choice=lang,
        policy=_policy(style, script),
        version=__version__,
        title=escape(title),
        style=style,
        noscript=escape(" / ".join(in_language(one, WORDS["no_script"]) for one in ("zh", "en"))),
        data="\n".join(data.values()),
        script=script,
    )
    return page.encode()


def _written(parts: Mapping[str, Json]) -> str:
    """Every text of a page, for the font that draws it."""
    return json.dumps([_words(), parts], ensure_ascii=False)


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "style-src-attr 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _words() -> Json:
    return {lang: {key: in_language(lang, text) for key, text in WORDS.items()} for lang in ("zh", "en")}


def _element(name: str, data: Json) -> str:
    """The data of a part as an element that no browser runs: JSON, or where it is long, JSON compressed."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if len(text) > PACKED and name not in AT_ONCE:
        packed = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
        return f'<script type="application/gzip" id="data-{name}">{packed}</script>'
    # no sign of a tag stands in it, whatever a name has
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'<script type="application/json" id="data-{name}">{safe}</script>'


@cache
def _file(name: str) -> str:
    """A file of the page. Its bytes are those that are hashed, so it has no line ends that a browser would change."""
    text = (WEB / name).read_text(encoding="utf-8")
    if "\r" in text or "</script" in text.lower():
        raise EcosystemError(f"{name} cannot stand in a page")
    return text
