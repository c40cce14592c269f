"""The steps of a composite indicator, one module each: pure functions of arrays, and the table of their methods."""
