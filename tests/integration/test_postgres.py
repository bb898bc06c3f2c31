"""The copy of a generation in Postgres: the same rows, keys, comments, a role that reads, switched at once, silent."""

import json
import shutil
import threading

import duckdb
import psycopg
import pytest
from pydantic import SecretStr

from orchestration.publish.pointer import current_generation, point_to
from orchestration.publish.postgres import BUILDING, PostgresCopyError, copy_to_postgres
from tests.integration.postgres_server import PASSWORD, QUOTED_PASSWORD, binaries, running_server
from tests.integration.publishing import judge
from tests.integration.publishing import publish as publish_marts
from tests.needed import require

AWKWARD = """
create table marts.customer_profile (
    customer_id varchar, name varchar, amount decimal(18, 2), rate double, is_known boolean, born_on date,
    seen_at timestamp, order_count integer, event_count bigint
);
insert into marts.customer_profile values
    ('c1', 'Ann "Q", O''Neil' || chr(10) || 'ü☃', 1234567890123456.78, 0.1, true, '1980-02-29',
        '2026-06-30 23:59:59.123456', -1, 9007199254740993),
    ('c2', '', 0.00, 1e-300, false, '0001-01-01', '1970-01-01', 0, 0),
    ('c3', null, null, null, null, null, null, null, null),
    ('c4', '\\N', -0.01, 'nan', true, '9999-12-31', '9999-12-31 23:59:59', 1, 1),
    ('c5', ' a,b;c' || chr(9) || chr(13), 1.10, '-inf', true, '2026-01-01', '2026-01-01', 1, 1);
comment on table marts.customer_profile is 'One row per person''s profile.';
comment on column marts.customer_profile.rate is 'A rate; "quoted".';
create table marts.kpi_attribution as
    select 'files' as source, 'o1' as order_id, model, if(model = 'b', null, 't') as touchpoint_id
    from (values ('a'), ('b')) as models (model);
"""


@pytest.fixture(scope="session")
def server():
    programs = binaries()
    require(programs, "no Postgres server is installed; on Debian: apt-get install postgresql")
    with running_server(programs) as running:
        yield running


@pytest.fixture
def target(settings, server):
    """Settings whose database of the running server is empty."""
    with psycopg.connect(server.url(), autocommit=True) as owner:
        for schema in ("marts", BUILDING, "views"):
            owner.execute(f"drop schema if exists {schema} cascade")
    return settings.model_copy(update={"postgres_url": SecretStr(server.url())})


def publish(settings, number, script):
    """Let readers see a generation whose marts the script makes."""
    name = f"{number:06d}_2026-06-30"
    folder = settings.serving / "generations" / name
    (folder / "parquet").mkdir(parents=True)
    with duckdb.connect(str(folder / "lifecycle.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute(script)
    manifest = {"generation": name, "as_of": "2026-06-30", "run_id": "r", "published_at": "2026-07-01T00:00:00+00:00"}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "row_counts": {}, "fingerprints": {}}))
    point_to(settings.serving, name)
    return name


def numbered(settings, number):
    tables = "".join(
        f"create table marts.{table} as select {number} as number from range(200);"
        for table in ("left_mart", "right_mart")
    )
    return publish(settings, number, tables)


def asked(settings, query):
    with psycopg.connect(settings.postgres_url.get_secret_value()) as connection:
        return connection.execute(query).fetchall()


def test_every_value_arrives_as_it_is(target):
    name = publish(target, 1, AWKWARD)
    copy = copy_to_postgres(target)
    assert (copy.generation, copy.is_new) == (name, True)
    assert copy.row_counts == {"customer_profile": 5, "kpi_attribution": 2}
    with duckdb.connect(str(target.serving / "lifecycle.duckdb"), read_only=True) as connection:
        expected = connection.execute("from marts.customer_profile order by customer_id").fetchall()
    found = asked(target, "select * from marts.customer_profile order by customer_id")
    assert [list(map(str, row)) for row in found] == [list(map(str, row)) for row in expected]
    types = "select data_type from information_schema.columns where table_name = 'customer_profile'"
    assert {kind for (kind,) in asked(target, types)} == {
        "text", "numeric", "double precision", "boolean", "date", "timestamp without time zone", "integer", "bigint",
    }  # fmt: skip


def test_keys_and_comments_come_with_the_tables(target):
    publish(target, 1, AWKWARD)
    copy_to_postgres(target)
    keys = asked(target, "select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint order by 1")
    assert ("marts.customer_profile", "PRIMARY KEY (customer_id)") in keys
    assert ("marts.kpi_attribution", "UNIQUE (source, order_id, model, touchpoint_id)") in keys, "a part may be missing"
    described = "select obj_description(oid), col_description(oid, 4) from pg_class where relname = 'customer_profile'"
    assert asked(target, described) == [("One row per person's profile.", 'A rate; "quoted".')]
    told = asked(target, "select obj_description('marts'::regnamespace)")
    ((comment,),) = told
    assert comment.startswith(
        "lifecycle generation 000001_2026-06-30 as of 2026-06-30, contract None, run r, published"
    )


def test_check_results_have_their_keys_and_comments_too(target):
    judge(target, "run")
    publish_marts(target, 1)
    copy_to_postgres(target)
    keys = asked(target, "select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint order by 1")
    assert ("marts.data_quality", 'PRIMARY KEY (gate, "table", "check")') in keys
    assert ("marts.data_quality_history", 'PRIMARY KEY (run_id, gate, "table", "check")') in keys
    untold = (
        "select attname from pg_attribute where attnum > 0 and attrelid = '{}'::regclass "
        "and col_description(attrelid, attnum) is null"
    )
    for table in ("marts.data_quality", "marts.data_quality_history"):
        assert asked(target, untold.format(table)) == []
        assert asked(target, f"select run_id, outcome from {table}") == [("run", "pass")]


def test_the_reader_reads_and_nothing_else_and_a_stranger_does_not_even_read(target, server):
    numbered(target, 1)
    copy_to_postgres(target)
    with psycopg.connect(server.url(), autocommit=True) as owner:
        owner.execute("drop role if exists bi")
        owner.execute(f"create role bi login password '{PASSWORD}' in role lifecycle_reader")
    with psycopg.connect(server.url("bi"), autocommit=True) as reader:
        assert reader.execute("select count(*) from marts.left_mart").fetchone() == (200,)
        for forbidden in ("delete from marts.left_mart", "drop table marts.left_mart", "create table marts.mine ()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(forbidden)
    with psycopg.connect(server.url("stranger")) as stranger, pytest.raises(psycopg.errors.InsufficientPrivilege):
        stranger.execute("select * from marts.left_mart")


def test_a_reader_sees_no_error_and_no_mix_while_generations_are_switched(target, server):
    numbered(target, 1)
    copy_to_postgres(target)
    ended, seen, complaints = threading.Event(), [], []

    def read():
        query = "select max(left_mart.number), max(right_mart.number) from marts.left_mart, marts.right_mart"
        try:
            with psycopg.connect(server.url(), autocommit=True) as reader:
                while not ended.is_set():
                    seen.append(reader.execute(query).fetchone())
        except psycopg.Error as error:
            complaints.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    try:
        for number in range(2, 7):
            numbered(target, number)
            copy_to_postgres(target)
    finally:
        ended.set()
        reading.join()
    assert complaints == []
    assert {left - right for left, right in seen} == {0}
    assert asked(target, "select max(number) from marts.left_mart") == [(6,)]


def test_what_postgres_holds_already_is_not_copied_again_and_a_rollback_is_followed(target):
    first = numbered(target, 1)
    assert copy_to_postgres(target).is_new
    assert not copy_to_postgres(target).is_new
    numbered(target, 2)
    copy_to_postgres(target)
    point_to(target.serving, first)
    assert copy_to_postgres(target).is_new
    assert asked(target, "select max(number) from marts.left_mart") == [(1,)]


@pytest.mark.parametrize("difference", [{"run_id": "r2"}, {"fingerprints": {"left_mart": "2"}}])
def test_a_generation_of_the_same_name_from_another_data_directory_is_copied(target, difference):
    name = numbered(target, 1)
    copy_to_postgres(target)
    shutil.rmtree(target.serving)
    numbered(target, 1)
    manifest = target.serving / "generations" / name / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | difference))
    assert copy_to_postgres(target).is_new
    assert not copy_to_postgres(target).is_new


CANARY = "Zoe.Canary@example.com"
TWICE = f"create table marts.customer_profile as select '{CANARY}' as customer_id from range(2)"


def test_a_copy_that_fails_keeps_what_readers_have_and_tells_no_value(target):
    numbered(target, 1)
    copy_to_postgres(target)
    publish(target, 2, TWICE)
    with pytest.raises(PostgresCopyError, match="UniqueViolation, SQLSTATE 23505") as failure:
        copy_to_postgres(target)
    assert "Canary" not in str(failure.value)
    assert failure.value.__suppress_context__ and failure.value.__cause__ is None
    assert asked(target, "select max(number) from marts.left_mart") == [(1,)]
    assert asked(target, f"select count(*) from pg_namespace where nspname = '{BUILDING}'") == [(0,)]
    assert current_generation(target.serving) == "000002_2026-06-30", "the generation is not withdrawn"


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        (
            "postgresql://pipeline:{password}x@127.0.0.1:{port}/warehouse",
            "Is the server running and reachable|Check user",
        ),
        ("postgresql://pipeline:{password}@127.0.0.1:1/warehouse", "Is the server running"),
        ("postgresql://pipeline:{password}@127.0.0.1:{port}/nowhere", "reachable|Create the database"),
        ("postgresql://pipeline:s3cret/p@ss@127.0.0.1:{port}/warehouse", "cannot be read"),
        ("postgresql://pipeline:p@ss@127.0.0.1:{port}/warehouse", "cannot be read"),
        ("not a url s3cret", "cannot be read"),
    ],
)
def test_a_server_that_cannot_be_used_is_named_without_user_and_password(target, server, url, hint):
    numbered(target, 1)
    address = url.format(password=QUOTED_PASSWORD, port=server.port)
    with pytest.raises(PostgresCopyError, match=hint) as failure:
        copy_to_postgres(target.model_copy(update={"postgres_url": SecretStr(address)}))
    told = str(failure.value)
    assert not any(secret in told for secret in ("s3cret", "ss@", "p%40ss", "pipeline"))
    assert failure.value.__suppress_context__ or failure.value.__context__ is None


def test_what_is_not_ours_is_never_dropped(target, server):
    numbered(target, 1)
    with psycopg.connect(server.url(), autocommit=True) as owner:
        owner.execute("create schema marts create table mine (id integer)")
        with pytest.raises(PostgresCopyError, match="schema marts that is not ours"):
            copy_to_postgres(target)
        owner.execute("drop schema marts cascade")
        copy_to_postgres(target)
        owner.execute("create schema views")
        owner.execute("create view views.mine as select * from marts.left_mart")
        numbered(target, 2)
        with pytest.raises(PostgresCopyError, match=r"would go with them: views\.mine"):
            copy_to_postgres(target)
        assert owner.execute("select max(number) from views.mine").fetchone() == (1,)


def test_the_asset_is_there_with_a_server_only_and_its_failure_makes_the_run_fail(target):
    import dagster as dg

    from orchestration.assets.serving import postgres_assets

    assert postgres_assets(target.model_copy(update={"postgres_url": SecretStr("")})) == []
    publish(target, 1, TWICE)
    (asset,) = postgres_assets(target)
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([asset], resources={"settings": target}, instance=instance, raise_on_error=False)
        logged = [str(entry) for entry in instance.all_logs(result.run_id)]
    assert not result.success
    assert not any("Canary" in line or "s3cret" in line for line in logged)
