"""Shifted-beta-geometric: how long contracts will last, from how long others have.

At the end of every month a contract ends with a probability of its own (beta distributed: alpha, beta), so that those
who stay are more and more the loyal ones. Formulas: Fader & Hardie, "How to Project Customer Retention", Journal of
Interactive Marketing 21 (2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln

from ingestion.prediction.maximum_likelihood import NotFittedError, maximise


@dataclass(frozen=True, slots=True)
class ContractHistories:
    """Groups of contracts with the same history, one element each.

    Args:
        months: for an ended contract the month it ended in (from 1), for a running one the months it has lasted.
        is_ended: whether the contract has ended.
        contracts: how many contracts have this history.
    """

    months: np.ndarray
    is_ended: np.ndarray
    contracts: np.ndarray


@dataclass(frozen=True, slots=True)
class ShiftedBetaGeometric:
    """A fitted model.

    Args:
        alpha, beta: shape of the beta distribution of the probability to end in a month.
    """

    alpha: float
    beta: float

    def survival(self, months: np.ndarray) -> np.ndarray:
        """Share of contracts that last longer than `months` months (equation 6 of the paper)."""
        return np.exp(_log_survival(self.alpha, self.beta, months))

    def probability_to_stay(self, age: np.ndarray, months: np.ndarray | float) -> np.ndarray:
        """Probability that a contract that has lasted `age` months lasts `months` further ones."""
        return np.exp(_log_survival(self.alpha, self.beta, age + months) - _log_survival(self.alpha, self.beta, age))


def fit_shifted_beta_geometric(histories: ContractHistories) -> tuple[ShiftedBetaGeometric, float]:
    """The model under which the histories are likeliest, and its log-likelihood.

    Raises:
        NotFittedError: when no contract has ended, or the search finds no maximum.
    """
    if not np.any(histories.is_ended):
        raise NotFittedError("no contract has ended")
    count = int(histories.contracts.sum())
    found, value = maximise(lambda at: _log_likelihood(at, histories), (1.0, 5.0), count)
    return ShiftedBetaGeometric(float(found[0]), float(found[1])), value


def _log_survival(alpha: float, beta: float, months: np.ndarray) -> np.ndarray:
    """Logarithm of the survival: ln S(t) = ln B(alpha, beta + t) - ln B(alpha, beta)."""
    return gammaln(beta + months) - gammaln(alpha + beta + months) - gammaln(beta) + gammaln(alpha + beta)


def _log_likelihood(parameters: np.ndarray, histories: ContractHistories) -> tuple[float, np.ndarray]:
    """Value and gradient in alpha, beta: an ended contract adds ln P(T = t), a running one ln S(t).

    P(T = t) = B(alpha + 1, beta + t - 1) / B(alpha, beta) (equation 5 of the paper) = S(t - 1) times the hazard
    alpha / (alpha + beta + t - 1).
    """
    alpha, beta = parameters
    ended = histories.is_ended.astype(float)
    lasted = histories.months - ended
    hazard = ended * (np.log(alpha) - np.log(alpha + beta + lasted))
    value = _log_survival(alpha, beta, lasted) + hazard
    both = digamma(alpha + beta) - digamma(alpha + beta + lasted)
    gradient = (
        both + ended * (1 / alpha - 1 / (alpha + beta + lasted)),
        both + digamma(beta + lasted) - digamma(beta) - ended / (alpha + beta + lasted),
    )
    weight = histories.contracts
    return float(weight @ value), np.array([float(weight @ part) for part in gradient])
