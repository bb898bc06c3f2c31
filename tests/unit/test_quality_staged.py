"""What vendors deliver is compared with their earlier deliveries where their fields have the contract's names."""

import duckdb
import pytest

from ingestion.raw import create_raw_tables
from ingestion.sources.registry import CONNECTORS
from quality.checks import Outcome, Severity
from quality.gates import run_gate
from quality.suites import checks_of
from tests.integration.gate_tables import AS_OF, make_warehouse
from tests.unit.staged_source import ORDERS, StagedSource

AMOUNT = "net_amount_is_of_the_usual_size"
IDENTIFIERS = "identifiers_are_filled_as_usual"
TIMES = "times_are_not_shifted"
VERSIONS = "versions_of_a_record_differ"


@pytest.fixture
def shop():
    """A shop of which four months were read and found usual."""
    with duckdb.connect() as connection:
        shop = StagedSource(connection)
        for month in range(1, 5):
            shop.deliver(f"2024-{month:02d}-01")
            for name in (AMOUNT, IDENTIFIERS, TIMES):
                shop.judged(name)
        yield shop


@pytest.mark.parametrize(
    ("name", "delivery", "outcome"),
    [
        pytest.param(AMOUNT, {"factor": 1.5}, Outcome.PASS, id="a good month"),
        pytest.param(AMOUNT, {"factor": 100}, Outcome.FAIL, id="cents for euros"),
        pytest.param(IDENTIFIERS, {"blank": 0.1}, Outcome.PASS, id="a few addresses blank"),
        pytest.param(IDENTIFIERS, {"blank": 0.5}, Outcome.FAIL, id="half of the addresses blank"),
        pytest.param(TIMES, {}, Outcome.PASS, id="the next month"),
        pytest.param(TIMES, {"shift": "interval 1 year"}, Outcome.FAIL, id="the next month, a year too late"),
    ],
)
def test_a_read_that_is_unlike_the_earlier_ones_is_stopped(shop, name, delivery, outcome):
    shop.deliver("2024-05-01", **delivery)
    assert shop.judged(name) is outcome


def test_a_read_that_was_mended_and_read_again_goes_on(shop):
    shop.deliver("2024-05-01", factor=100)
    assert shop.judged(AMOUNT) is Outcome.FAIL
    shop.deliver("2024-05-01")
    assert shop.judged(AMOUNT) is Outcome.PASS


def test_nothing_new_is_nothing_to_judge(shop):
    assert shop.judged(AMOUNT) is Outcome.NOT_EVALUATED


def test_every_amount_and_clock_of_every_connector_is_compared_with_its_history():
    stated = {check.key: check for check in checks_of("g1b_conformed")}
    for name in ("shopify", "stripe", "hubspot"):
        assert any(table.startswith(f"staging.stg_{name}__") for table, _ in stated), name
    assert stated[(ORDERS, AMOUNT)].severity is Severity.ERROR
    assert stated[("staging.stg_stripe__crm_subscriptions", "mrr_amount_is_of_the_usual_size")].is_required
    assert stated[("staging.stg_shopify__web_events", "is_not_unusually_silent")].severity is Severity.WARN
    assert {table.split(".")[1].split("__")[0] for table, _ in stated if table.startswith("staging.")} == {
        f"stg_{connector.name}" for connector in CONNECTORS
    }


@pytest.mark.parametrize(
    ("versions", "repeated"),
    [
        pytest.param([(1, "a"), (2, "b")], 0, id="a record that changed"),
        pytest.param([(1, "a"), (2, "b"), (3, "a")], 0, id="a record that changed back"),
        pytest.param([(1, "a"), (2, "a")], 1, id="a record stored again as it was"),
    ],
)
def test_of_one_record_only_what_has_changed_is_stored_again(versions, repeated):
    (check,) = [
        one for one in checks_of("g1_raw") if one.table == "raw_hubspot.contacts" and one.name == VERSIONS
    ]  # fmt: skip
    with duckdb.connect() as connection:
        create_raw_tables(connection)
        for load_seq, content in versions:
            connection.execute(
                "insert into raw_hubspot.contacts (id, _load_seq, _row_number, _content_hash) values ('c1', ?, 1, ?)",
                [load_seq, content],
            )
        assert connection.execute(check.figure).fetchone() == (repeated,)
    assert check.is_required


@pytest.mark.parametrize(("delivered", "outcome"), [(60, Outcome.PASS), (40, Outcome.FAIL)])
def test_a_whole_list_that_has_lost_half_of_its_records_is_reported(delivered, outcome):
    from quality.bands import bounds_of
    from quality.suites.deliveries import COMPLETE

    bounds = bounds_of(COMPLETE, [100, 100])
    assert (bounds.excess(delivered) > 0) is (outcome is Outcome.FAIL)
    stated = [check for check in checks_of("g1_raw") if check.name == "delivery_is_complete"]
    apis = (one for one in CONNECTORS if one.files is None)
    whole = {resource.table.name for one in apis for resource in one.resources if resource.cursor is None}
    assert {check.table.split(".")[1] for check in stated} == whole
    assert {(check.severity, check.band) for check in stated} == {(Severity.WARN, COMPLETE)}


def test_models_of_sources_nobody_configured_are_not_asked_and_stop_nothing(settings):
    """Fourteen connectors without credentials once made the gate three times slower."""
    compared = [check for check in checks_of("g1b_conformed") if check.is_about_rows]
    assert {check.table for check in compared} == {
        check.table for check in checks_of("g1b_conformed") if check.table.startswith("staging.")
    }
    make_warehouse(settings)
    found = {
        (one.table_name, one.check_name): one for one in run_gate(settings, "g1b_conformed", "run", AS_OF).verdicts
    }
    assert {(found[check.key].outcome, found[check.key].is_blocking) for check in compared} == {
        (Outcome.NOT_EVALUATED, False)
    }
    assert {found[(check.table, "records_name_themselves_and_their_load")].outcome for check in compared} == {
        Outcome.PASS
    }
