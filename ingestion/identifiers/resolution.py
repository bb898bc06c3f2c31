"""Who is who, on numbered identifiers: the graph algorithms that SQL is slow or clumsy at, as pure functions.

Which identifiers there are, how old and how trusted they are, and which links count is decided in the models of
`dbt_project/models/identity`; they hand over integer arrays and keep what comes back. No names, no database here.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix, csgraph


def connected_components(count: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """For each of the nodes 0 … count - 1 the smallest node of its component.

    Args:
        count: number of nodes.
        left: one end of each link.
        right: the other end of each link.
    """
    if count == 0:
        return np.empty(0, dtype=np.int64)
    graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    _, labels = csgraph.connected_components(graph, directed=False)
    _, first = np.unique(labels, return_index=True)
    return first[labels].astype(np.int64)
