"""The gates close on every kind of bad row in their tables and name the statement that broke."""

import pytest

from quality.gates import run_gate
from tests.integration.gate_tables import AS_OF, make_warehouse
from tests.integration.test_gates import change, not_passed

LOAD = """insert into ops.loads (load_seq, source, entity, status, delivered_count, accepted_count, quarantined_count,
    unchanged_count, drift_columns) values"""

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
        f"{LOAD} (2, 'files', 'crm_tickets', 'loaded', 100, 50, 50, 0, [])": (
            "raw_files.crm_tickets quarantine_share_is_small"
        ),
        f"{LOAD} (3, 'files', 'crm_reviews', 'rejected', 0, 0, 0, 0, [])": "raw_files.crm_reviews no_file_was_rejected",
        f"{LOAD} (4, 'files', 'crm_deals', 'loaded', 0, 0, 0, 0, ['surprise'])": (
            "raw_files.crm_deals no_unknown_columns"
        ),
        "insert into raw_files.crm_activities (occurred_at) values (timestamp '2024-01-01')": (
            "raw_files.crm_activities is_not_unusually_silent"
        ),
        "alter table raw_hubspot.calls drop column created_at": "raw_hubspot.calls declared_columns",
        "insert into raw_hubspot.deals (id) values (null)": "raw_hubspot.deals required_fields_are_filled",
        "insert into raw_hubspot.contacts (id, _content_hash, _load_seq, _row_number) values ('1', 'a', 5, 1),"
        " ('1', 'a', 6, 1)": "raw_hubspot.contacts versions_of_a_record_differ",
        "insert into raw_hubspot.tickets (id) values ('1')": "raw_hubspot.tickets accepted_records_are_stored",
        f"{LOAD} (7, 'hubspot', 'meetings', 'loaded', 3, 0, 1, 1, [])": (
            "raw_hubspot.meetings delivered_records_are_accounted_for"
        ),
        f"{LOAD} (8, 'hubspot', 'owners', 'loaded', 1, 0, 1, 0, [])": "raw_hubspot.owners quarantined_records_are_kept",
        f"{LOAD} (9, 'hubspot', 'companies', 'loaded', 0, 0, 0, 0, ['surprise'])": (
            "raw_hubspot.companies no_unknown_fields"
        ),
    },
    ("g2_profile", "keys"): {
        "insert into marts.customer_profile select * from marts.customer_profile": (
            "marts.customer_profile unique__customer_id"
        ),
        "delete from identity.customers where customer_id = 'c_1'": (
            "marts.customer_profile profiles_are_exactly_the_customers"
        ),
        "insert into identity.customer_identifiers_map values ('user_id:u', 'c_8')": (
            "identity.customer_identifiers_map every_customer_is_known"
        ),
        "update identity.customer_identifiers_map set identifier_key = 'user_id:u'": (
            "identity.customer_identifiers_map unique__identifier_key"
        ),
        "insert into identity.violations values ('limit', 'stop', '')": "identity.violations no_source_is_broken",
        "update identity.unusable_identifiers set row_count = 6": (
            "identity.unusable_identifiers identifiers_can_be_read"
        ),
        "update lifecycle.touchpoints set customer_id = 'c_9' where touchpoint_id = 't1'": (
            "lifecycle.touchpoints every_customer_has_a_profile"
        ),
        "update lifecycle.touchpoints set domain = 'web'": (
            "lifecycle.touchpoints web_touchpoints_do_not_outnumber_web_events"
        ),
        "update marts.customer_profile set as_of = date '2024-06-29'": "marts.customer_profile is_at_as_of",
        "update conformed.crm_orders set record_key = 'files:o1'": "conformed.crm_orders unique__record_key",
        "update conformed.crm_orders set identifier_key = 'email:of nobody' where ordered_on = date '2024-05-01'": (
            "conformed.crm_orders purchases_have_a_customer"
        ),
    },
    ("g1b_conformed", "prices"): {
        "insert into conformed.unpriced_records (entity) select 'crm_orders' from range(6)": (
            "conformed.crm_orders unpriced_share_is_bearable"
        ),
        "insert into conformed.unpriced_records (entity) select 'crm_order_lines' from range(6)": (
            "conformed.crm_order_lines unpriced_share_is_bearable"
        ),
        "insert into conformed.unpriced_records (entity) select 'crm_subscriptions' from range(6)": (
            "conformed.crm_subscriptions unpriced_share_is_bearable"
        ),
        "insert into conformed.unpriced_records (entity) select 'crm_deals' from range(6)": (
            "conformed.crm_deals unpriced_share_is_bearable"
        ),
        "insert into conformed.unpriced_records (entity) select 'social_ad_spend' from range(6)": (
            "conformed.social_ad_spend unpriced_share_is_bearable"
        ),
        "insert into conformed.unpriced_records (entity) select 'web_events' from range(6)": (
            "conformed.web_events unpriced_share_is_bearable"
        ),
    },
    ("g1b_conformed", "records"): {
        "delete from conformed.crm_orders where record_key = 'files:o1'": (
            "conformed.crm_orders every_delivered_record_is_here"
        ),
        "insert into conformed.crm_deals (record_key) values ('files:invented')": (
            "conformed.crm_deals every_delivered_record_is_here"
        ),
        "update staging.stg_files__crm_orders set net_amount = 1 where record_key = 'files:o2'": (
            "conformed.crm_orders amounts_are_the_delivered_ones"
        ),
        "update conformed.crm_orders set status = 'on_hold'": "conformed.crm_orders accepted__status",
        "update conformed.web_events set event = 'telepathy'": "conformed.web_events accepted__event",
        "update conformed.crm_orders set source = 'files', contact_id = 'nobody'": (
            "conformed.crm_orders contacts_are_known"
        ),
        "insert into conformed.unpriced_records (entity) values ('crm_order_lines')": (
            "conformed.crm_order_lines every_amount_is_priced"
        ),
        "insert into staging.stg_hubspot__crm_deals (source) values ('hubspot')": (
            "staging.stg_hubspot__crm_deals records_name_themselves_and_their_load"
        ),
    },
    ("g2_profile", "stages and money"): {
        "update marts.customer_profile set revenue_amount = 150.49": "marts.customer_profile revenue_equals_the_orders",
        "insert into identity.customer_identifiers_map values ('user_id:u', 'c_1'), ('user_id:v', 'c_1')": (
            "identity.customer_identifiers_map no_customer_is_two_people"
        ),
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
        "update marts.kpi_customer_movement set moved_in_count = 1": (
            "marts.kpi_customer_movement months_begin_as_the_last_ended"
        ),
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
        "delete from marts.customer_attribute_sources": "marts.customer_attribute_sources every_value_has_a_source",
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
def test_gate_closes_on_bad_data_and_names_every_broken_statement(settings, round_):
    gate = round_[0]
    make_warehouse(settings)
    change(settings, *ROUNDS[round_])
    result = run_gate(settings, gate, "run", AS_OF)
    broken = not_passed(result) | not_passed(result, "warn")
    found = {f"{table} {check}": outcome for (table, check), outcome in broken.items()}
    assert {broken: found.get(broken) for broken in ROUNDS[round_].values()} == dict.fromkeys(
        ROUNDS[round_].values(), "fail"
    )
    assert not result.passed
    assert "closed" in result.summary.splitlines()[0]
    assert all(broken.split()[0] in result.summary for broken in ROUNDS[round_].values())
