"""For each week and feature, the drift from the fit stretch of the version in force.

Compared are what both define alike: the Kolmogorov-Smirnov distance of a number, the
chi-squared of categories in two rows. Values lie on the grid of monitoring.drift_steps
for both. PSI is computed by both and not compared: the bins are others.
"""

from __future__ import annotations

from benchmarks import tables

PROBLEM = "arrival_delay"
CONTENDERS = {
    "Goldleaf": "drift.goldleaf",
    "Goldleaf, 48 MB for DuckDB": "drift.goldleaf_bounded",
    "Evidently, a report a week": "drift.evidently_reports",
}
TABLES = (
    ("Drift of every feature, half a year", "drift", CONTENDERS),
    (
        "Drift of every feature, the last week, 10 times the rows",
        "drift-10x",
        CONTENDERS,
    ),
)
MODELS = (
    "drift_steps",
    "drift_counts",
    "drift_weeks",
    "drift_bins",
    "drift_distances",
    "drift_tests",
    "drift",
)
"""The models of the project, in the order in which dbt builds them."""


def compare() -> bool:
    """Measure and print; return whether all results are equal."""
    return tables.compare("benchmarks.drift.inputs", TABLES)
