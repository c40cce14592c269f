"""The embedded store: one DuckDB file, in process, a cache of the dataset."""
