"""dbt assets: one step per layer of `layers.py`, so that a blocking gate between two layers stops the later one.

What a model does stands in `dbt_project/`; this module maps models to Dagster's words: groups, tags, owners.
"""

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliInvocation,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from duckdb import DuckDBPyConnection

from ingestion.contract import Pii
from ingestion.errors import LifecycleError
from ingestion.settings import Settings
from ingestion.warehouse import connect
from orchestration.assets.labels import code_references_allowed, domain_of, pii_of
from orchestration.assets.lineage import BOOK, lineage_metadata
from orchestration.assets.previews import mart_previews
from orchestration.assets.raw import OWNER, POOL
from orchestration.causes import could_not_run
from orchestration.dbt_server.client import SERVER_IS_GONE
from orchestration.layers import LAYERS, Layer
from orchestration.loading import table_row_counts
from orchestration.remedies import DISK_IS_FULL, FOR_WANT_OF_MEMORY, death_of, full_disk
from orchestration.resources import RunClock

NOT_RUN = "dbt could not run this test, so nothing is known of the data; the failure of the step says why."
PROFILE = dg.AssetKey(["marts", "customer_profile"])


class DbtKilledError(LifecycleError):
    """Something ended dbt in the middle of its work; the message says what, and what to do."""


class DbtDiskFullError(LifecycleError):
    """dbt could not write; the message names the disk."""


class LayerTranslator(DagsterDbtTranslator):
    """Group = schema = folder; owners from the model's configuration, tags from the contract and the manifest.

    One for all layers of a project: the library asks for a model again with each model that reads it.
    """

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_code_references=True))
        self._pii: dict[str, Pii] = {}
        self._specs: dict[str, dg.AssetSpec] = {}

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """The model's asset; KPI and journey marts come after the profile, so that its gate stops all of them."""
        if unique_id not in self._specs:
            self._specs[unique_id] = self._spec(manifest, unique_id, project)
        return self._specs[unique_id]

    def _spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        spec = spec.merge_attributes(tags={"pii": pii_of(manifest, unique_id, self._pii).value})
        folder = str(self.get_resource_props(manifest, unique_id).get("path", "")).split("/")[:2]
        if folder[0] != "marts" or folder[1] == "customer" or spec.key == PROFILE:
            return spec
        return spec.replace_attributes(deps=[*(dep for dep in spec.deps if dep.asset_key != PROFILE), PROFILE])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The schema the table lies in; delivered tables form the group `raw`."""
        schema = str(dbt_resource_props["schema"])
        return "raw" if schema.startswith("raw_") else schema

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Owners named in the model's meta, else the data engineers."""
        return list(dbt_resource_props.get("meta", {}).get("owners", [])) or [OWNER]

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        """Layer and domain."""
        meta = dbt_resource_props.get("config", {}).get("meta", {})
        domain = str(meta.get("domain") or domain_of(dbt_resource_props))
        return {"layer": str(dbt_resource_props["schema"]), "domain": domain}


def layer_assets(layer: Layer, project: DbtProject, translator: LayerTranslator) -> dg.AssetsDefinition:
    """The assets of one layer as one step."""

    @dbt_assets(
        manifest=project.manifest_path,
        project=project,
        select=layer.select,
        exclude=layer.exclude or None,
        name=layer.name,
        dagster_dbt_translator=translator,
        pool=POOL,
    )
    def build_layer(
        context: dg.AssetExecutionContext,
        dbt: DbtCliResource,
        settings: dg.ResourceParam[Settings],
        clock: RunClock,
    ) -> Iterator[Any]:
        clock.begin(settings, context.run_id)
        arguments = layer.dbt_arguments(full_refresh=clock.full_refresh)
        yield from _with_row_counts(dbt.cli(arguments, context=context), context, settings)

    return build_layer


def _with_row_counts(
    invocation: DbtCliInvocation, context: dg.AssetExecutionContext, settings: Settings
) -> Iterator[Any]:
    """What dbt reports, each table with its number of rows and where its columns come from.

    Both can be read only when dbt has let go of the warehouse, so the reports wait for that; those made before a
    failure are passed on before the failure is.
    """
    reports: list[Any] = []
    failure: DagsterDbtCliRuntimeError | None = None
    try:
        for report in invocation.stream():
            reports.append(report)
    except DagsterDbtCliRuntimeError as error:
        failure = error
    finally:
        _end(invocation.process)
    built = {one.output_name: context.asset_key_for_output(one.output_name) for one in reports if _is_table(one)}
    with connect(settings, read_only=True) as connection:
        counts = table_row_counts(connection)
        previews = _previews(context, connection, built.values(), counts)
    lineage = _lineage(context, invocation, settings, reports)
    for report in reports:
        if _is_table(report):
            name = ".".join(built[report.output_name].path)
            count = {"dagster/row_count": counts[name]} if name in counts else {}
            yield report.with_metadata({**report.metadata, **count, **previews.get(name, {}), **lineage.get(name, {})})
        else:
            yield _as_told(report)
    if failure:
        _tell_of_the_machine(settings, invocation.process.returncode, failure)
        raise failure


def _tell_of_the_machine(settings: Settings, exit_code: int, failure: DagsterDbtCliRuntimeError) -> None:
    """Raise what the machine lacked, where dbt failed for that: it says nothing of it, or once for every model."""
    if how := _death(exit_code):
        raise DbtKilledError(f"dbt {how}. Nothing was published, and nothing is lost: run again.") from failure
    if DISK_IS_FULL.search(str(failure)) and (place := full_disk(settings.data_dir)):
        raise DbtDiskFullError(f"dbt found no space left on device: {place}") from failure


def _death(exit_code: int) -> str:
    """What ended dbt when it did not end by itself, of which it has said nothing."""
    if exit_code == SERVER_IS_GONE:
        return (
            "ended with the process that holds it. If that failed, its error stands above in the log; if "
            f"there is none, it was killed, {FOR_WANT_OF_MEMORY}"
        )
    return death_of(exit_code)


def _as_told(report: object) -> object:
    """What dbt reports of a test; of one it could not run, that this says nothing of the data."""
    is_of_no_run = isinstance(report, dg.AssetCheckResult) and could_not_run(report.metadata)
    return report._replace(description=NOT_RUN) if is_of_no_run else report


def _is_table(report: object) -> bool:
    return isinstance(report, dg.Output)


def _lineage(
    context: dg.AssetExecutionContext, invocation: DbtCliInvocation, settings: Settings, reports: Iterable[Any]
) -> dict[str, dict[str, Any]]:
    """Column lineage of the tables that were built; nothing before there is a warehouse."""
    ids = [report.metadata["unique_id"].value for report in reports if _is_table(report)]
    if not ids:
        return {}
    try:
        return lineage_metadata(settings, invocation.manifest["nodes"], ids, invocation.target_path)
    except Exception as error:  # noqa: BLE001 (tables that are built and sound do not fail for want of their lineage)
        book = settings.data_dir / "dbt" / BOOK
        context.log.warning(
            f"Column lineage could not be read ({type(error).__name__}): these tables show none. If {book} is damaged, "
            "remove it; the next run reads it anew."
        )
        return {}


def _previews(
    context: dg.AssetExecutionContext,
    connection: DuckDBPyConnection,
    keys: Iterable[dg.AssetKey],
    tables: Mapping[str, int],
) -> dict[str, dict[str, dg.MetadataValue]]:
    """Previews of the marts among the tables that hold nothing personal."""
    specs = context.assets_def.specs_by_key
    chosen = [
        key.path[1]
        for key in keys
        if key.path[0] == "marts" and specs[key].tags["pii"] == Pii.NONE.value and ".".join(key.path) in tables
    ]
    return {f"marts.{mart}": found for mart, found in mart_previews(connection, chosen).items()}


def _end(process: subprocess.Popen[bytes]) -> None:
    """See to it that dbt is gone when its step ends for whatever reason: it would go on writing to the warehouse."""
    if process.poll() is None:
        process.terminate()
    process.wait()


def all_layer_assets(project: DbtProject) -> dict[str, dg.AssetsDefinition]:
    """All layers by name, in the order they are built."""
    translator = LayerTranslator()
    with code_references_allowed():
        return {layer.name: layer_assets(layer, project, translator) for layer in LAYERS}
