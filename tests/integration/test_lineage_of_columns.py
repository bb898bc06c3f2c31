"""What a column is made of is to be seen at the tables of a company that was built."""

from __future__ import annotations

import dagster as dg

from orchestration.assets.lineage import METADATA
from orchestration.instance import open_instance


def test_the_columns_of_the_profile_are_traced_without_a_model_being_read(company):
    # `make lineage` writes the book anew after a model's SQL has changed.
    assert not (company.settings.data_dir / "dbt" / "column_lineage.json").exists()
    with open_instance(company.settings) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["marts", "customer_profile"]))
    lineage = event.asset_materialization.metadata[METADATA].value
    origins = {dependency.asset_key.path[0] for dependency in lineage.deps_by_column["customer_id"]}
    assert origins <= {"identity", "lifecycle"}
    assert origins
