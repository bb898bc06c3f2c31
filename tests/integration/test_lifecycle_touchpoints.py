"""Property: however events are delivered, touchpoints built step by step are those of a full refresh.

Deliveries, identities and as_of are drawn; the tables before the lifecycle layer are written directly, the way its
neighbours would leave them, so that one step takes a second and not a whole pipeline.
"""

import shutil
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.integration.tiny_company import TinyCompany

START = date(2024, 1, 1)
EVENT = st.tuples(
    st.sampled_from(["e1", "e2", "e3", "e4", "e5", "e6"]),
    st.sampled_from(["k1", "k2", "k3"]),
    st.sampled_from(["page_view", "product_view", "login"]),
    st.integers(min_value=0, max_value=9),
)
STEP = st.tuples(
    st.lists(EVENT, max_size=5, unique_by=lambda event: event[0]),
    st.dictionaries(st.sampled_from(["k1", "k2", "k3"]), st.sampled_from(["c_1", "c_2", "c_3"])),
    st.integers(min_value=0, max_value=9),
    st.dictionaries(st.sampled_from(["k1", "k2", "k3"]), st.integers(min_value=1, max_value=8), max_size=2),
)


@pytest.fixture(scope="module")
def company(ten_people_today, tmp_path_factory):
    directory = tmp_path_factory.mktemp("touchpoints")
    shutil.copytree(ten_people_today.directory, directory, dirs_exist_ok=True)
    return TinyCompany(directory)


def deliver(company, load_seq, events):
    """The latest delivery of each event replaces the earlier one, as in conformed."""
    for key, device, event, day in events:
        company.execute(
            f"delete from conformed.web_events where record_key = 'files:{key}'",
            f"""insert into conformed.web_events by name
            select 'files:{key}' as record_key, 'files' as source, 'anonymous_id:{device}' as identifier_key,
                '{key}' as event_id, '{device}' as anonymous_id, '{event}' as event,
                timestamp '{START + timedelta(days=day)} 12:00' as occurred_at, {load_seq} as load_seq""",
        )


def identify(company, customers):
    """Whom the devices belong to now; a device of nobody has no row."""
    company.execute("delete from identity.customer_identifiers_map where identifier_key like 'anonymous_id:k_'")
    for device, customer in customers.items():
        company.execute(
            f"""insert into identity.customer_identifiers_map by name
            select 'anonymous_id:{device}' as identifier_key, '{customer}' as customer_id"""
        )


def hand_on(company, devices):
    """Which devices are used by two people, and the day the second one logs in."""
    company.execute("delete from identity.device_periods where device_key like 'anonymous_id:k_'")
    for device, day in devices.items():
        login = f"timestamp '{START + timedelta(days=day)} 12:00'"
        company.execute(
            f"""insert into identity.device_periods by name
            select 'anonymous_id:{device}' as device_key, 'c_1' as customer_id, timestamp '1000-01-01' as starts_at,
                {login} as ends_at
            union all select 'anonymous_id:{device}', 'c_2', {login}, timestamp '9999-12-31'"""
        )


def touchpoints(company):
    return company.rows("select * from lifecycle.touchpoints order by all")


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEP, min_size=2, max_size=3))
def test_touchpoints_step_by_step_are_those_of_a_full_refresh(company, steps):
    company.execute("delete from conformed.web_events where record_key like 'files:e_'")
    for number, (events, customers, day, devices) in enumerate(steps):
        deliver(company, 100 + number, events)
        identify(company, customers)
        hand_on(company, devices)
        company.build(START + timedelta(days=day), "run", "-s", "touchpoints")
    step_by_step = touchpoints(company)
    company.dbt("run", "--full-refresh", "-s", "touchpoints")
    assert step_by_step == touchpoints(company)


def test_events_of_a_shared_device_belong_to_whoever_logged_in_last(company):
    company.execute("delete from conformed.web_events where record_key like 'files:e_'")
    days = {"e1": 1, "e2": 4, "e3": 5, "e4": 9}
    deliver(company, 200, [(key, "k1", "page_view", day) for key, day in days.items()])
    identify(company, {"k1": "c_3"})
    hand_on(company, {"k1": 5})
    company.build(START + timedelta(days=9), "run", "-s", "touchpoints")
    found = company.rows(
        "select record_key, customer_id from lifecycle.touchpoints where identifier_key = 'anonymous_id:k1'"
        " order by all"
    )
    assert found == [("files:e1", "c_1"), ("files:e2", "c_1"), ("files:e3", "c_2"), ("files:e4", "c_2")]

    hand_on(company, {})
    company.build(START + timedelta(days=9), "run", "-s", "touchpoints")
    left = company.rows(
        "select distinct customer_id from lifecycle.touchpoints where identifier_key = 'anonymous_id:k1'"
    )
    assert left == [("c_3",)], "a device that is no longer shared goes back to its one customer"
