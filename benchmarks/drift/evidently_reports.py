"""Evidently: a ``Report`` for each week, ``ValueDrift`` for each column and statistic.

https://docs.evidentlyai.com/metrics/customize_data_drift. Its own tests of these names
give p-values, in which 6,000 rows always differ; registered here are the statistics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.legacy.calculations.stattests import StatTest
from evidently.legacy.calculations.stattests.registry import register_stattest
from evidently.legacy.core import ColumnType
from evidently.metrics import ValueDrift
from scipy import stats

from benchmarks.drift import PROBLEM

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NO_FEATURES = ["flight_id", "prediction_at", "label", "label_known_at", "week_from_at"]


def distance(
    reference: pd.Series, current: pd.Series, _type: ColumnType, threshold: float
) -> tuple[float, bool]:
    """Return the Kolmogorov-Smirnov distance of two samples of numbers."""
    value = stats.ks_2samp(reference, current, method="asymp").statistic
    return value, value >= threshold


def chi_squared(
    reference: pd.Series, current: pd.Series, _type: ColumnType, threshold: float
) -> tuple[float, bool]:
    """Return the chi-squared of two samples of categories."""
    counts = pd.DataFrame(
        {"reference": reference.value_counts(), "current": current.value_counts()}
    ).fillna(0)
    value = stats.chi2_contingency(counts.T, correction=False).statistic
    return value, value >= threshold


register_stattest(
    StatTest("ks_distance", "K-S distance", [ColumnType.Numerical]), distance
)
register_stattest(
    StatTest("chi_squared", "chi-squared", [ColumnType.Categorical]), chi_squared
)


def week_drift(reference: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Return the statistics of one week, a row a feature."""
    names = list(reference.select_dtypes(exclude="number").columns)
    numbers = [column for column in reference if column not in names]
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=names)
    methods = {**dict.fromkeys(numbers, "ks_distance")}
    methods |= dict.fromkeys(names, "chi_squared")
    metrics = [
        ValueDrift(column=column, method=method)
        for column, own in methods.items()
        for method in (own, "psi")
    ]
    snapshot = Report(metrics).run(
        Dataset.from_pandas(current, definition),
        Dataset.from_pandas(reference, definition),
    )
    values = [metric["value"] for metric in snapshot.dict()["metrics"]]
    found = pd.DataFrame({"feature": list(methods), "value": values[::2]})
    is_name = found.feature.isin(names)
    return pd.DataFrame(
        {
            "feature": found.feature,
            "ks": found.value.where(~is_name),
            "chi_squared": found.value.where(is_name),
        }
    )


def run(inputs: Path) -> Callable[[Path], None]:
    """Run a report for each week that a version was in force for."""
    examples = pd.read_parquet(inputs / f"{PROBLEM}_dataset.parquet")
    monday = examples.prediction_at.dt.to_period("W-SUN").dt.start_time
    weeks = pd.read_parquet(inputs / "drift_weeks.parquet").query("is_of_features")
    features = examples.drop(columns=NO_FEATURES, errors="ignore")
    found = []
    for _, of_version in weeks.groupby("model_id"):
        reference = of_version.week_from_at[of_version.is_reference]
        before = features[monday.isin(reference)]
        for week in of_version.week_from_at[~of_version.is_reference]:
            drift = week_drift(before, features[monday == week])
            found.append(drift.assign(week_from_at=week))
    result = pd.concat(found).sort_values(["week_from_at", "feature"])
    result["example_number"] = range(1, len(result) + 1)
    columns = ["example_number", "ks", "chi_squared"]
    return lambda file: result[columns].to_parquet(file, index=False)
