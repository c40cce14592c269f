"""Tables and graphs to files: CSV, Excel, Parquet, JSON, Markdown, GraphML, GEXF; whole or not at all."""

from ecosystem.export.files import to_csv, to_json, to_markdown, write_json, write_table, write_workbook
from ecosystem.export.frame_cells import exact_text, headed, typed, values_of
from ecosystem.export.gexf import write_gexf
from ecosystem.export.graph_csv import write_graph_csv
from ecosystem.export.graph_parts import GraphParts, graph_parts
from ecosystem.export.graphml import write_graphml
from ecosystem.export.results import write_scores
from ecosystem.export.table_text import csv_pieces, json_pieces, markdown_pieces
from ecosystem.tables.atomic import write_bytes

__all__ = [
    "GraphParts",
    "csv_pieces",
    "exact_text",
    "graph_parts",
    "headed",
    "json_pieces",
    "markdown_pieces",
    "to_csv",
    "to_json",
    "to_markdown",
    "typed",
    "values_of",
    "write_bytes",
    "write_gexf",
    "write_graph_csv",
    "write_graphml",
    "write_json",
    "write_scores",
    "write_table",
    "write_workbook",
]
