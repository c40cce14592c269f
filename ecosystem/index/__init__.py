"""The index room: a specification and a table of indicator values in, scores and ranks out; it never sees a store."""

from ecosystem.index.engine import IndexScores, Standing, evaluate
from ecosystem.index.files.index_folder import index_folder, inspect_index, list_indices, load_index, read_index
from ecosystem.index.index_check import check_index
from ecosystem.index.prepare import Auxiliary
from ecosystem.index.rolled_up import OTHERS, other_regions, roll_up
from ecosystem.index.spec import Group, Index, Indicator, Level, Source, Text
from ecosystem.index.variants import Variant, VariantScores, evaluate_variants

__all__ = [
    "OTHERS",
    "Auxiliary",
    "Group",
    "Index",
    "IndexScores",
    "Indicator",
    "Level",
    "Source",
    "Standing",
    "Text",
    "Variant",
    "VariantScores",
    "check_index",
    "evaluate",
    "evaluate_variants",
    "index_folder",
    "inspect_index",
    "list_indices",
    "load_index",
    "other_regions",
    "read_index",
    "roll_up",
]
