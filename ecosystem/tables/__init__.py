"""Tables in and out of files: CSV, Excel and Parquet; every room's one way to a file."""
