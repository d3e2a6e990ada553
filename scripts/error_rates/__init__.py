"""How often the program calls luck real, and how often it finds an edge: what `scripts/error-rates` is made of.

`rows` has a file a family of rows. The other files are what rows are made of (`draws`, `markets`, `sweeps`, `case`), how they are run
(`record`, `work`) and how they are told (`rates`, `table`).
"""
