"""A fifth lifecycle model: rows in two seeds, one rule model and its name in the var; nothing else changes."""

import json
import shutil

import pytest

from ingestion.settings import PROJECT_ROOT
from tests.integration.tiny_company import TinyCompany

STAGES = """\
contract_status,outsider,,1,false,1,Outsider,ohne Vertrag,Never had a contract.
contract_status,under_contract,,2,false,2,Under contract,Vertragskunde,Has a contract that runs.
contract_status,former,,3,false,,Former,ehemals,The contract is over.
"""
MOVES = """\
contract_status,,outsider,false,false
contract_status,,under_contract,false,false
contract_status,outsider,under_contract,true,false
contract_status,under_contract,former,true,false
contract_status,former,under_contract,true,true
"""
RULES = """
select customer_id, 'outsider' as stage, first_touchpoint_at as entered_at, 'first_touchpoint' as rule,
    first_touchpoint_id as touchpoint_id
from {{ ref('customer_origins') }}
union all
select customer_id, 'under_contract', started_at, 'contract_started',
    'crm_subscriptions:' || contract_id || ':started'
from {{ ref('contracts') }}
where started_at is not null
union all
select customer_id, 'former', ends_at, 'contract_ended', null
from {{ ref('contracts') }}
where started_at is not null and ends_at is not null
"""


def add_to(path, text, after=""):
    """Append to a file, or insert behind a text that must be there."""
    content = path.read_text(encoding="utf-8")
    assert after in content
    path.write_text(content.replace(after, after + text, 1) if after else content + text, encoding="utf-8")


@pytest.fixture(scope="module")
def extended(ten_people_today, tmp_path_factory):
    """The ten people today, built on by a copy of the project with one model more, and tested by its own tests."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    project, directory = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("ten_people_extended")
    shutil.copytree(ten_people_today.directory, directory, dirs_exist_ok=True)
    shutil.copytree(PROJECT_ROOT / "dbt_project", project / "dbt_project")
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT_ROOT / name, project / name)
    add_to(project / "dbt_project.yml", "contract_status, ", after="  lifecycle_models: [")
    add_to(project / "dbt_project/seeds/lifecycle/stage_catalogue.csv", STAGES)
    add_to(project / "dbt_project/seeds/lifecycle/lifecycle_moves.csv", MOVES)
    rules = project / "dbt_project/models/lifecycle/stage_entries/contract_status_entries.sql"
    rules.write_text(RULES, encoding="utf-8")

    company = TinyCompany(directory)
    where = ["--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(project / "target")]
    left_out = ["resource_type:unit_test", "resource_type:exposure"]
    chosen = ["--select", "stage_catalogue+", "lifecycle_moves+", "contract_status_entries+"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIFECYCLE_DATA_DIR", str(company.settings.data_dir))
        result = dbtRunner().invoke(
            ["--quiet", "--no-write-json", "--log-path", str(project), "build", *chosen, "--exclude", *left_out, *where]
        )
    DuckDBConnectionManager.close_all_connections()
    outcomes = getattr(result.result, "results", [])
    failed = [f"{one.node.name}: {one.message}" for one in outcomes if one.status not in ("success", "pass")]
    assert result.success and not failed, failed or result.exception
    company.tests_passed = [one.node.name for one in outcomes if one.node.resource_type == "test"]
    return company


def test_people_are_placed_in_a_fifth_model(extended):
    assert extended.rows("""
        select profile.email, history.stage, history.entered_at::date::varchar, history.left_at::date::varchar,
            history.entered_by_rule, history.previous_stage, history.is_current
        from marts.customer_stage_history as history
        join marts.customer_profile as profile on profile.customer_id = history.customer_id
        where history.model = 'contract_status' and profile.email in ('hal@example.com', 'bob@example.com')
        order by 1, 3
    """) == [
        ("bob@example.com", "outsider", "2022-01-10", None, "first_touchpoint", None, True),
        # Hal's first touchpoint is the start of his contract: the stage furthest on counts.
        ("hal@example.com", "under_contract", "2023-01-01", "2024-01-31", "contract_started", None, False),
        ("hal@example.com", "former", "2024-01-31", None, "contract_ended", "under_contract", True),
    ]


def test_its_conversions_and_its_stages_are_reported_like_any_other(extended):
    assert extended.rows("""
        select from_stage, to_stage, sum(entered_count), sum(converted_count)
        from marts.kpi_stage_conversion where model = 'contract_status' group by all order by 1
    """) == [
        # Nobody came back, and nobody signs a contract later: hal began with one.
        ("former", "under_contract", 1, 0),
        ("outsider", "under_contract", 9, 0),
        # Thirteen months are longer than the window.
        ("under_contract", "former", 1, 0),
    ]
    assert extended.rows("select count(*) from marts.lifecycle_stages where model = 'contract_status'") == [(3,)]


def test_touchpoints_and_profile_carry_its_stages_beside_those_of_the_four(extended):
    touchpoints = extended.rows("""
        select touchpoint.touchpoint, touchpoint.three_r_stage, touchpoint.further_stages
        from marts.customer_touchpoints as touchpoint
        join marts.customer_profile as profile on profile.customer_id = touchpoint.customer_id
        where profile.email = 'hal@example.com' and touchpoint.touchpoint in ('contract_started', 'contract_ended')
        order by touchpoint.occurred_at
    """)
    assert [(kind, segment, json.loads(further)) for kind, segment, further in touchpoints] == [
        ("contract_started", "first_time_buyer", {"contract_status": "under_contract"}),
        ("contract_ended", "first_time_buyer", {"contract_status": "former"}),
    ]
    assert extended.rows("select further_stages from marts.customer_profile where email = 'bob@example.com'") == [
        ('{"contract_status":"outsider"}',)
    ]


def test_the_projects_own_tests_hold_for_it(extended):
    assert {
        "stays_of_a_person_and_model_join_without_gap_or_overlap",
        "everybody_with_touchpoints_is_in_exactly_one_stage_of_every_model",
        "every_move_between_stages_is_legal",
        "conversions_are_never_more_than_entries",
    } <= set(extended.tests_passed)


def test_without_a_further_model_there_are_no_further_stages(ten_people_today):
    assert ten_people_today.rows("select count(*), count(further_stages) from marts.customer_profile") == [(10, 0)]
