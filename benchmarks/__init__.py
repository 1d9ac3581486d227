"""Every performance figure of the project beside its peers; see ``README.md`` here.

A contender is a module with a function ``run``: it reads the Parquet files of a folder,
holds the result in memory and returns a function that writes it to a Parquet file.
"""
