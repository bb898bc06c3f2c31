"""Probable matches from the delivered contact to the decision: proposed, linked across sources, reviewed."""

import re

import pytest
from typer.testing import CliRunner

from orchestration.cli.app import app
from tests.integration.ten_people import TODAY
from tests.integration.tiny_company import TinyCompany

# Ann and Bob stand twice in the file, Cay once; nobody has an identifier in common with anybody.
CONTACTS = """
contact_id | first_name | last_name | birth_date | street        | postal_code | city    | email            | created_at
ann        | Ann        | Example   | 1980-02-03 | Long Street 7 | 10115       | Berlin  | ann@example.com  | 2024-01-01T10:00:00Z
ann2       | Änn        | Exampel   | 1980-02-03 | Long Street 7 | 10115       | Berlin  | info@example.com | 2024-02-01T10:00:00Z
bob        | Bob        | Sample    | 1971-11-30 | Short Lane 1  | 20095       | Hamburg | bob@example.com  | 2024-01-01T10:00:00Z
bob2       | Bob        | Sampel    | 1971-11-30 | Short Lane 1  | 20095       | Hamburg |                  | 2024-02-01T10:00:00Z
cay        | Cay        | Third     | 1990-05-05 | Hill Road 12  | 80331       | Munich  | cay@example.com  | 2024-01-01T10:00:00Z
"""  # noqa: E501
DOWN_TO_IDENTITY = ("build", "--exclude-resource-type", "test", "unit_test", "-s", "+path:dbt_project/models/identity")
IDENTITY_ALONE = (*DOWN_TO_IDENTITY[:-1], "path:dbt_project/models/identity")
# A second source that knows Cay, too.
SECOND_SOURCE = """
insert into conformed.crm_contacts by name
select * replace (
    'shop:' || contact_id as record_key, 'shop' as source, 'contact_id:shop:' || contact_id as identifier_key,
    null as email, upper(last_name) as last_name
)
from conformed.crm_contacts where contact_id = 'cay'
"""
PROPOSALS = "select left_key, right_key, status from identity.proposals order by all"


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    with pytest.MonkeyPatch.context() as environment:
        made = TinyCompany(tmp_path_factory.mktemp("proposals"))
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
    ann, bob = ("contact_id:files:ann", "contact_id:files:ann2"), ("contact_id:files:bob", "contact_id:files:bob2")
    assert company.rows(PROPOSALS) == [(*ann, "waiting"), (*bob, "waiting")]
    told = lifecycle("list")
    assert told.exit_code == 0, told.output
    assert "birth_date +" in told.output
    names = dict(company.rows("select left_key, proposal_id from identity.proposals"))

    decided = ("--reason", "asked them", "--yes", "--decided-on", str(TODAY))
    accepted = lifecycle("accept", names[ann[0]], *decided)
    assert accepted.exit_code == 0, accepted.output
    assert re.search(r"Would move: \d identifiers", accepted.output)
    assert lifecycle("reject", names[bob[0]], *decided).exit_code == 0
    company.deliver()
    company.build(TODAY, *DOWN_TO_IDENTITY)

    assert company.rows(PROPOSALS) == [(*ann, "accepted"), (*bob, "rejected")]
    found = customers(company)
    assert found[ann[0]] == found[ann[1]]
    assert found[bob[0]] != found[bob[1]]
    unknown = lifecycle("accept", "p_nobody", *decided)
    assert "There is no proposal p_nobody" in str(unknown.exception)


def test_two_sources_are_linked_by_themselves_and_parted_again_when_proposals_are_switched_off(company, monkeypatch):
    company.execute(SECOND_SOURCE)
    company.build(TODAY, *IDENTITY_ALONE)
    pair = ("contact_id:files:cay", "contact_id:shop:cay")
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
    (name,) = company.rows("select proposal_id from identity.proposals where left_key = 'contact_id:files:ann'")[0]
    page = tmp_path / "ann.html"
    told = lifecycle("chart", name, "--out", str(page))
    assert told.exit_code == 0, told.output
    assert "exampel" not in page.read_text().lower()
    assert page.stat().st_mode & 0o077 == 0
