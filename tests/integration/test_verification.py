"""What the runs have built is compared with what a full refresh would build, and every kind of drift is found."""

import shutil

import pytest

from orchestration.verification import events
from orchestration.verification.events import compared_events
from orchestration.verification.people import compared_people
from orchestration.verification.sample import IncrementalDriftError, UnfinishedRunError, verify
from tests.integration.ten_people import TODAY
from tests.integration.tiny_company import TinyCompany

# What could go wrong from run to run, and the table it is found in.
DRIFTS = {
    "conformed.web_events": "update conformed.web_events set page_url = 'https://elsewhere.example'"
    " where record_key = (select min(record_key) from conformed.web_events)",
    "conformed.crm_survey_responses": "delete from conformed.crm_survey_responses",
    "identity.customer_identifiers_map": "update identity.resolved_identifiers set customer_id = 'c_other'"
    " where identifier_key = 'email:bob@example.com'",
    "lifecycle.touchpoints": "insert into lifecycle.touchpoints from lifecycle.touchpoints limit 1",
    "lifecycle.stage_stays": "update lifecycle.stage_stays set entered_at = entered_at + interval 1 day"
    " where customer_id = (select min(customer_id) from lifecycle.stage_stays)",
}


@pytest.fixture(scope="module")
def company(ten_people_today, tmp_path_factory):
    directory = tmp_path_factory.mktemp("verification")
    shutil.copytree(ten_people_today.directory, directory, dirs_exist_ok=True)
    return TinyCompany(directory)


@pytest.fixture(scope="module")
def statements(company, tmp_path_factory):
    """Compiling takes dbt ten seconds; it says the same each time."""
    return events._compiled(company.settings, tmp_path_factory.mktemp("compiled"))


@pytest.fixture(autouse=True)
def compiled_once(statements, monkeypatch):
    monkeypatch.setattr(events, "_compiled", lambda *_: statements)


@pytest.fixture
def damaged(company, tmp_path):
    shutil.copytree(company.directory, tmp_path / "damaged")
    damaged = TinyCompany(tmp_path / "damaged")
    damaged.execute(*DRIFTS.values())
    return damaged


def everything(company):
    return [*compared_events(company.settings, 0, 1), *compared_people(company.settings, None)]


@pytest.mark.slow
def test_what_was_built_in_two_steps_is_found_equal(company):
    found = everything(company)
    assert {one.table: one.differing_count for one in found if one.differing_count} == {}
    assert all(one.row_count for one in found if one.table in DRIFTS)


@pytest.mark.slow
def test_a_sample_of_the_people_is_found_equal_too(company):
    found = list(compared_people(company.settings, 3))
    assert {one.table: one.differing_count for one in found if one.differing_count} == {}
    whole = company.rows("select count(*) from identity.customer_identifiers_map")
    assert 0 < found[0].row_count < whole[0][0]


@pytest.mark.slow
def test_every_drift_is_found_and_told_without_anybodys_data(damaged, monkeypatch):
    found = everything(damaged)
    assert {one.table for one in found if one.differing_count} == set(DRIFTS)

    monkeypatch.setattr("orchestration.verification.sample._as_of", lambda _: TODAY)
    monkeypatch.setattr("orchestration.verification.sample.compared_events", lambda *_: found)
    monkeypatch.setattr("orchestration.verification.sample.compared_people", lambda *_: ())
    with pytest.raises(IncrementalDriftError, match=r"conformed\.crm_survey_responses \(1 of 0 rows\)") as error:
        verify(damaged.settings)
    assert "bob" not in str(error.value)


def test_every_part_of_the_events_is_compared_once(company):
    parts = [list(compared_events(company.settings, part, 2)) for part in (0, 1)]
    whole = list(compared_events(company.settings, 0, 1))
    assert [left.row_count + right.row_count for left, right in zip(*parts, strict=True)] == [
        one.row_count for one in whole
    ]
    assert not any(one.differing_count for part in parts for one in part)


def test_after_a_run_that_did_not_finish_nothing_is_compared(company, monkeypatch):
    monkeypatch.setattr(
        "orchestration.verification.sample.latest_report", lambda _: {"run_id": "another", "succeeded": True}
    )
    with pytest.raises(UnfinishedRunError, match="did not finish"):
        verify(company.settings)
