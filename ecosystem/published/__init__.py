"""The scores and ranks that the source of an index published, compared with those that the index gives."""
