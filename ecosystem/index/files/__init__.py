"""An index and its values in files: the index folder, tables of values, COINr and the COIN Tool."""
