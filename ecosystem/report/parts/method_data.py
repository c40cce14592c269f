"""How the scores were made, as the sheet of the method in a workbook has it."""

from __future__ import annotations

from ecosystem.messages import speaking
from ecosystem.report.json_values import Json, clean
from ecosystem.report.request import Request
from ecosystem.scoring.score_tables import method_table


def method(request: Request) -> Json:
    """The rows of the method in each language: what, and its text."""
    found = {}
    for lang in ("zh", "en"):
        with speaking(lang):
            table = method_table(request.scores, lang)
        found[lang] = [
            [clean(str(key)), clean(str(value))] for key, value in zip(table["key"], table["value"], strict=True)
        ]
    return found
