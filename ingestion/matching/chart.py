"""One pair of contacts as a waterfall: from the prior over each field's weight to the probability.

One HTML file with everything in it; it loads nothing from anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from ingestion.errors import LifecycleError
from ingestion.matching.records import Records

if TYPE_CHECKING:
    from ingestion.matching.training import MatchModel


GONE = "One of the two contacts is no longer delivered, so there is nothing to draw."


class ChartError(LifecycleError):
    """The pair cannot be drawn; the message says why."""


def waterfall(records: Records, model: MatchModel, pair: Sequence[str], *, reveal: bool) -> str:
    """The page for one pair of records.

    Args:
        records: all contacts: how much a name says depends on how common it is among them.
        model: the version to score with.
        pair: record keys of the two contacts.
        reveal: whether the compared values are shown; without, only the weights.

    Raises:
        ChartError: when one of the contacts is not among the records.
    """
    if len(pair) != 2:
        raise ChartError(GONE)
    left, right = sorted(pair)
    linker, api = records.linker(model.parameters), records.api()
    asked = pa.table({"match_key": ["0"], "join_key_l": [left], "join_key_r": [right]})
    records.connection.register("asked_pair", asked)
    linker.table_management.register_blocked_pairs_for_predict(api.register("asked_pair"))
    scored = linker.inference.predict().as_record_list()
    if not scored:
        raise ChartError(GONE)
    return linker.visualisations.waterfall_chart(scored, remove_sensitive_data=not reveal).to_html(inline=True)
