"""BI tools keep connections in a pool: what such a reader sees of a publication, and what has to be set for it.

A connection belongs to the generation it was opened on, for as long as it lives. SQLAlchemy's pool for a file is a
`QueuePool` that keeps connections for ever unless it is told otherwise.
"""

import time
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, pool, text

from orchestration.publish import publisher
from orchestration.publish.pointer import DATABASE, GENERATIONS, generation_names
from tests.integration.publishing import ROWS, publish

QUERY = "select max(number), min(number), count(*)::integer from marts.{}"
RECYCLED_AFTER = 300


@pytest.fixture
def published(settings, monkeypatch):
    """One generation; the next one drops it."""
    monkeypatch.setattr(publisher, "GRACE_SECONDS", 0)
    settings = settings.model_copy(update={"generations_kept": 1})
    publish(settings, 1)
    return settings


@pytest.fixture
def pooled(published):
    """Makes the engine of a BI tool on the published file; its pool is SQLAlchemy's own choice."""
    engines = []

    def made(**options):
        url = f"duckdb:///{published.serving / DATABASE}"
        engines.append(create_engine(url, connect_args={"read_only": True}, **options))
        assert type(engines[-1].pool) is pool.QueuePool
        return engines[-1]

    yield made
    for engine in engines:
        engine.dispose()


def look(connection):
    """The number both marts hold, in every row."""
    found = {tuple(connection.execute(text(QUERY.format(mart))).one()) for mart in ("left_mart", "right_mart")}
    ((number, same, rows),) = found
    assert (number, rows) == (same, ROWS)
    return number


def seen(engine):
    with engine.connect() as connection:
        return look(connection)


def later(monkeypatch, seconds):
    """Let the pools' clock go on."""
    monkeypatch.setattr("sqlalchemy.pool.base.time", SimpleNamespace(time=lambda: time.time() + seconds))


def test_a_pool_left_alone_stays_on_its_generation_even_after_that_is_deleted(published, pooled):
    engine = pooled()
    assert seen(engine) == 1
    [first] = generation_names(published.serving)
    publish(published, 2)
    assert not (published.serving / GENERATIONS / first).exists()
    assert [seen(engine) for _ in range(3)] == [1, 1, 1], "whole and without error, but old"
    assert seen(pooled()) == 2, "the same moment, in the same process"


def test_a_pool_that_recycles_sees_what_is_published_within_that_time(published, pooled, monkeypatch):
    engine = pooled(pool_recycle=RECYCLED_AFTER)
    with engine.connect() as one, engine.connect() as other:
        assert {look(one), look(other)} == {1}
    publish(published, 2)
    later(monkeypatch, RECYCLED_AFTER - 10)
    assert seen(engine) == 1
    later(monkeypatch, RECYCLED_AFTER + 10)
    assert [seen(engine) for _ in range(4)] == [2, 2, 2, 2], "every connection of the pool is opened anew"


def test_a_pool_that_is_disposed_of_after_a_publication_sees_it_at_once(published, pooled):
    engine = pooled()
    assert seen(engine) == 1
    publish(published, 2)
    engine.dispose()
    assert seen(engine) == 2


def test_an_invalidated_connection_is_opened_on_what_is_published_now(published, pooled):
    engine = pooled()
    with engine.connect() as connection:
        assert look(connection) == 1
        publish(published, 2)
        assert look(connection) == 1, "an open connection never changes its generation"
        connection.invalidate()
        connection.rollback()  # SQLAlchemy asks for it before it connects again
        assert look(connection) == 2
    assert seen(engine) == 2


def test_recycling_does_not_touch_a_connection_in_use(published, pooled, monkeypatch):
    engine = pooled(pool_recycle=RECYCLED_AFTER, max_overflow=0, pool_size=2)
    with engine.connect() as long_dashboard:
        assert look(long_dashboard) == 1
        publish(published, 2)
        later(monkeypatch, RECYCLED_AFTER + 10)
        assert seen(engine) == 2
        assert look(long_dashboard) == 1
    assert [seen(engine) for _ in range(2)] == [2, 2]
