"""Reads the values of a declaration, and refuses what makes no sense."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

PARAMETERS: Mapping[str, tuple[type, float, float]] = {
    "bagging_fraction": (float, 0.01, 1),
    "bagging_freq": (int, 0, 1000),
    "cat_l2": (float, 0, 1e6),
    "cat_smooth": (float, 0, 1e6),
    "early_stopping_iterations": (int, 1, 10_000),
    "extra_trees": (bool, 0, 1),
    "feature_fraction": (float, 0.01, 1),
    "feature_fraction_bynode": (float, 0.01, 1),
    "lambda_l1": (float, 0, 1e6),
    "lambda_l2": (float, 0, 1e6),
    "learning_rate": (float, 1e-6, 1),
    "max_bin": (int, 2, 65_535),
    "max_depth": (int, -1, 1000),
    "max_iterations": (int, 1, 100_000),
    "min_data_in_leaf": (int, 1, 1_000_000_000),
    "min_gain_to_split": (float, 0, 1e6),
    "min_sum_hessian_in_leaf": (float, 0, 1e6),
    "num_leaves": (int, 2, 131_072),
    "path_smooth": (float, 0, 1e6),
}
"""What may be set of LightGBM, in its own names: type, smallest and largest value.

``max_iterations`` and ``early_stopping_iterations`` are the limits of training. What is
not here (objective, metric, seed, threads, ...) the task, the seed and reproducibility
decide.
"""


class DeclarationError(ValueError):
    """A declaration that makes no sense: names key, value and what is allowed."""


def refused(key: str, value: object, allowed: str) -> DeclarationError:
    """Return the error for a value that is not allowed."""
    return DeclarationError(f"{key} is {value!r}: expected {allowed}")


def refuse_unknown(
    where: str, keys: Mapping[str, Any], known: Mapping[str, Any]
) -> None:
    """Raise for a key that means nothing.

    Raises:
        DeclarationError: naming the key and those that are known.

    """
    for key in keys:
        if key not in known:
            raise DeclarationError(
                f"unknown key {key!r} in {where}: known are {', '.join(sorted(known))}"
            )


def read_mapping(key: str, value: object) -> Mapping[str, Any]:
    """Return a mapping, or refuse the value."""
    if not isinstance(value, Mapping):
        raise refused(key, value, "a mapping")
    return value


def read_text(key: str, value: object) -> str:
    """Return a text that says something, or refuse the value."""
    if not isinstance(value, str) or not value.strip():
        raise refused(key, value, "a text")
    return value


def read_choice(key: str, value: object, allowed: Mapping[str, Any]) -> str:
    """Return one of the allowed texts, or refuse the value."""
    if not isinstance(value, str) or value not in allowed:
        raise refused(key, value, f"one of {', '.join(allowed)}")
    return value


def read_names(key: str, value: object) -> tuple[str, ...]:
    """Return a list of different texts, or refuse the value."""
    if (
        not isinstance(value, list | tuple)
        or not all(isinstance(name, str) and name for name in value)
        or len(set(value)) < len(value)
    ):
        raise refused(key, value, "a list of different names")
    return tuple(value)


def read_date(key: str, value: object) -> date:
    """Return a date written YYYY-MM-DD, or refuse the value."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        day = None
    if day is None or day.isoformat() != str(value):
        raise refused(key, value, "a date YYYY-MM-DD")
    return day


def read_whole_number(key: str, value: object, smallest: int) -> int:
    """Return a whole number that is not too small, or refuse the value."""
    if isinstance(value, bool) or not isinstance(value, int) or value < smallest:
        raise refused(key, value, f"a whole number, {smallest} or more")
    return value


def read_parameters(value: object) -> dict[str, Any]:
    """Return parameters of LightGBM (:data:`PARAMETERS`), or refuse them."""
    parameters = read_mapping("parameters", value)
    refuse_unknown("parameters", parameters, PARAMETERS)
    for name, number in parameters.items():
        kind, smallest, largest = PARAMETERS[name]
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        fits = is_number and (kind is float or isinstance(number, int))
        if kind is bool:
            if not isinstance(number, bool):
                raise refused(f"parameters.{name}", number, "true or false")
        elif not fits or not smallest <= number <= largest:
            numbers = "a whole number" if kind is int else "a number"
            raise refused(
                f"parameters.{name}",
                number,
                f"{numbers} from {smallest:g} to {largest:g}",
            )
    return dict(parameters)


def read_gates(value: object, defaults: Mapping[str, float]) -> dict[str, float]:
    """Return the bound of each check that decides promotion, or refuse it.

    A check that is declared ``false`` is left out.
    """
    declared = read_mapping("gates", value)
    refuse_unknown("gates", declared, defaults)
    for check, bound in declared.items():
        is_number = isinstance(bound, int | float) and not isinstance(bound, bool)
        if bound is not False and not (is_number and 0 <= bound < float("inf")):
            raise refused(f"gates.{check}", bound, "a bound, 0 or more, or false")
    bounds = {**defaults, **declared}
    return {name: float(bound) for name, bound in bounds.items() if bound is not False}
