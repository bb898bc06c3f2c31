"""Gamma-Gamma: what an order of a customer will be worth on average, from the mean of the past ones.

A customer's orders vary around a mean of the customer's own, and the means vary between customers, both gamma
distributed. Formulas: Fader & Hardie, "The Gamma-Gamma Model of Monetary Value" (note, 2013). The model holds only
where frequent buyers do not spend more or less per order than others; that is tested in `validation.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from ingestion.prediction.maximum_likelihood import NotFittedError, maximise


@dataclass(frozen=True, slots=True)
class OrderValues:
    """Repeat customers, one element each.

    Args:
        repeats: order days after the first one, at least 1.
        mean_amount: mean value of these days, above 0.
    """

    repeats: np.ndarray
    mean_amount: np.ndarray


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """A fitted model.

    Args:
        p: shape of the distribution of a customer's orders.
        q, v: shape and scale of the distribution of the customers; v is in the unit of the amounts.
    """

    p: float
    q: float
    v: float

    def log_likelihood(self, values: OrderValues) -> float:
        """Log-likelihood of the means (equation 1a of the note)."""
        return _log_likelihood(np.array([self.p, self.q, self.v]), values)[0]

    def expected_amount(self, repeats: np.ndarray, mean_amount: np.ndarray) -> np.ndarray:
        """Expected value of a future order (equation 5 of the note): between the own mean and everybody's.

        Args:
            repeats: order days after the first one; without any, what is expected is everybody's mean.
            mean_amount: mean value of these days; ignored where there are none.
        """
        known = np.where(repeats > 0, repeats * mean_amount, 0.0)
        return self.p * (self.v + known) / (self.p * repeats + self.q - 1)


def fit_gamma_gamma(values: OrderValues) -> tuple[GammaGamma, float]:
    """The model under which the means are likeliest, and its log-likelihood.

    Raises:
        NotFittedError: when the search finds no maximum, or one at which the mean over customers is infinite.
    """
    if len(values.repeats) == 0:
        raise NotFittedError("no customer has a repeat order of a value above 0")
    start = (1.0, 2.0, float(np.mean(values.mean_amount)))
    found, value = maximise(lambda at: _log_likelihood(at, values), start, len(values.repeats))
    p, q, v = (float(parameter) for parameter in found)
    if q <= 1:
        raise NotFittedError("order values are spread so widely that their mean over all customers is infinite")
    return GammaGamma(p, q, v), value


def _log_likelihood(parameters: np.ndarray, values: OrderValues) -> tuple[float, np.ndarray]:
    """Value and gradient of the log-likelihood in p, q, v."""
    p, q, v = parameters
    x, mean = values.repeats, values.mean_amount
    log_total, log_sum = np.log(x * mean), np.log(v + x * mean)
    value = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v) - np.log(mean)
    value = value + p * x * log_total - (p * x + q) * log_sum
    gradient = (
        x * (digamma(p * x + q) - digamma(p * x) + log_total - log_sum),
        digamma(p * x + q) - digamma(q) + np.log(v) - log_sum,
        q / v - (p * x + q) / (v + x * mean),
    )
    return float(np.sum(value)), np.array([float(np.sum(part)) for part in gradient])
