"""Fitting, judging and naming the models: one `Fit` per model and purpose, with the reason where it is not used.

For every model the same procedure: fit it on what was known before the hold-out time, compare its forecast of the
hold-out time with the naive one, and only if it wins fit it on everything known today.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from ingestion.prediction.bg_nbd import OrderHistories, fit_bg_nbd
from ingestion.prediction.gamma_gamma import OrderValues, fit_gamma_gamma
from ingestion.prediction.maximum_likelihood import NotFittedError
from ingestion.prediction.shifted_beta_geometric import ContractHistories, fit_shifted_beta_geometric
from ingestion.prediction.validation import (
    Holdout,
    contract_holdout,
    frequency_value_correlation,
    order_holdout,
    value_holdout,
)

BG_NBD, GAMMA_GAMMA, CONTRACT_SURVIVAL = "bg_nbd", "gamma_gamma", "shifted_beta_geometric"
VALIDATION, FORECAST = "validation", "forecast"


@dataclass(frozen=True, slots=True)
class Terms:
    """Conditions a model has to meet.

    Args:
        customers_minimum: repeat customers, or ended contracts, a fit needs.
        correlation_maximum: largest size of the correlation of frequency and value.
    """

    customers_minimum: int
    correlation_maximum: float


@dataclass(frozen=True, slots=True)
class Fit:
    """A model fitted for a purpose, or why it was not.

    Args:
        model: name.
        purpose: `validation` (before the hold-out time) or `forecast` (everything known).
        customer_count: customers, or contracts, it looks at.
        parameters: empty when the model was not fitted.
        log_likelihood: at the parameters.
        holdout: the comparison with what came, of a validation.
        correlation: of frequency and value, of the model of values.
        is_used: whether figures are published from it.
        reason: why figures are not published from the model; None when they are.
    """

    model: str
    purpose: str
    customer_count: int
    parameters: dict[str, float] = field(default_factory=dict)
    log_likelihood: float | None = None
    holdout: Holdout | None = None
    correlation: float | None = None
    is_used: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A model to judge: how it is fitted on each purpose's data, and how its forecast is compared."""

    name: str
    counts: dict[str, int]
    evidence: tuple[int, str]
    fit: Callable[[str], tuple[Any, float]]
    compare: Callable[[Any], Holdout | None]
    correlations: dict[str, float | None] = field(default_factory=dict)


def order_fits(
    histories: dict[str, OrderHistories],
    later_orders: tuple[np.ndarray, np.ndarray],
    horizon: float,
    terms: Terms,
) -> tuple[Fit, Fit]:
    """BG/NBD: validation and forecast.

    Args:
        histories: groups of customers, for each purpose.
        later_orders: order days of each group of the validation in the hold-out time: their sum over the group's
            customers and the sum of their squares.
        horizon: length of the hold-out time in the unit of the histories.
        terms: conditions.
    """
    before = histories[VALIDATION]
    repeaters = int(before.customers[before.repeats > 0].sum())
    candidate = _Candidate(
        BG_NBD,
        {purpose: group.customer_count for purpose, group in histories.items()},
        (repeaters, "customers who had ordered again"),
        lambda purpose: fit_bg_nbd(histories[purpose]),
        lambda model: order_holdout(model, before, *later_orders, horizon),
    )
    return _judge(candidate, terms)


def value_fits(values: dict[str, OrderValues], later_mean: np.ndarray, terms: Terms) -> tuple[Fit, Fit]:
    """Gamma-Gamma: validation and forecast.

    Args:
        values: repeat customers, for each purpose.
        later_mean: mean value of the hold-out time of each customer of the validation, NaN for those without.
        terms: conditions.
    """
    before = values[VALIDATION]
    candidate = _Candidate(
        GAMMA_GAMMA,
        {purpose: len(known.repeats) for purpose, known in values.items()},
        (len(before.repeats), "customers who had ordered again for an amount"),
        lambda purpose: fit_gamma_gamma(values[purpose]),
        lambda model: value_holdout(model, before, later_mean),
        {purpose: frequency_value_correlation(known) for purpose, known in values.items()},
    )
    return _judge(candidate, terms)


def contract_fits(
    contracts: dict[str, ContractHistories], stayed: np.ndarray, months: int, terms: Terms
) -> tuple[Fit, Fit]:
    """Shifted-beta-geometric: validation and forecast.

    Args:
        contracts: groups of contracts, for each purpose.
        stayed: how many of each group of the validation lasted through the hold-out time.
        months: length of the hold-out time.
        terms: conditions.
    """
    before = contracts[VALIDATION]
    running = ~before.is_ended
    candidate = _Candidate(
        CONTRACT_SURVIVAL,
        {purpose: int(known.contracts.sum()) for purpose, known in contracts.items()},
        (int(before.contracts[before.is_ended].sum()), "contracts that had ended"),
        lambda purpose: fit_shifted_beta_geometric(contracts[purpose]),
        lambda model: contract_holdout(
            model, before.months[running], months, before.contracts[running], stayed[running]
        ),
    )
    return _judge(candidate, terms)


def _judge(candidate: _Candidate, terms: Terms) -> tuple[Fit, Fit]:
    """The procedure of this module, for any model."""
    found, what = candidate.evidence
    if found < terms.customers_minimum:
        return _unfitted(candidate, f"{what} before the hold-out time: {found}, needed: {terms.customers_minimum}")
    try:
        model, likelihood = candidate.fit(VALIDATION)
        holdout = candidate.compare(model)
        reason = _worse_than_naive(holdout) or _not_independent(candidate.correlations.get(FORECAST), terms)
        validation = Fit(
            candidate.name,
            VALIDATION,
            candidate.counts[VALIDATION],
            asdict(model),
            likelihood,
            holdout,
            candidate.correlations.get(VALIDATION),
            reason=reason,
        )
        if reason:
            return validation, _unfitted(candidate, reason)[1]
        model, likelihood = candidate.fit(FORECAST)
    except NotFittedError as error:
        return _unfitted(candidate, str(error))
    forecast = Fit(
        candidate.name,
        FORECAST,
        candidate.counts[FORECAST],
        asdict(model),
        likelihood,
        correlation=candidate.correlations.get(FORECAST),
        is_used=True,
    )
    return validation, forecast


def _unfitted(candidate: _Candidate, reason: str) -> tuple[Fit, Fit]:
    validation, forecast = (
        Fit(
            candidate.name,
            purpose,
            candidate.counts[purpose],
            correlation=candidate.correlations.get(purpose),
            reason=reason,
        )
        for purpose in (VALIDATION, FORECAST)
    )
    return validation, forecast


def _worse_than_naive(holdout: Holdout | None) -> str | None:
    if holdout is None:
        return "nobody is left to compare the forecast with in the hold-out time"
    if holdout.beats_naive:
        return None
    return f"hold-out error {holdout.error:.4g} is not below the {holdout.naive_error:.4g} of the naive forecast"


def _not_independent(correlation: float | None, terms: Terms) -> str | None:
    if correlation is None or abs(correlation) <= terms.correlation_maximum:
        return None
    return (
        f"frequency and value are correlated by {correlation:.2f}, allowed is ±{terms.correlation_maximum:g}: "
        "frequent buyers spend differently per order"
    )
