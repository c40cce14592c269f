"""What made files of the project; no part of the package."""
