"""What SQL cannot do: fit, score, explain.

The modules here know data frames and nothing of dbt; those in :mod:`python_ml.edge`
connect them to dbt, the lake and the command line.
"""
