"""Data-driven attribution: a Markov chain over channels, and what it loses when one of them is taken away.

Only the arithmetic on the small transition matrix lives here. Which touches form a path and how credits are cut from
the effects is SQL in `dbt_project/models/lifecycle/attribution`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyRelation

START, ORDER, NONE = "(start)", "(order)", "(none)"

Transitions = Mapping[tuple[str, str], int]


def removal_effects(transitions: Transitions) -> dict[str, float]:
    """Share of the orders that would be missing without each channel.

    The chain starts in `(start)` and ends in `(order)` or `(none)`. Without a channel, every path that would have come
    to it ends in `(none)`: the effect is 1 − P(order without the channel) / P(order).

    Args:
        transitions: how often a path went from one state to another.

    Returns:
        Channel to effect, from 0 (no order depends on it) to 1 (all do). Empty when no path ended in an order.
    """
    channels = sorted({state for move in transitions for state in move} - {START, ORDER, NONE})
    states = [START, *channels]
    among, to_order = _probabilities(transitions, states)
    everything = _chance_of_order(among, to_order)
    if everything == 0:
        return {}
    left = {
        channel: _chance_of_order(*_without(among, to_order, index)) / everything
        for index, channel in enumerate(channels, start=1)
    }
    # Solving the equations leaves an error in the last digit, above one or below nothing.
    return {channel: 1.0 - min(max(share, 0.0), 1.0) for channel, share in left.items()}


def _probabilities(transitions: Transitions, states: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of the moves among `states` and from each of them to an order; the rest ends without one."""
    index = {state: number for number, state in enumerate(states)}
    among, to_order = np.zeros((len(states), len(states))), np.zeros(len(states))
    totals = np.zeros(len(states))
    for (source, target), count in transitions.items():
        totals[index[source]] += count
        if target == ORDER:
            to_order[index[source]] += count
        elif target != NONE:
            among[index[source], index[target]] += count
    divisor = np.where(totals == 0, 1, totals)
    return among / divisor[:, None], to_order / divisor


def _without(among: np.ndarray, to_order: np.ndarray, removed: int) -> tuple[np.ndarray, np.ndarray]:
    kept = np.arange(len(to_order)) != removed
    return among[np.ix_(kept, kept)], to_order[kept]


def _chance_of_order(among: np.ndarray, to_order: np.ndarray) -> float:
    """Probability that a path from the first state ends in an order: the first entry of (I − Q)⁻¹ r."""
    return float(np.linalg.solve(np.eye(len(to_order)) - among, to_order)[0])


def removal_effect_table(transitions: DuckDBPyRelation) -> pa.Table:
    """The removal effects of a relation `from_state, to_state, transition_count`, as `channel, removal_effect`."""
    import pyarrow as pa

    rows = transitions.select("from_state, to_state, transition_count").order("from_state, to_state").fetchall()
    effects = removal_effects({(source, target): count for source, target, count in rows})
    return pa.table(
        {
            "channel": pa.array(effects, pa.string()),
            "removal_effect": pa.array(effects.values(), pa.float64()),
        }
    )
