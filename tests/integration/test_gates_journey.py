"""Gate 3 closes on bad figures about journeys, occasions and segments, and names the statement that broke."""

from quality.gates import run_gate
from tests.integration.gate_tables import AS_OF, make_warehouse
from tests.integration.test_gates import change, not_passed

# Each line spoils one thing; all are applied at once, since a gate costs seconds whatever it finds.
BROKEN = {
    "update marts.journey_map set open_count = 0": ("marts.journey_map every_touchpoint_went_on_broke_off_or_is_open"),
    "update marts.journey_map set touchpoint_count = 2": "marts.journey_map every_segmentation_holds_every_touchpoint",
    "update marts.journey_map set nps = 101": "marts.journey_map within__nps",
    "update marts.journey_map set drop_off_count = 1": "marts.journey_transitions ends_agree_with_the_map",
    "insert into marts.journey_transitions (model, stage, from_touchpoint, share) values ('m', 's', 'visit', 0.9)": (
        "marts.journey_transitions shares_add_up_to_one"
    ),
    "update marts.journey_transitions set people_count = 0": "marts.journey_transitions within__people_count",
    "insert into marts.trigger_candidates (customer_id, trigger, is_contactable, priority)"
    " values ('c_1', 'x', true, 1)": ("marts.trigger_candidates nobody_is_contacted_without_permission"),
    "update marts.customer_profile set is_post_contactable = false;"
    "insert into marts.trigger_candidates (customer_id, channel) values ('c_1', 'post')": (
        "marts.trigger_candidates channels_agree_with_the_profile"
    ),
    "update marts.trigger_candidates set due_on = date '2024-06-02', expires_on = date '2024-06-01'": (
        "marts.trigger_candidates ordered__due_on__expires_on"
    ),
    "update marts.customer_profile set next_best_trigger = 'birthday'": (
        "marts.trigger_candidates the_first_is_the_next_best_trigger"
    ),
    "update marts.segment_profile set people_count = 2": "marts.segment_profile everybody_is_in_one_segment",
    "update marts.segment_profile set revenue_amount = 150.49": "marts.segment_profile revenue_equals_the_profiles",
    "update marts.segment_profile set nps = -101": "marts.segment_profile within__nps",
}


def test_gate_closes_on_bad_figures_about_journeys_and_names_every_broken_statement(settings):
    make_warehouse(settings)
    change(settings, *BROKEN)
    found = not_passed(run_gate(settings, "g3_marts", "run", AS_OF))
    missed = {statement: broken for statement, broken in BROKEN.items() if found.get(tuple(broken.split())) != "fail"}
    assert missed == {}
