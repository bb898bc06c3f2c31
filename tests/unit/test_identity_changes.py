"""What publishing would change about who is who, on two small generations written by hand."""

from decimal import Decimal

import duckdb
import pytest

from ingestion.settings import Settings
from ingestion.warehouse import connect
from orchestration.identity.changes import IdentityBudgetError, changes_since_publication, require_within_budget
from orchestration.publish.damage import DamagedGenerationError, can_be_opened
from orchestration.publish.pointer import DATABASE, GENERATIONS, MANIFEST, point_to
from tests.two_generations import NOW, ORDERS, ORDERS_NOW, PUBLISHED, write

GENERATION = "000001_2024-06-30"


@pytest.fixture
def generations(tmp_path):
    """Settings over a published generation and a candidate, with a budget of nothing."""
    settings = Settings(
        data_dir=tmp_path / "data", identity_budget_people=0, identity_budget_share=0.05, _env_file=None
    )
    folder = settings.serving / GENERATIONS / GENERATION
    (folder / "parquet").mkdir(parents=True)
    with duckdb.connect(str(folder / DATABASE)) as connection:
        write(connection, PUBLISHED, ORDERS)
    (folder / MANIFEST).touch()
    point_to(settings.serving, GENERATION)
    with connect(settings) as connection:
        write(connection, NOW, ORDERS_NOW)
    return settings


def test_people_merged_and_split_are_counted_and_renamed_new_and_anonymous_ones_are_not(generations):
    changes = changes_since_publication(generations)
    assert (changes.known_count, changes.merged_count, changes.split_count) == (5, 1, 1)
    assert changes.largest_count == 3
    assert (changes.moved_revenue_amount, changes.revenue_amount) == (Decimal(50), Decimal(100))


def test_an_identifier_that_goes_to_another_person_is_moved_and_neither_merges_nor_splits(generations):
    with connect(generations) as connection:
        moved = {"c_ann": (["email:ann"], True, "lead"), "c_bob": (["email:bob", "user_id:ann"], True, "lead")}
        write(connection, PUBLISHED | moved, ORDERS)
    changes = changes_since_publication(generations)
    assert (changes.merged_count, changes.split_count, changes.moved_count) == (0, 0, 1)
    assert changes.moved_revenue_amount == 0
    with connect(generations) as connection:
        connection.execute("update marts.customer_touchpoints set customer_id = 'c_bob' where touchpoint_id = 'o1'")
    assert changes_since_publication(generations).moved_revenue_amount == Decimal(10)


def test_people_per_stage_are_compared(generations):
    changes = changes_since_publication(generations)
    assert ("customer_segment", "prospect", 1, 0) in changes.stage_counts
    assert ("customer_segment", "repeat_buyer", 1, 2) in changes.stage_counts
    assert "repeat_buyer         1 → 2" in changes.as_text()


def test_too_many_changed_people_are_refused_with_the_figures_and_the_way_out(generations):
    with pytest.raises(IdentityBudgetError) as refused:
        require_within_budget(generations)
    assert "2 of 5 known people would be merged or split" in str(refused.value)
    assert "50.00 of 100.00 revenue" in str(refused.value)
    assert "lifecycle publish --accept-identity-changes" in str(refused.value)


def test_a_few_people_are_always_allowed_and_a_share_of_many(generations):
    few = Settings(**{**generations.model_dump(), "identity_budget_people": 2}, _env_file=None)
    require_within_budget(few)
    share = Settings(**{**generations.model_dump(), "identity_budget_share": 0.5}, _env_file=None)
    require_within_budget(share)


def allowing(settings, identifiers):
    budget = {"identity_budget_people": 9, "identity_budget_identifiers": identifiers}
    return Settings(**{**settings.model_dump(), **budget}, _env_file=None)


def test_a_merged_customer_with_too_many_identifiers_is_refused(generations):
    with pytest.raises(IdentityBudgetError, match="a new or grown customer would have 3 identifiers"):
        require_within_budget(allowing(generations, 2))


def test_a_customer_many_newcomers_were_joined_into_is_refused_although_nobody_published_is_merged(generations):
    require_within_budget(allowing(generations, 4))
    with connect(generations) as connection:
        connection.execute("insert into marts.customer_profile (customer_id, identifier_count) values ('c_mailbox', 5)")
    assert changes_since_publication(generations).largest_count == 5
    with pytest.raises(IdentityBudgetError, match="a new or grown customer would have 5 identifiers"):
        require_within_budget(allowing(generations, 4))


def test_before_the_first_publication_there_is_nothing_to_compare_with(settings):
    assert changes_since_publication(settings).as_text().startswith("Nothing is published yet")
    require_within_budget(settings)


def test_a_damaged_published_file_is_named_with_what_to_do(generations):
    (generations.serving / DATABASE).resolve().write_bytes(b"")
    with pytest.raises(DamagedGenerationError, match="lifecycle publish") as told:
        changes_since_publication(generations)
    assert str(generations.serving / DATABASE) in str(told.value)
    assert not can_be_opened(generations.serving / DATABASE)
