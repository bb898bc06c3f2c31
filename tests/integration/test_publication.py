"""Readers always see one complete generation, while it is switched and whenever the publisher dies."""

import grp
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime

import duckdb
import pytest

from orchestration.doctor import services
from orchestration.doctor.findings import State
from orchestration.marts_contract import contract_version
from orchestration.publish import publisher
from orchestration.publish.pointer import GENERATIONS, current_generation, generation_names, point_to
from orchestration.publish.readers import ReadersGroupError
from orchestration.report.changes import changes_for_readers
from orchestration.status import read_status
from orchestration.watch import report_late_publication
from tests.checkout import ROOT
from tests.integration.publishing import publish, seen

# Every step of a publication, in its order.
STEPS = [
    ("write_generation", "before", 1),
    ("_describe_tables", "before", 1),
    ("_write_meta", "after", 1),
    ("_write_parquet", "after", 1),
    ("_compare", "before", 1),
    ("fsync_path", "before", 2),
    ("write_generation", "after", 1),
    ("write_manifest", "before", 2),
    ("write_manifest", "after", 2),
    ("_replace_link", "after", 1),
    ("_record", "before", 1),
    ("_drop_old_generations", "before", 1),
    ("delete_folder", "before", 1),
]

READER = """
import json, sys, time
from pathlib import Path
import duckdb

serving, name, pooled = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "pooled"
database = str(serving / "lifecycle.duckdb")
query = "select (select min(number) from marts.a), (select max(number) from marts.b), (select count(*) from marts.a)"
if pooled:
    from sqlalchemy import create_engine, pool, text
    engine = create_engine(f"duckdb:///{database}", poolclass=pool.NullPool, connect_args={"read_only": True})

def look():
    if pooled:
        with engine.connect() as connection:
            return tuple(connection.execute(text(query)).one())
    with duckdb.connect(database, read_only=True) as connection:
        return connection.execute(query).fetchone()

looks = [look()]
(serving / f"{name}.ready").touch()
while not (serving / "stop").exists():
    looks.append(look())
last = look()
print(json.dumps({"last": last, "looks": len(looks), "seen": len(set(looks)),
    "mixed": [one for one in looks if one[0] != one[1] or one[2] != 100]}))
"""
READERS, SWAPS, NUMBERS = 8, 200, 10


@pytest.fixture
def published(settings, monkeypatch):
    """Two generations, with the numbers 1 and 2; older ones go at once."""
    monkeypatch.setattr(publisher, "GRACE_SECONDS", 0)
    settings = settings.model_copy(update={"generations_kept": 2})
    publish(settings, 1)
    publish(settings, 2)
    return settings


@pytest.mark.parametrize("remedy", ["rollback", "publish"])
def test_what_the_doctor_advises_when_the_served_generation_is_gone_brings_readers_one(published, remedy):
    gone = current_generation(published.serving)
    shutil.rmtree(published.serving / GENERATIONS / gone)
    found = services.publication(published)
    assert (found.state, f"lifecycle {remedy}" in found.remedy) == (State.PROBLEM, True)
    assert read_status(published)["served_generation"] is None
    assert not report_late_publication(published, datetime(2036, 1, 1, tzinfo=UTC))
    assert changes_for_readers(published) is None
    if remedy == "rollback":
        publisher.rollback(published)
        assert seen(published.serving) == 1
    else:
        publish(published, 2)
        assert seen(published.serving) == 2
        assert current_generation(published.serving) > gone, "a name is never given twice"
    assert services.publication(published).state is State.OK


def test_the_group_the_settings_name_may_read_what_is_published_and_nothing_else(published):
    number = max(os.getgroups() or [os.getgid()])
    opened = published.model_copy(update={"serving_group": grp.getgrgid(number).gr_name})
    before = published.warehouse.stat().st_mode, published.data_dir.stat().st_mode
    umask = os.umask(0o077)
    try:
        publish(published, 3)
        private = published.serving / GENERATIONS / current_generation(published.serving)
        assert {stat.S_IMODE(path.stat().st_mode) for path in private.rglob("*")} == {0o700, 0o600}
        for name in (4, 5):
            publish(opened, name)
    finally:
        os.umask(umask)
    found = [path for path in (opened.serving, *opened.serving.rglob("*")) if not path.is_symlink()]
    assert {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in found} == {(True, 0o750), (False, 0o640)}
    assert {path.stat().st_gid for path in found} == {number}
    assert (opened.warehouse.stat().st_mode, opened.data_dir.stat().st_mode) == before
    assert len(generation_names(opened.serving)) == 2, "old ones still go"
    assert seen(opened.serving) == 5


def test_a_readers_group_this_machine_lacks_is_told_before_anything_is_published(published):
    before = current_generation(published.serving)
    with pytest.raises(ReadersGroupError, match="no-such-group-here"):
        publish(published.model_copy(update={"serving_group": "no-such-group-here"}), 3)
    assert current_generation(published.serving) == before
    assert seen(published.serving) == 2


@pytest.mark.parametrize(("step", "when", "call"), STEPS, ids=[f"{when} {step}" for step, when, _ in STEPS])
def test_a_publisher_killed_at_any_step_leaves_readers_one_complete_generation(published, step, when, call):
    words = [sys.executable, "-m", "tests.integration.publishing", str(published.data_dir), step, when, str(call)]
    killed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    is_switched = step in ("_replace_link", "_record", "_drop_old_generations", "delete_folder")
    assert seen(published.serving) == (3 if is_switched else 2)

    publish(published, 3)
    assert seen(published.serving) == 3
    assert len(generation_names(published.serving)) == 2
    assert generation_names(published.serving)[0].startswith("000002")
    publish(published, 4)
    assert list((published.serving / GENERATIONS).glob(".*")) == [], "leftovers go with the next publication"
    with duckdb.connect(str(published.warehouse), read_only=True) as connection:
        history = connection.execute("select generation from ops.publications where action = 'published'").fetchall()
    assert len(history) == 4 and (current_generation(published.serving),) in history


def prepare(serving, count):
    """Generations as a publisher leaves them before the last rename; the numbers 1 to 10 take turns in them."""
    folder = serving / GENERATIONS
    names = [f"{number:06d}_2026-06-30" for number in range(1, count + 1)]
    for place, name in enumerate(names):
        building = folder / f".building_{name}"
        (building / "parquet").mkdir(parents=True)
        if place >= NUMBERS:
            shutil.copy(folder / f".building_{names[place % NUMBERS]}" / "lifecycle.duckdb", building)
            continue
        with duckdb.connect(str(building / "lifecycle.duckdb")) as connection:
            connection.execute("create schema marts")
            for table in ("a", "b"):
                connection.execute(f"create table marts.{table} as select {place + 1} as number from range(100)")
    return names


def switch(settings, name):
    """What a publisher does once a generation is written."""
    folder = settings.serving / GENERATIONS
    (folder / f".building_{name}").rename(folder / name)
    point_to(settings.serving, name)
    publisher._drop_old_generations(settings)


def number_seen(settings):
    with duckdb.connect(str(settings.serving / "lifecycle.duckdb"), read_only=True) as connection:
        return connection.execute("select max(number) from marts.b").fetchone()[0]


def test_eight_readers_see_no_error_and_no_mix_across_two_hundred_swaps(settings, monkeypatch):
    # However slow the machine: two hundred swaps took longer than the minute of grace once.
    monkeypatch.setattr(publisher, "GRACE_SECONDS", 3_600)
    first, *names = prepare(settings.serving, SWAPS + 1)
    switch(settings, first)
    words = [sys.executable, "-c", READER, str(settings.serving)]
    readers = [
        subprocess.Popen(
            [*words, f"reader{n}", "pooled" if n % 4 == 0 else "plain"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(READERS)
    ]
    try:
        while len(list(settings.serving.glob("*.ready"))) < READERS:
            assert all(reader.poll() is None for reader in readers), readers[0].communicate()
            number_seen(settings)
        for place, name in enumerate(names, start=1):
            switch(settings, name)
            if place % 2 == 0:
                assert number_seen(settings) == place % NUMBERS + 1, "the next connection sees the new generation"
    finally:
        (settings.serving / "stop").touch()
        answers = [reader.communicate() for reader in readers]
    for (told, complaint), reader in zip(answers, readers, strict=True):
        assert reader.returncode == 0, complaint
        # DuckDB draws its progress before it when a query takes long.
        found = json.loads(told.splitlines()[-1])
        assert found["last"] == [SWAPS % NUMBERS + 1, SWAPS % NUMBERS + 1, 100]
        assert found["mixed"] == []
        assert found["seen"] > 2, "a reader that saw no swap proves nothing"
    # A generation deleted right after a switch was gone for readers that had followed the pointer, yet not opened it.
    assert len(generation_names(settings.serving)) == SWAPS + 1
    monkeypatch.setattr(publisher, "GRACE_SECONDS", 0)
    publisher._drop_old_generations(settings)
    assert len(generation_names(settings.serving)) == settings.generations_kept


def test_a_generation_says_what_it_is_in_its_manifest_beside_its_parquet_files_and_in_the_database(published):
    manifest = json.loads((published.serving / "parquet" / "manifest.json").read_text(encoding="utf-8"))
    with duckdb.connect(str(published.serving / "lifecycle.duckdb"), read_only=True) as connection:
        described = connection.execute("select generation, as_of::varchar, contract_version from meta.generation")
        assert described.fetchall() == [(manifest["generation"], manifest["as_of"], contract_version())]
    assert manifest["row_counts"] == {"left_mart": 500, "right_mart": 500}
    assert manifest["contract_version"] == contract_version()


def test_the_same_data_under_a_new_contract_is_a_new_generation(published, monkeypatch):
    publish(published, 2)
    assert current_generation(published.serving).startswith("000002")
    monkeypatch.setattr("orchestration.marts_contract.contract_version", lambda: "99.0")
    publish(published, 2)
    assert current_generation(published.serving).startswith("000003")


@pytest.mark.parametrize(("allowed", "used"), [("6GB", "1.3 GiB"), ("600MB", "572.2 MiB")])
def test_publishing_streams_within_little_memory_or_less(allowed, used):
    from orchestration.publish.generation import limit_memory

    with duckdb.connect(config={"memory_limit": allowed}) as connection:
        limit_memory(connection)
        assert connection.execute("select current_setting('memory_limit')").fetchone() == (used,)


def test_the_warehouse_stays_private_while_it_is_published(published):
    assert stat.S_IMODE(published.warehouse.stat().st_mode) == 0o600
    assert stat.S_IMODE(published.data_dir.stat().st_mode) == 0o700
