"""Several sources made one: organisations matched, rounds counted once, nodes and links combined."""
