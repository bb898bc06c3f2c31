"""Probable matches from the delivered contact to the decision: proposed, linked across sources, reviewed."""

import re
import shutil

import pytest
from typer.testing import CliRunner

from ingestion.matching.records import MatchingUnavailableError
from orchestration.cli.app import app
from tests.integration.ten_people import TODAY
from tests.integration.tiny_company import TinyCompany

# Kim and Leo stand twice in the file, Max once; nobody has an identifier in common with anybody.
CONTACTS = """
contact_id | first_name | last_name | birth_date | street        | postal_code | city    | email            | created_at
kim        | Kim        | Example   | 1980-02-03 | Long Street 7 | 10115       | Berlin  | kim@example.com  | 2024-01-01T10:00:00Z
kim2       | Kím        | Exampel   | 1980-02-03 | Long Street 7 | 10115       | Berlin  | info@example.com | 2024-02-01T10:00:00Z
leo        | Leo        | Sample    | 1971-11-30 | Short Lane 1  | 20095       | Hamburg | leo@example.com  | 2024-01-01T10:00:00Z
leo2       | Leo        | Sampel    | 1971-11-30 | Short Lane 1  | 20095       | Hamburg |                  | 2024-02-01T10:00:00Z
max        | Max        | Third     | 1990-05-05 | Hill Road 12  | 80331       | Munich  | max@example.com  | 2024-01-01T10:00:00Z
"""  # noqa: E501
DOWN_TO_IDENTITY = ("build", "--exclude-resource-type", "test", "unit_test", "-s", "+path:dbt_project/models/identity")
IDENTITY_ALONE = (*DOWN_TO_IDENTITY[:-1], "path:dbt_project/models/identity")
# A second source that knows Max, too.
SECOND_SOURCE = """
insert into conformed.crm_contacts by name
select * replace (
    'shop:' || contact_id as record_key, 'shop' as source, 'contact_id:shop:' || contact_id as identifier_key,
    null as email, upper(last_name) as last_name
)
from conformed.crm_contacts where contact_id = 'max'
"""
PROPOSALS = "select left_key, right_key, status from identity.proposals order by all"


@pytest.fixture(scope="module")
def company(ten_people_today, tmp_path_factory):
    directory = tmp_path_factory.mktemp("proposals")
    shutil.copytree(ten_people_today.directory, directory, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as environment:
        made = TinyCompany(directory)
        environment.setenv("LIFECYCLE_IDENTITY_PROPOSALS", "true")
        environment.setenv("LIFECYCLE_DATA_DIR", str(made.settings.data_dir))
        made.deliver(crm__contacts=CONTACTS)
        made.build(TODAY, *DOWN_TO_IDENTITY)
        yield made


def lifecycle(*arguments):
    return CliRunner().invoke(app, ["identity", "proposals", *arguments])


def customers(company):
    return dict(company.rows("select identifier_key, customer_id from identity.customer_identifiers_map"))


def test_two_records_of_a_source_wait_for_a_person_whose_decision_the_next_run_applies(company):
    kim, leo = ("contact_id:files:kim", "contact_id:files:kim2"), ("contact_id:files:leo", "contact_id:files:leo2")
    assert company.rows(PROPOSALS) == [(*kim, "waiting"), (*leo, "waiting")]
    told = lifecycle("list")
    assert told.exit_code == 0, told.output
    assert "birth_date +" in told.output
    names = dict(company.rows("select left_key, proposal_id from identity.proposals"))

    decided = ("--reason", "asked them", "--yes", "--decided-on", str(TODAY))
    accepted = lifecycle("accept", names[kim[0]], *decided)
    assert accepted.exit_code == 0, accepted.output
    assert re.search(r"Would move: \d identifiers", accepted.output)
    assert lifecycle("reject", names[leo[0]], *decided).exit_code == 0
    company.deliver()
    company.build(TODAY, *DOWN_TO_IDENTITY)

    assert company.rows(PROPOSALS) == [(*kim, "accepted"), (*leo, "rejected")]
    found = customers(company)
    assert found[kim[0]] == found[kim[1]]
    assert found[leo[0]] != found[leo[1]]
    unknown = lifecycle("accept", "p_nobody", *decided)
    assert "There is no proposal p_nobody" in str(unknown.exception)


def test_two_sources_are_linked_by_themselves_and_parted_again_when_proposals_are_switched_off(company, monkeypatch):
    company.execute(SECOND_SOURCE)
    company.build(TODAY, *IDENTITY_ALONE)
    pair = ("contact_id:files:max", "contact_id:shop:max")
    assert (*pair, "linked") in company.rows(PROPOSALS)
    assert company.rows("select rule, left_key, right_key from identity.edges where rule = 'proposed_match'") == [
        ("proposed_match", *pair)
    ]
    found = customers(company)
    assert found[pair[0]] == found[pair[1]]

    monkeypatch.setenv("LIFECYCLE_IDENTITY_PROPOSALS", "false")
    company.build(TODAY, *IDENTITY_ALONE)
    assert company.rows(PROPOSALS) == []
    assert company.rows("select rule from identity.edges where rule = 'proposed_match'") == []


def test_a_proposal_is_drawn_as_one_page_without_personal_data(company, tmp_path):
    company.build(TODAY, *IDENTITY_ALONE)
    (name,) = company.rows("select proposal_id from identity.proposals where left_key = 'contact_id:files:kim'")[0]
    page = tmp_path / "kim.html"
    told = lifecycle("chart", name, "--out", str(page))
    assert told.exit_code == 0, told.output
    assert "exampel" not in page.read_text().lower()
    assert page.stat().st_mode & 0o077 == 0


def test_training_on_too_few_contacts_is_refused_in_words_and_no_version_is_made(company):
    told = lifecycle("train")
    assert told.exit_code == 1
    assert isinstance(told.exception, MatchingUnavailableError)
    assert "Train with more of them." in str(told.exception)
    assert not (company.settings.data_dir / "identity").exists()
