"""Whether a model may be used: it must predict a time it has not seen better than the naive forecast does.

The naive forecast is that everybody goes on as before: orders at the own past rate, of the own mean value; a contract
that runs goes on running. Errors are root mean squares over customers, because an expected value is what minimises
them; the mean of absolute errors would prefer the forecast that nobody orders at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.prediction.bg_nbd import BgNbd, OrderHistories
from ingestion.prediction.gamma_gamma import GammaGamma, OrderValues
from ingestion.prediction.shifted_beta_geometric import ShiftedBetaGeometric


@dataclass(frozen=True, slots=True)
class Holdout:
    """What came after the observation.

    Args:
        error: root mean square of (forecast − what came), per customer.
        naive_error: the same of the naive forecast.
        expected: what the model expects, over all customers.
        actual: what came, over all customers.
    """

    error: float
    naive_error: float
    expected: float
    actual: float

    @property
    def beats_naive(self) -> bool:
        """Whether the model is strictly better."""
        return self.error < self.naive_error


def order_holdout(
    model: BgNbd, histories: OrderHistories, orders: np.ndarray, squares: np.ndarray, horizon: float
) -> Holdout:
    """Order days of the hold-out time against those expected.

    Args:
        model: fitted on the histories.
        histories: groups of customers.
        orders: order days of each group in the hold-out time.
        squares: sum over the customers of each group of their order days squared.
        horizon: length of the hold-out time.
    """
    expected = model.expected_orders(histories.repeats, histories.recency, histories.age, horizon)
    naive = np.where(histories.age > 0, histories.repeats / np.maximum(histories.age, 1e-9), 0.0) * horizon
    weight = histories.customers

    def error(forecast: np.ndarray) -> float:
        total = float(np.sum(weight * forecast**2 - 2 * forecast * orders + squares))
        return float(np.sqrt(max(total, 0.0) / weight.sum()))

    return Holdout(error(expected), error(naive), float(weight @ expected), float(np.sum(orders)))


def value_holdout(model: GammaGamma, values: OrderValues, later_mean: np.ndarray) -> Holdout | None:
    """Mean order values of the hold-out time against those expected; None when no repeat customer came back.

    Args:
        model: fitted on the values.
        values: repeat customers.
        later_mean: mean value of their order days in the hold-out time; NaN for those without.
    """
    came = ~np.isnan(later_mean)
    if not came.any():
        return None
    expected = model.expected_amount(values.repeats, values.mean_amount)
    return _holdout(expected[came], values.mean_amount[came], later_mean[came], np.ones(int(came.sum())))


def contract_holdout(
    model: ShiftedBetaGeometric, age: np.ndarray, months: float, contracts: np.ndarray, stayed: np.ndarray
) -> Holdout | None:
    """Running contracts that lasted through the hold-out time against those expected; None when none were running.

    Args:
        model: fitted before the hold-out time.
        age: months each group of running contracts has lasted.
        months: length of the hold-out time.
        contracts: contracts of each group.
        stayed: how many of them lasted through it.
    """
    if len(age) == 0:
        return None
    chance = model.probability_to_stay(age, months)
    rate = stayed / contracts
    spread = float(np.sum(contracts * rate * (1 - rate)))
    found = _holdout(chance, np.ones(len(age)), rate, contracts, spread)
    return Holdout(found.error, found.naive_error, float(contracts @ chance), float(np.sum(stayed)))


def frequency_value_correlation(values: OrderValues) -> float | None:
    """Correlation (Pearson) of the number of repeats and their mean value; None where one of them never differs."""
    if len(values.repeats) < 2 or np.ptp(values.repeats) == 0 or np.ptp(values.mean_amount) == 0:
        return None
    return float(np.corrcoef(values.repeats, values.mean_amount)[0, 1])


def _holdout(
    expected: np.ndarray, naive: np.ndarray, actual: np.ndarray, weight: np.ndarray, spread: float = 0.0
) -> Holdout:
    """Errors of two forecasts of group means; `spread` is the sum of squares within the groups."""
    total = float(weight.sum())

    def error(forecast: np.ndarray) -> float:
        return float(np.sqrt((float(weight @ (forecast - actual) ** 2) + spread) / total))

    return Holdout(error(expected), error(naive), float(weight @ expected), float(weight @ actual))
