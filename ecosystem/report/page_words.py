"""The words of a page, by the keys that its scripts ask for; `{name}` stands for a value."""

from __future__ import annotations

from collections.abc import Mapping

from ecosystem.messages import tr_later

WORDS: Mapping[str, str] = {
    # the page
    "no_script": tr_later("This report needs JavaScript, which is switched off or blocked here."),
    "skip": tr_later("Skip to the content"),
    "contents": tr_later("Contents"),
    "language": tr_later("中文"),
    "theme_dark": tr_later("Dark"),
    "theme_light": tr_later("Light"),
    "print": tr_later("Print"),
    "made_up": tr_later(
        "The data of this report are made up. They show what the program does, and say nothing of any place."
    ),
    "made_by": tr_later("Made by ecosystem {version}"),
    "data_of": tr_later("Data: {name}"),
    "years_of": tr_later("Years: {years}"),
    "hash_of": tr_later("Hash of the data: {hash}"),
    "ranked_of": tr_later("Ranked regions: {count}"),
    "changed": tr_later("Changed for this run: {change}"),
    # tables and charts
    "numbers": tr_later("The numbers as a table"),
    "save_csv": tr_later("Save as CSV"),
    "save_svg": tr_later("Save as SVG"),
    "filter": tr_later("Filter"),
    "filter_hint": tr_later("part of a name"),
    "sort_by": tr_later("Sort by {column}"),
    "shown_of": tr_later("{shown} of {total} rows"),
    "show_all": tr_later("Show all rows"),
    "note": tr_later("About this figure"),
    "note_source": tr_later("Source: {source}"),
    "note_not": tr_later("What it does not say: {text}"),
    # ranking
    "ranking": tr_later("Ranking"),
    "ranking_lead": tr_later("All ranked regions with their scores. A click on a name opens the region."),
    "region": tr_later("Region"),
    "rank": tr_later("Rank"),
    "score": tr_later("Score"),
    "change": tr_later("Change of rank"),
    "coverage": tr_later("Coverage"),
    "tier": tr_later("Tier"),
    "mark": tr_later("Note"),
    "coverage_hint": tr_later("The share of the weight of all indicators for which the region has a value."),
    "change_hint": tr_later("Places gained or lost since {name}; a positive number is a climb."),
    "pillars": tr_later("The first ten in each pillar"),
    "pillars_not": tr_later("how far apart regions are that are not among the first ten"),
    "groups": tr_later("Groups"),
    # method
    "method": tr_later("Method"),
    "method_lead": tr_later("What the scores were made from, and how."),
    "weights": tr_later("Parts of the index and their weights"),
    "part": tr_later("Part"),
    "code": tr_later("Code"),
    "weight": tr_later("Weight"),
    "weight_source": tr_later("Where the weight is from"),
    "weight_printed": tr_later("as published"),
    "weight_derived": tr_later("derived"),
    "weight_assumed": tr_later("assumed"),
    "direction": tr_later("Direction"),
    "more_better": tr_later("more is better"),
    "less_better": tr_later("less is better"),
    "unit": tr_later("Unit"),
    "values_from": tr_later("Values from"),
    "missing": tr_later("Missing"),
    "rules": tr_later("Rules, data and versions"),
    "item": tr_later("Item"),
    "text": tr_later("Text"),
}
