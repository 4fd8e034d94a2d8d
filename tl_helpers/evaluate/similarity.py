"""How near a target lies to a source, by the features of one network (Cui et al. 2018).

Each domain becomes its class means, weighted by how common the classes are. The earth mover's
distance says how far one set of means must be carried to become the other.
"""

import numpy as np
from scipy import sparse
from scipy.optimize import linprog
from scipy.spatial.distance import cdist

from ._labels import check_labels, class_means


def domain_similarity(source, source_y, target, target_y, gamma: float = 0.01) -> float:
    """exp(-gamma * earth mover's distance) between the class means of two domains, 0 to 1.

    Args:
        source, target: (n, d) and (m, d), features by the same network.
        source_y, target_y: (n,) and (m,) labels.
        gamma: the paper's 0.01; it only stretches the scale.
    """
    (a, share_a), (b, share_b) = (
        _means(*domain) for domain in ((source, source_y), (target, target_y))
    )
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            f"both domains need features of one network, got {a.shape[1]} and {b.shape[1]} of them"
        )
    return float(np.exp(-gamma * earth_movers_distance(cdist(a, b), share_a, share_b)))


def earth_movers_distance(costs, supply, demand) -> float:
    """The least mean cost of carrying one set of shares to another.

    Args:
        costs: (n, m), of a unit from i to j.
        supply, demand: (n,) and (m,), each sums to 1.
    """
    n, m = costs.shape
    leaving = sparse.kron(sparse.eye(n), np.ones((1, m)))  # the flow is (n * m,)
    arriving = sparse.kron(np.ones((1, n)), sparse.eye(m))
    constraints = sparse.vstack([leaving, arriving], format="csr")
    found = linprog(costs.ravel(), A_eq=constraints, b_eq=np.concatenate([supply, demand]))
    return float(found.fun)


def _means(features, y):
    f, y = np.asarray(features, np.float64), check_labels(features, y)
    means, counts = class_means(f, y)
    return means, counts / len(y)
