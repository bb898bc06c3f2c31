"""BG/NBD: how often customers will order, and whether they still are customers, from their past orders alone.

Customers order at random at a rate of their own (gamma distributed: r, alpha) and after every order may leave for good
with a probability of their own (beta distributed: a, b). Formulas: Fader, Hardie & Lee, "Counting Your Customers the
Easy Way: An Alternative to the Pareto/NBD Model", Marketing Science 24 (2005); the probability of being alive after
their note "Computing P(alive) Using the BG/NBD Model" (2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, expit, gammaln, hyp2f1

from ingestion.prediction.maximum_likelihood import NotFittedError, maximise


@dataclass(frozen=True, slots=True)
class OrderHistories:
    """Groups of customers with the same history, one element each; times in one unit of the caller's choice.

    Args:
        repeats: order days after the first one (the frequency x).
        recency: time from the first to the last order day (t_x).
        age: time from the first order day to the end of the observation (T).
        customers: how many customers have this history.
    """

    repeats: np.ndarray
    recency: np.ndarray
    age: np.ndarray
    customers: np.ndarray

    @property
    def customer_count(self) -> int:
        """All customers of all groups."""
        return int(self.customers.sum())


@dataclass(frozen=True, slots=True)
class BgNbd:
    """A fitted model.

    Args:
        r, alpha: shape and rate of the gamma distribution of order rates; alpha is in the unit of time.
        a, b: shape of the beta distribution of the probability to leave after an order.
    """

    r: float
    alpha: float
    a: float
    b: float

    def log_likelihood(self, histories: OrderHistories) -> float:
        """Log-likelihood of the histories (equation 6 of the paper)."""
        return _log_likelihood(np.array([self.r, self.alpha, self.a, self.b]), histories)[0]

    def probability_alive(self, repeats: np.ndarray, recency: np.ndarray, age: np.ndarray) -> np.ndarray:
        """Probability that a customer has not left; 1 for those without a repeat, who had no occasion to leave."""
        has_repeats = repeats > 0
        odds = np.log(self.a) - np.log(self.b + np.where(has_repeats, repeats, 1) - 1)
        odds = odds + (self.r + repeats) * (np.log(self.alpha + age) - np.log(self.alpha + recency))
        return np.where(has_repeats, expit(-odds), 1.0)

    def orders_if_alive(self, repeats: np.ndarray, age: np.ndarray, horizon: np.ndarray | float) -> np.ndarray:
        """Order days expected within `horizon` after the observation, given that the customer has not left.

        The numerator of equation 10 of the paper. Its hypergeometric function grows without bounds for frequent
        buyers; Euler's transformation, 2F1(A, B; C; z) = (1 - z)^(C - A - B) 2F1(C - A, C - B; C; z), keeps it small.
        """
        past = self.alpha + age
        left = past / (past + horizon)
        scale = self.a + self.b + repeats - 1
        series = hyp2f1(self.a + self.b - 1 - self.r, self.a - 1, scale, 1 - left)
        return scale / (self.a - 1) * (1 - left ** (self.a - 1) * series)

    def expected_orders(self, repeats: np.ndarray, recency: np.ndarray, age: np.ndarray, horizon: float) -> np.ndarray:
        """Order days expected within `horizon` after the observation (equation 10 of the paper)."""
        alive = self.probability_alive(repeats, recency, age)
        return alive * self.orders_if_alive(repeats, age, horizon)


def fit_bg_nbd(histories: OrderHistories) -> tuple[BgNbd, float]:
    """The model under which the histories are likeliest, and its log-likelihood.

    Args:
        histories: groups of customers; a million customers are some hundred thousand groups.

    Raises:
        NotFittedError: when nobody has ordered twice, or the search finds no maximum.
    """
    if not np.any(histories.repeats > 0):
        raise NotFittedError("no customer has ordered on two days")
    start = (1.0, max(float(np.median(histories.age)), 1e-3), 1.0, 2.0)
    found, value = maximise(lambda at: _log_likelihood(at, histories), start, histories.customer_count)
    r, alpha, a, b = (float(parameter) for parameter in found)
    return BgNbd(r, alpha, a, b), value


def _log_likelihood(parameters: np.ndarray, histories: OrderHistories) -> tuple[float, np.ndarray]:
    """Value and gradient of the log-likelihood in r, alpha, a, b."""
    r, alpha, a, b = parameters
    x, weight = histories.repeats, histories.customers
    has_repeats = x > 0
    log_age, log_recency = np.log(alpha + histories.age), np.log(alpha + histories.recency)
    order = np.where(has_repeats, x, 1)
    staying = -(r + x) * log_age
    leaving = np.where(has_repeats, np.log(a) - np.log(b + order - 1) - (r + x) * log_recency, -np.inf)
    # The share of the likelihood that falls to having left.
    left = np.where(has_repeats, expit(leaving - staying), 0.0)
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    value = value + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x) + np.logaddexp(staying, leaving)
    both = digamma(a + b) - digamma(a + b + x)
    gradient = (
        digamma(r + x) - digamma(r) + np.log(alpha) - (1 - left) * log_age - left * log_recency,
        r / alpha - (r + x) * ((1 - left) / (alpha + histories.age) + left / (alpha + histories.recency)),
        both + left / a,
        both + digamma(b + x) - digamma(b) - left / (b + order - 1),
    )
    return float(weight @ value), np.array([float(weight @ part) for part in gradient])
