"""Maximum likelihood for models whose parameters are all positive; the models themselves stand beside this module."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import minimize

Parameters = np.ndarray
LogLikelihood = Callable[[Parameters], tuple[float, np.ndarray]]

_LOWEST, _HIGHEST = 1e-6, 1e7


class NotFittedError(RuntimeError):
    """The likelihood has no maximum that could be found; the message is the reason told to readers."""


def maximise(log_likelihood: LogLikelihood, start: Sequence[float], count: int) -> tuple[Parameters, float]:
    """The parameters at which the likelihood is highest.

    The search runs over the logarithms of the parameters with the exact gradient (L-BFGS-B), so that it needs some
    dozens of passes over the data whatever the unit of a parameter is.

    Args:
        log_likelihood: value and gradient at positive parameters.
        start: positive parameters to start from.
        count: number of observations, which scales the tolerance.

    Returns:
        The parameters and the log-likelihood there.

    Raises:
        NotFittedError: when the search ends without a maximum.
    """

    def loss(logarithms: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = np.exp(logarithms)
        value, gradient = log_likelihood(parameters)
        return -value / count, -gradient * parameters / count

    bounds = [(np.log(_LOWEST), np.log(_HIGHEST))] * len(start)
    options = {"maxiter": 500, "maxfun": 2000, "ftol": 1e-13, "gtol": 1e-8}
    found = minimize(loss, np.log(start), jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    # A line search that can improve no further in floating point ends "abnormally" at a maximum all the same.
    is_flat = bool(np.isfinite(found.fun)) and float(np.max(np.abs(found.jac))) < 1e-4
    if not (found.success or is_flat) or not np.isfinite(found.fun):
        raise NotFittedError("the likelihood of the model has no maximum on this data")
    return np.exp(found.x), -float(found.fun) * count
