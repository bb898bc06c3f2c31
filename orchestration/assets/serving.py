"""What readers are given, as assets: the publication and, when a server is configured, its copy in Postgres.

How the copy is made lives in `orchestration/publish/postgres.py`. A copy that fails makes the run fail and leaves the
published generation as it is.
"""

from collections.abc import Sequence

import dagster as dg

from ingestion.contract import Pii
from ingestion.settings import Settings
from orchestration.assets.publication import PUBLICATION, publication_asset
from orchestration.assets.raw import OWNER, POOL

POSTGRES = dg.AssetKey(["serving", "postgres"])


def serving_assets(settings: Settings, marts: Sequence[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """Everything that comes after the marts.

    Args:
        settings: whether there is a Postgres server.
        marts: asset keys of all tables in schema `marts`.
    """
    return [publication_asset(marts, settings), *postgres_assets(settings)]


def postgres_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    """The asset, or none when LIFECYCLE_POSTGRES_URL is not set."""
    if not settings.postgres_url:
        return []

    @dg.asset(
        key=POSTGRES,
        deps=[PUBLICATION],
        group_name="serving",
        owners=[OWNER],
        kinds={"postgres"},
        tags={"layer": "serving", "domain": "serving", "pii": Pii.DIRECT.value},
        description="The published generation in Postgres: schema `marts`, readable by the role `lifecycle_reader`.",
        pool=POOL,
    )
    def postgres(settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
        from orchestration.publish.postgres import copy_to_postgres

        copy = copy_to_postgres(settings)
        if copy is None:
            raise dg.Failure(description="Nothing is published yet, so there is nothing to copy.", allow_retries=False)
        return dg.MaterializeResult(
            metadata={
                "generation": copy.generation,
                "is_new": copy.is_new,
                "dagster/row_count": sum(copy.row_counts.values()),
                "rows_by_table": dg.MetadataValue.json(copy.row_counts),
            }
        )

    return [postgres]
