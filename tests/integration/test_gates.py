"""The gates on a hand-made warehouse: they open on good data, close on bad data, and never show a person's data."""

import shutil
from html.parser import HTMLParser

import pytest

from ingestion.settings import Settings
from ingestion.warehouse import connect
from quality.checks import Outcome
from quality.docs import write_docs
from quality.gates import run_gate
from quality.suites import GATES, checks_of
from quality.verdicts import UNDECLARED, data_quality_rows, refusals
from tests.integration.gate_tables import AS_OF, CANARY, make_warehouse


@pytest.fixture
def warehouse(settings):
    """The hand-made warehouse, not examined yet."""
    make_warehouse(settings)
    return settings


@pytest.fixture(scope="module")
def examined(tmp_path_factory):
    """The hand-made warehouse after all gates, and what they found; only to be read."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("examined") / "data", _env_file=None)
    make_warehouse(settings)
    return settings, {gate: run_gate(settings, gate, "run", AS_OF) for gate in GATES}


@pytest.fixture
def examined_copy(examined, settings):
    """A copy of the examined warehouse, to be changed."""
    shutil.copytree(examined[0].data_dir, settings.data_dir)
    return settings


def change(settings, *statements):
    with connect(settings) as connection:
        for statement in statements:
            connection.execute(statement)


def not_passed(result, severity="error"):
    return {
        (verdict.table_name, verdict.check_name): str(verdict.outcome)
        for verdict in result.verdicts
        if verdict.outcome != Outcome.PASS and verdict.severity == severity
    }


@pytest.mark.parametrize("gate", GATES)
def test_gate_opens_on_good_data(examined, gate):
    result = examined[1][gate]
    assert not_passed(result) == {}
    assert result.passed
    assert "open" in result.summary.splitlines()[0]


def test_publication_is_allowed_after_all_gates_and_only_until_the_data_changes(examined_copy):
    with connect(examined_copy, read_only=True) as connection:
        assert refusals(connection, AS_OF) == []
    change(examined_copy, "update marts.customer_profile set city = 'Bonn'")
    with connect(examined_copy, read_only=True) as connection:
        refused = refusals(connection, AS_OF)
    assert {refusal.reason for refusal in refused} == {"ran_on_other_data"}
    assert "marts.customer_profile" in {refusal.table for refusal in refused}


# Each line spoils one thing; all lines of a round are applied at once, since a gate costs seconds whatever it finds.
ROUNDS = {
    ("g1_raw", "rows"): {
        "update raw_files.crm_orders set status = 'lost'": "raw_files.crm_orders accepted__status",
        "update raw_files.crm_orders set order_id = null": "raw_files.crm_orders filled__order_id",
        "update raw_files.crm_orders set currency = 'EURO'": "raw_files.crm_orders format__currency",
        "alter table raw_files.crm_orders drop column channel": "raw_files.crm_orders contract_columns",
        "delete from raw_files.crm_orders where net_amount = 100": "raw_files.crm_orders accepted_rows_are_stored",
        "alter table raw_files.crm_deals alter column amount type varchar": "raw_files.crm_deals contract_columns",
        "insert into raw_files.crm_reviews (rating) values (6)": "raw_files.crm_reviews within__rating",
    },
    ("g1_raw", "loads"): {
        "update ops.loads set delivered_count = 100": "raw_files.crm_orders delivered_rows_are_accounted_for",
        "update ops.loads set quarantined_count = 97": "raw_files.crm_orders quarantine_share_is_bearable",
        "delete from quarantine.rejected_rows": "raw_files.crm_orders quarantined_rows_are_kept",
    },
    ("g2_profile", "keys"): {
        "insert into marts.customer_profile select * from marts.customer_profile": (
            "marts.customer_profile unique__customer_id"
        ),
        "insert into identity.customers values ('c_2')": "marts.customer_profile profiles_are_exactly_the_customers",
        "insert into identity.customer_identifiers_map values ('user_id:u', 'c_8')": (
            "identity.customer_identifiers_map every_customer_is_known"
        ),
        "update identity.customer_identifiers_map set identifier_key = 'user_id:u'": (
            "identity.customer_identifiers_map unique__identifier_key"
        ),
        "update lifecycle.touchpoints set customer_id = 'c_9' where touchpoint_id = 't1'": (
            "lifecycle.touchpoints every_customer_has_a_profile"
        ),
        "update lifecycle.touchpoints set domain = 'web'": (
            "lifecycle.touchpoints web_touchpoints_do_not_outnumber_web_events"
        ),
        "update marts.customer_profile set as_of = date '2024-06-29'": "marts.customer_profile is_at_as_of",
        "update conformed.crm_orders set record_key = 'files:o1'": "conformed.crm_orders unique__record_key",
    },
    ("g2_profile", "stages and money"): {
        "update marts.customer_profile set revenue_amount = 150.49": "marts.customer_profile revenue_equals_the_orders",
        "update marts.customer_profile set order_count = 1": "marts.customer_profile order_count_equals_the_orders",
        "update marts.customer_profile set six_phase_stage = 'nirvana'": (
            "marts.customer_profile accepted__six_phase_stage"
        ),
        "update marts.customer_profile set experience_stage = 'start'": (
            "marts.customer_profile agrees_with_history__experience_stage"
        ),
        "update marts.customer_stage_history set left_at = timestamp '2024-05-02' where not is_current": (
            "marts.customer_stage_history stays_join_without_gap_or_overlap"
        ),
        "update marts.customer_stage_history set stage = 'limbo' where stage = 'start'": (
            "marts.customer_stage_history stages_are_declared"
        ),
        "update marts.customer_stage_history set previous_stage = 'limbo' where model = 'three_r'": (
            "marts.customer_stage_history moves_are_listed"
        ),
        "update marts.customer_stage_history set is_current = true": (
            "marts.customer_stage_history one_current_stay_per_model"
        ),
        "update marts.customer_stage_history set entered_at = timestamp '2025-01-01' where stage = 'limbo'": (
            "marts.customer_stage_history ordered__entered_at__left_at"
        ),
    },
    ("g2_profile", "nobody"): {
        "delete from marts.customer_profile": "marts.customer_profile has_rows",
        "delete from marts.customer_stage_history": "marts.customer_profile revenue_equals_the_orders",
    },
    ("g3_marts", "rows"): {
        "update marts.customer_profile set churn_risk_rate = 1.01": "marts.customer_profile within__churn_risk_rate",
        "update marts.customer_profile set nps_score = 11": "marts.customer_profile within__nps_score",
        "update marts.customer_profile set nps_category = 'fan'": "marts.customer_profile accepted__nps_category",
        "update marts.kpi_transactions set buyer_count = 3": ("marts.kpi_transactions new_and_returning_buyers_add_up"),
        "update marts.kpi_transactions set revenue_amount = revenue_amount + 0.01": (
            "marts.kpi_transactions revenue_equals_the_orders"
        ),
        "insert into marts.kpi_transactions select * from marts.kpi_transactions": (
            "marts.kpi_transactions unique__ordered_on__channel"
        ),
        "update marts.kpi_customer_movement set lost_count = 1": "marts.kpi_customer_movement customers_at_end_add_up",
        "update marts.kpi_summary set value = 1, denominator = 0": "marts.kpi_summary nothing_is_divided_by_zero",
        "update marts.kpi_summary set as_of = null": "marts.kpi_summary is_at_as_of",
        "insert into marts.kpi_summary (kpi, value) values ('nps', 101)": "marts.kpi_summary nps_lies_between_its_ends",
        "insert into marts.kpi_summary (kpi, value) values ('churn_rate', -0.1)": (
            "marts.kpi_summary shares_lie_between_0_and_1"
        ),
        "update marts.kpi_cohort_retention set cohort_size = 2": "marts.kpi_cohort_retention cohorts_are_all_buyers",
        "update marts.kpi_cohort_retention set active_count = 3": (
            "marts.kpi_cohort_retention ordered__active_count__cohort_size"
        ),
        "update marts.kpi_cohort_retention set revenue_amount = 0": (
            "marts.kpi_cohort_retention revenue_equals_the_profiles"
        ),
        "update marts.kpi_cohort_retention set is_complete = false": (
            "marts.kpi_cohort_retention unfinished_months_have_no_rate"
        ),
        "delete from marts.customer_identifiers": "marts.customer_identifiers holds_every_identifier",
        "delete from marts.customer_touchpoints where touchpoint_id = 't1'": (
            "marts.customer_touchpoints holds_every_touchpoint"
        ),
        "alter table marts.kpi_summary drop column gap": "marts.kpi_summary has_its_columns",
        "insert into marts.customer_id_history (old_customer_id) values ('c_1')": (
            "marts.customer_id_history retired_ids_are_not_in_use"
        ),
        "delete from marts.lifecycle_stages": "marts.lifecycle_stages has_rows",
    },
    ("g3_marts", "value"): {
        "update marts.kpi_clv set historic_revenue_amount = 150.49": "marts.kpi_clv agrees_with_the_profile",
        "update marts.kpi_clv set reason = null": ("marts.kpi_clv a_prediction_or_the_reason_why_there_is_none"),
        "insert into marts.kpi_clv (customer_id, method) values ('c_2', 'bg_nbd_gamma_gamma')": (
            "marts.kpi_clv predictions_come_from_models_in_use"
        ),
        "update marts.kpi_clv set customer_id = 'c_3' where customer_id = 'c_1'": "marts.kpi_clv holds_every_buyer",
        "insert into marts.clv_model_fit (model, purpose, is_used) values ('gamma_gamma', 'forecast', true)": (
            "marts.clv_model_fit used_models_beat_the_naive_forecast"
        ),
        "update marts.clv_model_fit set reason = null where not is_used": (
            "marts.clv_model_fit unused_forecasts_say_why"
        ),
        "insert into marts.kpi_rfm (customer_id, order_count, frequency_score) values ('c_2', 2, 5)": (
            "marts.kpi_rfm equal_values_get_equal_scores"
        ),
        "update marts.kpi_rfm set monetary_score = 6 where customer_id = 'c_1'": "marts.kpi_rfm within__monetary_score",
        "update marts.kpi_rfm set rfm_segment = null": "marts.kpi_rfm holds_every_buyer",
        "insert into marts.kpi_cross_sell (category, other_category, lift) values ('tea', 'coffee', 2)": (
            "marts.kpi_cross_sell pairs_are_the_same_in_both_orders"
        ),
        "update marts.kpi_cross_sell set category_customer_count = 1, customers_with_both_count = 2": (
            "marts.kpi_cross_sell ordered__customers_with_both_count__category_customer_count"
        ),
    },
    ("g3_marts", "satisfaction"): {
        "insert into marts.kpi_satisfaction (period_start, survey_type, touchpoint, segment, response_count, score)"
        " values (date '2024-06-01', 'csat', 'order', 'all', 3, 1.2)": (
            "marts.kpi_satisfaction scores_lie_on_their_scales"
        ),
        "insert into marts.kpi_satisfaction (survey_type, touchpoint, segment, score, ci_low, ci_high)"
        " values ('csat', 'ticket', 'all', 0.95, 0.1, 0.9)": "marts.kpi_satisfaction intervals_hold_their_scores",
        "insert into marts.kpi_satisfaction (survey_type, response_count, promoter_count) values ('nps', 2, 1)": (
            "marts.kpi_satisfaction promoters_passives_and_detractors_are_all_answers"
        ),
        "insert into marts.kpi_satisfaction (period_start, survey_type, touchpoint, segment, response_count)"
        " values (date '2024-06-01', 'csat', 'order', 'country:DE', 2)": (
            "marts.kpi_satisfaction segments_add_up_to_everybody"
        ),
        "insert into marts.kpi_satisfaction (period_start, survey_type, touchpoint, segment, score)"
        " values (date '2024-06-01', 'csat', 'all', 'all', 0.5)": "marts.kpi_satisfaction agrees_with_the_summary",
    },
}


@pytest.mark.parametrize("round_", ROUNDS, ids=str)
def test_gate_closes_on_bad_data_and_names_every_broken_statement(warehouse, round_):
    gate = round_[0]
    change(warehouse, *ROUNDS[round_])
    result = run_gate(warehouse, gate, "run", AS_OF)
    found = {f"{table} {check}": outcome for (table, check), outcome in not_passed(result).items()}
    assert {broken: found.get(broken) for broken in ROUNDS[round_].values()} == dict.fromkeys(
        ROUNDS[round_].values(), "fail"
    )
    assert not result.passed
    assert "closed" in result.summary.splitlines()[0]
    assert all(broken.split()[0] in result.summary for broken in ROUNDS[round_].values())


def test_missing_table_is_an_error_and_blocks(warehouse):
    change(warehouse, "drop table lifecycle.touchpoints")
    result = run_gate(warehouse, "g2_profile", "run", AS_OF)
    assert set(not_passed(result).values()) == {"error"}
    assert "lifecycle.touchpoints does not exist" in result.summary


def test_missing_column_is_an_error_of_the_checks_that_need_it_and_of_no_other(warehouse):
    change(warehouse, "alter table marts.kpi_transactions drop column revenue_amount")
    found = not_passed(run_gate(warehouse, "g3_marts", "run", AS_OF))
    assert found == {
        ("marts.kpi_transactions", "has_its_columns"): "fail",
        ("marts.kpi_transactions", "revenue_equals_the_orders"): "error",
    }


def test_mart_without_a_suite_is_not_evaluated_and_blocks(warehouse):
    change(warehouse, "create table marts.surprise as select 1 as id")
    result = run_gate(warehouse, "g3_marts", "run", AS_OF)
    assert not_passed(result) == {
        ("marts.customer_profile", "every_mart_is_examined"): "fail",
        ("marts.surprise", UNDECLARED): "not_evaluated",
    }
    assert "Declare the table" in result.summary


def test_warning_is_reported_and_does_not_block(warehouse):
    change(warehouse, "insert into conformed.unpriced_records values ('crm_orders')")
    result = run_gate(warehouse, "g2_profile", "run", AS_OF)
    assert result.passed
    assert not_passed(result, "warn") == {("conformed.crm_orders", "unpriced_orders_are_few"): "fail"}
    assert "unpriced_orders_are_few" in result.summary


def test_check_without_data_is_not_evaluated_and_no_pass(examined):
    found = not_passed(examined[1]["g1_raw"], "warn")
    assert found[("raw_files.web_events", "is_not_unusually_silent")] == "not_evaluated"


def test_no_value_of_a_person_reaches_verdicts_page_or_refusals(warehouse, caplog):
    """Bad rows hold the canary in every checked text column, so that any list of unexpected values would show it."""
    change(
        warehouse,
        f"update raw_files.crm_orders set status = '{CANARY}', channel = '{CANARY}', currency = '{CANARY}'",
        f"update marts.customer_profile set nps_category = '{CANARY}', six_phase_stage = '{CANARY}'",
        f"update marts.customer_stage_history set stage = '{CANARY}', model = '{CANARY}'",
        "insert into marts.customer_identifiers select * from marts.customer_identifiers",
        f"alter table marts.customer_profile alter column order_count type varchar using '{CANARY}'",
    )
    summaries = [run_gate(warehouse, gate, "run", AS_OF).summary for gate in GATES]
    page = write_docs(warehouse).read_text(encoding="utf-8")
    with connect(warehouse, read_only=True) as connection:
        stored = str(connection.execute("from ops.quality_verdicts").fetchall())
        told = str(refusals(connection, AS_OF)) + str(data_quality_rows(connection))
    for place in (*summaries, page, stored, told, caplog.text):
        assert CANARY not in place
        assert "canary" not in place


class _References(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("src", "href")]


def test_page_shows_every_check_and_needs_no_network(examined_copy):
    change(examined_copy, "update marts.customer_profile set nps_score = 11")
    run_gate(examined_copy, "g3_marts", "later", AS_OF)
    page = write_docs(examined_copy)
    text = page.read_text(encoding="utf-8")
    references = _References()
    references.feed(text)
    assert references.found == []
    assert "http://" not in text
    assert "https://" not in text
    assert page == examined_copy.docs / "quality" / "index.html"
    assert [check.name for gate in GATES for check in checks_of(gate) if check.name not in text] == []
    assert "1 failed" in text


def test_page_can_be_written_before_any_gate_ran(warehouse):
    assert write_docs(warehouse).read_text(encoding="utf-8").count("did not run yet") == len(GATES)
