"""A first guess of a mapping from an export: what is certain is a line, the rest a comment with a question."""

from ecosystem.imports.guess.mapping_text import guess_mapping

__all__ = ["guess_mapping"]
