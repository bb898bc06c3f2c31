"""The publication asset: the last step, which lets readers see the marts.

What may be published and how is decided in `orchestration/publish/`, what its report says in
`orchestration/lifecycle_report/`.
"""

from collections.abc import Sequence
from datetime import timedelta

import dagster as dg

from ingestion.contract import Pii
from ingestion.settings import Settings
from orchestration.assets.raw import OWNER, POOL
from orchestration.resources import RunClock

PUBLICATION = dg.AssetKey(["serving", "publication"])


def publication_asset(marts: Sequence[dg.AssetKey], settings: Settings) -> dg.AssetsDefinition:
    """The publication of the given marts.

    Args:
        marts: asset keys of all tables in schema `marts`.
        settings: the age from which the UI shows it as late.
    """

    @dg.asset(
        key=PUBLICATION,
        deps=list(marts),
        group_name="serving",
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=settings.publication_late_hours)),
        owners=[OWNER],
        kinds={"duckdb", "parquet"},
        tags={"layer": "serving", "domain": "serving", "pii": Pii.DIRECT.value},
        description="The generation BI reads: `serving/lifecycle.duckdb` and `serving/parquet/`. Refused unless every "
        "required check has a stored pass for exactly this data.",
        pool=POOL,
    )
    def publication(
        context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], clock: RunClock
    ) -> dg.MaterializeResult:
        from orchestration.documents import document_url
        from orchestration.lifecycle_report.writing import write_published_reports
        from orchestration.publish.publisher import publish

        clock.begin(settings, context.run_id)
        result = publish(settings, context.run_id)
        reports = write_published_reports(settings)
        return dg.MaterializeResult(
            metadata={
                "generation": result.generation,
                "is_new": result.is_new,
                "as_of": str(result.as_of),
                "dagster/row_count": sum(result.row_counts.values()),
                "database": dg.MetadataValue.path(settings.serving / "lifecycle.duckdb"),
                **{
                    f"report_{language}": dg.MetadataValue.url(document_url(settings, path))
                    for language, path in reports.items()
                },
                "rows_by_table": dg.MetadataValue.json(result.row_counts),
            }
        )

    return publication
