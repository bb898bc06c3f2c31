"""How well found groups of records agree with the true ones: pure functions on arrays of labels.

Two records are a pair when they carry the same label; which records are judged is decided by the caller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall of one kind."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of both; 0 when both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """Found groups beside true ones.

    Args:
        pairwise: over pairs of records.
        b_cubed: averaged over records.
        over_merge_rate: share of found groups that hold records of several people.
        under_merge_rate: share of people whose records lie in several groups.
        largest: records of the largest found group.
    """

    pairwise: Score
    b_cubed: Score
    over_merge_rate: float
    under_merge_rate: float
    largest: int


def as_line(name: str, found: Agreement, seconds: float) -> str:
    """All figures of one comparison, for a terminal."""
    return (
        f"{name:<34} pairs P {found.pairwise.precision:.4f} R {found.pairwise.recall:.4f} F1 {found.pairwise.f1:.4f}"
        f"  B³ P {found.b_cubed.precision:.4f} R {found.b_cubed.recall:.4f} F1 {found.b_cubed.f1:.4f}"
        f"  over-merged {found.over_merge_rate:.4%} under-merged {found.under_merge_rate:.4%}"
        f"  largest {found.largest}  {seconds:.1f} s"
    )


def agreement(truth: np.ndarray, found: np.ndarray) -> Agreement:
    """Compare two labellings of the same records.

    Args:
        truth: person of each record.
        found: group of each record.
    """
    people, groups = _numbered(truth), _numbered(found)
    cells, cell_of = np.unique(np.stack([people, groups]), axis=1, return_inverse=True)
    together = np.bincount(cell_of.ravel())
    per_person, per_group = np.bincount(people), np.bincount(groups)
    return Agreement(
        pairwise=Score(
            _ratio(_pairs(together), _pairs(per_group)),
            _ratio(_pairs(together), _pairs(per_person)),
        ),
        b_cubed=Score(
            float((together**2 / per_group[cells[1]]).sum() / len(truth)),
            float((together**2 / per_person[cells[0]]).sum() / len(truth)),
        ),
        over_merge_rate=float((np.bincount(cells[1]) > 1).mean()),
        under_merge_rate=float((np.bincount(cells[0]) > 1).mean()),
        largest=int(per_group.max()),
    )


def _numbered(labels: np.ndarray) -> np.ndarray:
    return np.unique(labels, return_inverse=True)[1].ravel()


def _pairs(sizes: np.ndarray) -> int:
    sizes = sizes.astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _ratio(part: int, whole: int) -> float:
    """Without any pair nothing was missed and nothing was wrong."""
    return part / whole if whole else 1.0
