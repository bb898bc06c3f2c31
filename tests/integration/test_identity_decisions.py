"""A person decides who is who at the command line: shown first, then delivered, then applied to nobody else."""

import re
import shutil

import pytest
from typer.testing import CliRunner

from orchestration.cli.app import app
from orchestration.identity.decisions import DecisionError
from tests.integration.ten_people import TODAY
from tests.integration.tiny_company import TinyCompany

# What a run builds anew of the identities; the staging views and the seeds stand already.
IDENTITY = ("run", "-s", "path:dbt_project/models/conformed", "path:dbt_project/models/identity")
STAGES = """
select customer_id, string_agg(model || ' ' || stage, ', ' order by model)
from lifecycle.stage_stays
where is_current
group by customer_id
"""
PEOPLE = "select identifier_key, customer_id from identity.customer_identifiers_map order by all"


class Person:
    """Somebody at the command line of one company."""

    def __init__(self, company, monkeypatch):
        self.company, self.monkeypatch = company, monkeypatch

    def decides(self, *arguments, answer="y\n"):
        self.monkeypatch.setenv("LIFECYCLE_DATA_DIR", str(self.company.settings.data_dir))
        decided_on = ("--reason", "asked them", "--decided-on", str(TODAY))
        return CliRunner().invoke(app, ["identity", *arguments, *decided_on], input=answer)

    def runs(self):
        self.company.deliver()
        self.company.build(TODAY, *IDENTITY)
        return dict(self.company.rows(PEOPLE))


@pytest.fixture(scope="module")
def company(ten_people_today, tmp_path_factory):
    directory = tmp_path_factory.mktemp("decisions")
    shutil.copytree(ten_people_today.directory, directory, dirs_exist_ok=True)
    return TinyCompany(directory)


@pytest.fixture
def person(company, monkeypatch):
    return Person(company, monkeypatch)


def files(company):
    return sorted((company.settings.inbox / "reference" / "identity_overrides").glob("*"))


def last_resolution(company):
    return company.rows(
        "select resolved_count, resolved_group_count from identity.resolutions order by resolution_number desc limit 1"
    )[0]


def test_a_link_is_previewed_applied_to_its_component_alone_and_taken_back(person, company):
    before = person.runs()
    log = company.rows("select max(change_number) from identity.log")[0][0]

    told = person.decides("link", "contact_id:files:ann", "contact_id:files:bob")
    assert told.exit_code == 0, told.output
    assert re.search(r"Would move: \d identifiers, 4 orders, revenue 190.00", told.output)
    assert "bob@example.com" not in told.output
    assert "b***@example.com" in told.output
    stages_now = dict(company.rows(STAGES))
    after = person.runs()
    company.dbt("run", "-s", "+stage_stays,path:dbt_project/models/lifecycle")
    stages_then = dict(company.rows(STAGES))
    for text, stages in zip(told.output.split("Then"), (stages_now, stages_then), strict=True):
        shown = dict(re.findall(r"^  (c_\w+): .*?, revenue [\d.,]+, ([a-z_ ,0-9]+?): ", text, re.MULTILINE))
        assert shown
        assert shown == {customer: stages[customer] for customer in shown}
    assert "relationship degeneration 1 → 0, relationship loyalty_growth 0 → 1" in told.output

    moved = {key for key, customer in after.items() if before[key] != customer}
    assert moved == {key for key in before if before[key] == before["contact_id:files:ann"]}
    assert {after[key] for key in moved} == {before["contact_id:files:bob"]}, "the older customer remains"
    logged = company.rows(
        f"select identifier_key, change, rule, evidence is not null from identity.log where change_number > {log}"
    )
    assert {(key, "merged", "override_always_link", True) for key in moved} == set(logged)
    assert last_resolution(company)[1] == 1, "one group was resolved again"

    told = person.decides("unlink", "contact_id:files:ann", "contact_id:files:bob")
    assert told.exit_code == 0, told.output
    assert person.runs() == before
    assert company.rows("select action from identity.overrides where left_key = 'contact_id:files:ann'") == [
        ("never_link",)
    ], "the decision was replaced"


def test_the_opposite_of_a_decision_no_run_has_applied_yet_is_what_the_next_run_applies(person, company):
    before = person.runs()
    assert person.decides("link", "contact_id:files:dan", "contact_id:files:jon").exit_code == 0
    told = person.decides("unlink", "contact_id:files:dan", "contact_id:files:jon")
    assert told.exit_code == 0, told.output
    assert "in place of an earlier decision that no run has applied yet" in told.output
    assert "Changes nobody at present" in told.output
    asked = CliRunner().invoke(app, ["explain", "contact_id:files:dan", "contact_id:files:jon"])
    assert "Decided, but not looked at yet" in asked.output
    assert re.search(rf"override \S+ \(never_link\) of {TODAY}", asked.output)
    delivered = files(company)
    told = person.decides("unlink", "contact_id:files:dan", "contact_id:files:jon")
    assert told.exit_code == 0, told.output
    assert "Decided already" in told.output
    assert files(company) == delivered
    assert person.runs() == before
    assert company.rows("select action from identity.overrides where left_key = 'contact_id:files:dan'") == [
        ("never_link",)
    ]
    assert company.rows("select count(*) from identity.refused_overrides") == [(0,)]


def test_what_a_split_would_do_is_what_the_next_run_does(person, company):
    before = person.runs()
    told = person.decides("split", "gus@example.com")
    assert told.exit_code == 0, told.output
    assert "(never_link): email:g***@example.com – contact_id:files:gus" in told.output
    shown = dict(re.findall(r"^  (c_\w+): (\d+) orders", told.output.split("Then")[1], re.MULTILINE))
    after = person.runs()
    assert after["email:gus@example.com"] != after["contact_id:files:gus"] == before["contact_id:files:gus"]
    assert {after["email:gus@example.com"], after["contact_id:files:gus"]} == set(shown)
    assert [key for key in before if after[key] != before[key]] == ["email:gus@example.com"]
    changes = company.rows(
        "select change, rule from identity.log where identifier_key = 'email:gus@example.com'"
        " order by change_number desc limit 1"
    )
    assert changes == [("split", "override_never_link")]


def test_of_a_build_that_died_nothing_is_left_when_its_inputs_are_taken_back(person, company):
    before = person.runs()
    assert person.decides("link", "contact_id:files:fay", "contact_id:files:hal").exit_code == 0
    company.deliver()
    company.build(TODAY, *IDENTITY[:-1], "+resolved_identifiers")
    joined = "select count(distinct customer_id) from identity.resolved_identifiers where identifier_key in {}"
    two = "('contact_id:files:fay', 'contact_id:files:hal')"
    assert company.rows(joined.format(two)) == [(1,)], "the build died after it had joined them"
    company.execute(
        "delete from raw_files.reference_identity_overrides"
        " where _load_seq = (select max(_load_seq) from raw_files.reference_identity_overrides)"
    )
    assert person.runs() == before
    assert company.rows(
        "select count(*) from identity.customers c anti join identity.customer_identifiers_map m using (customer_id)"
    ) == [(0,)]


def test_nothing_is_delivered_when_the_answer_is_no_or_the_reason_is_blank(person, company):
    delivered = files(company)
    assert person.decides("link", "contact_id:files:dan", "contact_id:files:eve", answer="n\n").exit_code == 1
    blank = CliRunner().invoke(
        app, ["identity", "link", "contact_id:files:dan", "contact_id:files:eve", "--reason", " ", "--yes"]
    )
    assert blank.exit_code == 2
    assert files(company) == delivered


def test_a_decision_that_contradicts_an_earlier_one_is_refused_before_it_is_delivered(person, company):
    assert person.decides("link", "contact_id:files:fay", "contact_id:files:hal").exit_code == 0
    assert person.decides("link", "contact_id:files:hal", "contact_id:files:ivy", "--yes").exit_code == 0
    person.runs()
    delivered = files(company)
    told = person.decides("unlink", "contact_id:files:fay", "contact_id:files:ivy", "--yes")
    assert isinstance(told.exception, DecisionError)
    assert "contradicts the override(s) cli-" in str(told.exception)
    assert files(company) == delivered


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("split", "contact_id:files:ann", "contact_id:files:dan"), "belong to 2 customers already"),
        (("link", "contact_id:files:ann", "ann@example.com", "ann@example.com"), "named twice"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_with_the_reason(person, arguments, told):
    assert told in str(person.decides(*arguments).exception)


def test_a_preview_shows_whom_decisions_join_that_wait_or_are_refused_no_more(person, company):
    pairs = {
        "V9": ("always_link", "dan", "eve"),
        "V10": ("always_link", "eve", "jon"),
        "V11": ("never_link", "dan", "jon"),
    }
    rows = [
        f"{name},{action},contact_id,files:{left},contact_id,files:{right},x,2024-06-01T10:00:00Z"
        for name, (action, left, right) in pairs.items()
    ]
    head = "override_id,action,left_type,left_value,right_type,right_value,reason,created_at"
    (company.settings.inbox / "reference" / "identity_overrides" / "v.csv").write_text("\n".join([head, *rows, ""]))
    before = person.runs()
    contacts = [f"contact_id:files:{name}" for name in ("dan", "eve", "jon", "ivy")]
    assert len({before[contact] for contact in contacts}) == 4
    assert person.decides("link", contacts[0], contacts[3]).exit_code == 0
    told = person.decides("link", contacts[0], contacts[2])
    assert told.exit_code == 0, told.output
    assert "Together with 1 other decision(s)" in told.output
    after = person.runs()
    assert len({after[contact] for contact in contacts}) == 1
    shown = [set(re.findall(r"^  (c_\w+): \d", text, re.MULTILINE)) for text in told.output.split("Then")]
    assert shown == [{people[contact] for contact in contacts} for people in (before, after)]
