"""A rollback goes to what readers saw before, never by itself to what was rolled back from."""

import json
import os
import time

import pytest

from orchestration.publish import publisher, succession
from orchestration.publish.damage import DamagedGenerationError
from orchestration.publish.pointer import DATABASE, GENERATIONS, current_generation, generation_names
from orchestration.publish.publisher import NothingToRollBackError, rollback
from orchestration.publish.succession import PointerBusyError
from tests.integration.publishing import publish, seen


@pytest.fixture
def mended(settings):
    """Good, bad, rolled back, mended: readers saw 1, 2, 1 and see 3."""
    for number in (1, 2):
        publish(settings, number)
    rollback(settings)
    publish(settings, 3)
    return settings


def test_a_generation_that_was_rolled_back_from_is_not_the_target_of_the_next_rollback(mended):
    """It once was: readers were brought back to the very figures they had been saved from."""
    rollback(mended)
    assert seen(mended.serving) == 1
    with pytest.raises(NothingToRollBackError, match="no generation before 000001_2026-06-30"):
        rollback(mended)


def test_it_is_gone_to_when_it_is_named_and_is_then_what_readers_saw(mended):
    rollback(mended, generation_names(mended.serving)[1])
    assert seen(mended.serving) == 2
    publish(mended, 4)
    assert [number_after_rollback(mended) for _ in range(2)] == [2, 1]


def test_rollbacks_one_after_another_go_back_one_by_one_through_what_readers_saw(mended):
    publish(mended, 4)
    assert [number_after_rollback(mended) for _ in range(2)] == [3, 1]
    publish(mended, 5)
    assert number_after_rollback(mended) == 1


def test_a_file_that_replaces_a_damaged_one_follows_what_readers_saw_before_that(settings):
    for number in (1, 2):
        publish(settings, number)
    damage_served(settings)
    publish(settings, 2)
    assert seen(settings.serving) == 2
    assert number_after_rollback(settings) == 1


def test_there_is_nothing_to_roll_back_to_after_a_file_that_replaces_the_first_one(settings):
    """It once went back to the damaged file: what came first was taken for what nobody knows the order of."""
    publish(settings, 1)
    damage_served(settings)
    publish(settings, 1)
    with pytest.raises(NothingToRollBackError, match="no generation before 000002_2026-06-30"):
        rollback(settings)
    assert seen(settings.serving) == 1


@pytest.mark.parametrize("text", ["", "{}", "\0"])
def test_a_damaged_manifest_does_not_keep_readers_from_being_rolled_back(settings, text):
    """Who needs a rollback once met a JSONDecodeError."""
    for number in (1, 2):
        publish(settings, number)
    manifest_of(settings, current_generation(settings.serving)).write_text(text, encoding="utf-8")
    assert number_after_rollback(settings) == 1


def test_a_generation_whose_manifest_is_damaged_is_replaced_and_not_rolled_back_to(settings):
    for number in (1, 2):
        publish(settings, number)
    manifest_of(settings, current_generation(settings.serving)).write_text("", encoding="utf-8")
    publish(settings, 2)
    assert current_generation(settings.serving).startswith("000003")
    assert number_after_rollback(settings) == 1


@pytest.mark.parametrize("damaged", ["manifest.json", DATABASE])
@pytest.mark.parametrize("named", [True, False])
def test_readers_are_not_brought_to_a_generation_that_cannot_be_opened_or_has_no_manifest(settings, damaged, named):
    """They once were, and the command failed when it wrote that down."""
    for number in (1, 2):
        publish(settings, number)
    first = generation_names(settings.serving)[0]
    os.truncate(settings.serving / GENERATIONS / first / damaged, 100)
    with pytest.raises(
        DamagedGenerationError, match=f"{first} is missing or damaged. There is no other one; .*publish"
    ):
        rollback(settings, first if named else None)
    assert seen(settings.serving) == 2


def test_who_meets_a_damaged_generation_is_told_where_else_to_go(settings):
    for number in (1, 2, 3):
        publish(settings, number)
    oldest, before, current = generation_names(settings.serving)
    manifest_of(settings, before).unlink()
    with pytest.raises(DamagedGenerationError, match=rf"at {current}: .*{before}.* goes to another one: {oldest};"):
        rollback(settings)
    rollback(settings, oldest)
    assert seen(settings.serving) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_rollback_while_a_generation_is_being_written_is_what_the_new_one_follows(settings, monkeypatch, when):
    """The next rollback once served what the operator had rolled back from."""
    for number in (1, 2):
        publish(settings, number)
    write_generation = publisher.write_generation

    def interrupted(*arguments):
        if when == "after":
            write_generation(*arguments)
        rollback(settings)
        if when == "before":
            write_generation(*arguments)

    monkeypatch.setattr(publisher, "write_generation", interrupted)
    publish(settings, 3)
    assert seen(settings.serving) == 3
    assert number_after_rollback(settings) == 1


def test_a_rollback_while_a_damaged_file_is_replaced_is_what_the_new_one_follows(settings, monkeypatch):
    for number in (1, 2, 3):
        publish(settings, number)
    damage_served(settings)
    first = generation_names(settings.serving)[0]
    write_generation = publisher.write_generation

    def interrupted(*arguments):
        rollback(settings, first)
        write_generation(*arguments)

    monkeypatch.setattr(publisher, "write_generation", interrupted)
    publish(settings, 3)
    assert number_after_rollback(settings) == 1


def test_the_pointer_is_not_moved_while_another_is_about_to_move_it(settings, monkeypatch):
    for number in (1, 2):
        publish(settings, number)
    monkeypatch.setattr(succession, "_PATIENCE_SECONDS", 0)
    with succession.switching(settings), pytest.raises(PointerBusyError, match="again"):
        rollback(settings)
    assert seen(settings.serving) == 2


def test_generations_of_an_older_version_are_rolled_back_to_by_their_numbers(settings):
    for number in (1, 2, 3):
        publish(settings, number)
    for name in generation_names(settings.serving):
        path = manifest_of(settings, name)
        manifest = json.loads(path.read_text(encoding="utf-8"))
        manifest.pop("follows", None)
        path.write_text(json.dumps(manifest), encoding="utf-8")
    assert [number_after_rollback(settings) for _ in range(2)] == [2, 1]


def test_what_was_rolled_back_from_pushes_nothing_out_that_can_be_rolled_back_to(settings, monkeypatch):
    monkeypatch.setattr(publisher, "GRACE_SECONDS", 0)
    settings = settings.model_copy(update={"generations_kept": 2})
    publish(settings, 1)
    for bad in (2, 3, 4):
        publish(settings, bad)
        rollback(settings)
        assert seen(settings.serving) == 1
    publish(settings, 5)
    assert number_after_rollback(settings) == 1


def test_the_newest_are_kept_and_as_many_of_those_readers_saw_last(settings, monkeypatch):
    monkeypatch.setattr(publisher, "GRACE_SECONDS", 0)
    settings = settings.model_copy(update={"generations_kept": 2})
    for number in (1, 2, 3, 4):
        publish(settings, number)
        if number > 2:
            rollback(settings)
    publish(settings, 5)
    assert [name[:6] for name in generation_names(settings.serving)] == ["000002", "000004", "000005"]


def test_what_readers_saw_a_moment_ago_stays_for_the_one_who_is_just_opening_it(settings, monkeypatch):
    settings = settings.model_copy(update={"generations_kept": 1})
    for number in (1, 2):
        publish(settings, number)
    rollback(settings)
    publish(settings, 3)
    first, *later = generation_names(settings.serving)
    took_over = [(settings.serving / GENERATIONS / name).stat().st_ctime for name in later]
    # The second took over long before the grace began, the third within it; the first was served until the third came.
    monkeypatch.setattr(publisher, "GRACE_SECONDS", time.time() - sum(took_over) / 2)
    publisher._drop_old_generations(settings)
    assert generation_names(settings.serving) == [first, *later]


def number_after_rollback(settings):
    rollback(settings)
    return seen(settings.serving)


def manifest_of(settings, generation):
    return settings.serving / GENERATIONS / generation / "manifest.json"


def damage_served(settings):
    damaged = settings.serving / GENERATIONS / current_generation(settings.serving) / DATABASE
    os.truncate(damaged, damaged.stat().st_size // 2)
