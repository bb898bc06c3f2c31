"""Matching the column names of a file with the contract: which are known, which are new, which are missing.

Names are compared without regard to case and surrounding blanks. Values are not looked at here.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.contract import Entity
from ingestion.files.errors import FileRejectedError


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of one file.

    Args:
        known: contract column name -> position in the file, in contract order.
        extra: name as delivered -> position, for the columns the contract lacks.
    """

    known: dict[str, int]
    extra: dict[str, int]


def match_header(entity: Entity, names: Sequence[str], *, requires_all: bool = True) -> Header:
    """Find the contract's columns in the names of a file.

    Args:
        entity: what the file's rows are.
        names: column names as delivered, in file order.
        requires_all: whether every required column has to be among them.

    Raises:
        FileRejectedError: when a required column is missing or a column comes twice.
    """
    positions: dict[str, int] = {}
    for position, name in enumerate(names):
        folded = fold(name) or f"column {position + 1}"
        if folded in positions:
            raise FileRejectedError(
                f"column {folded if is_known(entity, folded) else position + 1} is there twice. Give every column a "
                "name of its own."
            )
        positions[folded] = position
    if requires_all:
        _require(entity, positions)
    known = {column.name: positions[column.name] for column in entity.columns if column.name in positions}
    return Header(known, {name: at for name, at in positions.items() if name not in known})


def fold(name: str) -> str:
    """The form in which column names are compared."""
    return name.strip().strip("\ufeff").strip().lower()


def is_known(entity: Entity, folded: str) -> bool:
    """Whether the contract has a column of that folded name."""
    return any(column.name == folded for column in entity.columns)


def _require(entity: Entity, positions: dict[str, int]) -> None:
    missing = [name for name in entity.required_columns if name not in positions]
    if not missing:
        return
    unknown = [name for name in positions if not is_known(entity, name)]
    found = [name for name in positions if is_known(entity, name)]
    hints = [
        f"{name} (is it the column {near[0]!r}?)"
        if (near := difflib.get_close_matches(name, unknown, n=1, cutoff=0.7))
        else name
        for name in missing
    ]
    raise FileRejectedError(
        f"required column{'s' if len(missing) > 1 else ''} missing: {', '.join(hints)}. Of the file's {len(positions)} "
        f"column(s), {entity.path} knows {', '.join(found) or 'none'}. Is the first line the header?"
    )
