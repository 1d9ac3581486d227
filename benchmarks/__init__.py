"""The project's point-in-time macros beside their peers; see ``benchmarks/README.md``.

A contender is a module with a function ``run``: it reads the Parquet files of a folder,
holds the result in memory and returns a function that writes it to a Parquet file.
"""
