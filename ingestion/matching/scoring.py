"""How probable it is that two contacts are one person, and what each field contributes to that.

The model is only used here, never trained: a new contact is scored against all others with the numbers learned before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from ingestion.matching.comparisons import FIELDS
from ingestion.matching.records import Records, prepared
from ingestion.matching.training import MatchModel, in_force, latest

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation
    from splink import Linker
    from splink.internals.splink_dataframe import SplinkDataFrame

    from ingestion.settings import Settings

PAIRS = pa.schema(
    [
        pa.field("left_record_key", pa.string()),
        pa.field("right_record_key", pa.string()),
        pa.field("match_probability", pa.float64()),
        pa.field("match_weight", pa.float64()),
        pa.field("contributions", pa.string()),
        pa.field("model_version", pa.int32()),
    ]
)
"""One row per pair of contacts. `contributions` is a JSON object from field to weight (base 2, above 0 speaks for one
person); a field missing on either side contributes nothing and is left out."""


def contact_match_table(contacts: DuckDBPyRelation, settings: Settings, minimum: float) -> pa.Table:
    """The pairs of contacts that are one person with at least the given probability.

    Args:
        contacts: `conformed.crm_contacts`.
        settings: whether there are to be proposals at all; without, the result is empty and nothing is compared.
        minimum: probability from which on a pair is of interest.
    """
    if not settings.identity_proposals:
        return PAIRS.empty_table()
    with prepared(open_contacts(contacts), settings) as records:
        return scored_pairs(records, in_force(records, latest(settings)), minimum)


def open_contacts(contacts: DuckDBPyRelation) -> pa.Table:
    """What is compared of `conformed.crm_contacts`: the contacts that were not merged into others."""
    columns = [f"{field}::varchar as {field}" for field in FIELDS]
    rows = contacts.filter("merged_into_contact_id is null")
    return rows.project(", ".join(["record_key", *columns])).to_arrow_table()


def scored_pairs(records: Records, model: MatchModel, minimum: float) -> pa.Table:
    """The pairs of records, as PAIRS, that have at least the given probability, in a fixed order."""
    if records.count < 2:
        return PAIRS.empty_table()
    linker = records.linker(model.parameters)
    found = linker.inference.predict(threshold_match_probability=minimum)
    return records.connection.execute(
        f"""
        select
            least(record_key_l, record_key_r) as left_record_key,
            greatest(record_key_l, record_key_r) as right_record_key,
            match_probability::double as match_probability,
            match_weight::double as match_weight,
            {_contributions(linker, found)} as contributions,
            {model.version}::integer as model_version
        from {found.physical_name}
        order by all
        """
    ).to_arrow_table()


def _contributions(linker: Linker, found: SplinkDataFrame) -> str:
    """SQL for the weights by field: that of the likeness and, where there is one, that of how common the value is."""
    columns = {column.unquote().name for column in found.columns}
    fields = [field for field in FIELDS if f"gamma_{field}" in columns]
    parts = []
    for field in fields:
        common = f" + mw_tf_adj_{field}" if f"mw_tf_adj_{field}" in columns else ""
        parts.append(f"'{field}', case when gamma_{field} <> -1 then round(mw_{field}{common}, 3) end")
    prior = linker.misc.save_model_to_json()["probability_two_random_records_match"]
    return (
        f"json_merge_patch('{{}}', json_object('prior', round(log2({prior} / (1 - {prior})), 3), {', '.join(parts)}))"
    )
