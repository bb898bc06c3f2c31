"""From a vendor's HTTP answers to the conformed entity: server, connector, dlt, raw, staging, conformed, in one go."""

from datetime import UTC, date, datetime, timedelta

from ingestion.sandbox.server.hubspot import HubspotProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.loading import load_source
from ingestion.sources.registry import connector_named
from tests.integration.dbt_runs import Warehouse

MORNING = datetime(2024, 1, 10, 8, tzinfo=UTC)


def test_contacts_travel_from_hubspot_to_the_conformed_contacts(tmp_path):
    store = Store(now=MORNING + timedelta(hours=1))
    for number, email in enumerate(("Anna@Example.org", "ben@example.org"), start=101):
        store.put("hubspot.contacts", str(number), MORNING, {"properties": {"email": email, "phone": ""}})
    with serving(Sandbox(store, {"hubspot": HubspotProtocol(store, "token")})) as sandbox:
        settings = Settings(
            data_dir=tmp_path / "data",
            hubspot_base_url=sandbox.base_url("hubspot"),
            hubspot_token="token",
            _env_file=None,
        )
        warehouse = Warehouse(settings, ("+crm_contacts",))
        load_source(settings, connector_named("hubspot"))
        store.put("hubspot.contacts", "102", MORNING + timedelta(hours=2), {"properties": {}}, is_deleted=True)
        store.move_to(MORNING + timedelta(hours=3))
        load_source(settings, connector_named("hubspot"))
    warehouse.build(date(2024, 1, 31))
    assert warehouse.rows(
        "select record_key, email, phone, created_at, deleted_at from conformed.crm_contacts order by 1"
    ) == [
        ("hubspot:101", "anna@example.org", None, datetime(2024, 1, 10, 8), None),
        ("hubspot:102", None, None, datetime(2024, 1, 10, 8), datetime(2024, 1, 10, 10)),
    ]
