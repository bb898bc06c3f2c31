"""Gate 3 closes on every kind of bad figure about winning and keeping people, and names the statement that broke."""

import pytest

from quality.gates import run_gate
from tests.integration.gate_tables import AS_OF, make_warehouse
from tests.integration.test_gates import change, not_passed

# Each line spoils one thing; all are applied at once, since a gate costs seconds whatever it finds.
BROKEN = {
    "update marts.kpi_attribution set credit = 0.5 where model = 'linear' and order_id = 'o1'": (
        "marts.kpi_attribution credits_of_an_order_add_up_to_one"
    ),
    "delete from marts.kpi_attribution where model = 'first'": ("marts.kpi_attribution models_attribute_all_orders"),
    "update marts.kpi_acquisition set linear_conversions_count = 1": (
        "marts.kpi_acquisition linear_conversions_are_all_orders"
    ),
    "update marts.kpi_acquisition set spend_amount = 30.01": "marts.kpi_acquisition spend_equals_the_deliveries",
    "update marts.kpi_channel_value set customer_count = 2": (
        "marts.kpi_channel_value ordered__customer_count__people_count"
    ),
    "insert into marts.kpi_channel_value (people_count) values (1)": (
        "marts.kpi_channel_value people_of_all_channels_are_everybody"
    ),
    "update marts.kpi_channel_value set revenue_amount = 0": "marts.kpi_channel_value revenue_equals_the_profiles",
    "insert into marts.campaign_evaluation (campaign_id, segment_dimension, member_count) values ('m', 'all', 1)": (
        "marts.campaign_evaluation segments_add_up_to_all_members"
    ),
    "insert into marts.campaign_evaluation (is_mature, buyer_rate_lift) values (false, 2)": (
        "marts.campaign_evaluation unfinished_campaigns_have_no_lift"
    ),
    "insert into marts.campaign_evaluation (buyer_count, member_count) values (2, 1)": (
        "marts.campaign_evaluation ordered__buyer_count__member_count"
    ),
    "insert into marts.kpi_engagement (channel, engagement_rate) values ('web', 1.1)": (
        "marts.kpi_engagement shares_lie_between_0_and_1"
    ),
    "insert into marts.kpi_engagement (channel, variant, numerator) "
    "values ('email', 'human_open', 1), ('email', 'machine_open', 1), ('email', 'any_open', 3)": (
        "marts.kpi_engagement opens_by_any_are_at_most_those_by_people_and_machines"
    ),
    "insert into marts.kpi_referrals (period_start, new_customer_count) values (date '2024-06-01', 1)": (
        "marts.kpi_referrals new_customers_are_those_of_the_movement"
    ),
    "insert into marts.kpi_targets (kpi, period_start, segment, value) values ('roas', date '2024-06-01', 'all', 1)": (
        "marts.kpi_targets values_are_those_of_the_summary"
    ),
    "insert into marts.kpi_support (ticket_count, self_service_count) values (1, 2)": (
        "marts.kpi_support ordered__self_service_count__ticket_count"
    ),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What the gate found on the hand-made warehouse after all of it."""
    from ingestion.settings import Settings

    settings = Settings(data_dir=tmp_path_factory.mktemp("broken") / "data", _env_file=None)
    make_warehouse(settings)
    change(settings, *BROKEN)
    return {
        f"{table} {check}": outcome
        for (table, check), outcome in not_passed(run_gate(settings, "g3_marts", "run", AS_OF)).items()
    }


@pytest.mark.parametrize("statement", BROKEN.values())
def test_gate_names_the_broken_statement(found, statement):
    assert found.get(statement) == "fail"
