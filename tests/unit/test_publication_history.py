"""The history of publications survives a dead publisher and a warehouse that lost its memory; so do the generations."""

import json
from datetime import date

import pytest

from ingestion.raw import create_raw_tables
from ingestion.warehouse import connect
from orchestration.publish.pointer import generation_names, point_to
from orchestration.publish.publisher import PublicationRefusedError, publish
from orchestration.run_context import begin_run
from quality.verdicts import Refusal

NAMES = ("000001_2026-01-01", "000002_2026-01-02", "000003_2026-01-03")


@pytest.fixture
def serving(settings):
    for name in NAMES:
        folder = settings.serving / "generations" / name
        (folder / "parquet").mkdir(parents=True)
        (folder / "lifecycle.duckdb").write_text(name, encoding="utf-8")
        manifest = {
            "generation": name,
            "as_of": name.split("_")[1],
            "run_id": f"run {name}",
            "published_at": f"{name.split('_')[1]}T08:00:00+00:00",
            "row_counts": {"customer_profile": 3},
            "fingerprints": {},
        }
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return settings.serving


def publish_nothing(settings):
    """Publish from a warehouse without marts, made where there is none."""
    with connect(settings):
        pass
    with pytest.raises(PublicationRefusedError, match="no marts"):
        publish(settings, "run")


def history(settings):
    with connect(settings) as connection:
        return connection.execute("from ops.publications order by generation").fetchall()


@pytest.mark.parametrize("served", NAMES)
def test_a_rebuilt_warehouse_learns_its_generations_from_their_manifests_and_deletes_none(settings, serving, served):
    # Once every generation but the served one was deleted: the history of a rebuilt warehouse knew none of them.
    point_to(serving, served)
    publish_nothing(settings)
    assert generation_names(serving) == list(NAMES)
    assert [(row[0], row[1], str(row[2]), row[3], str(row[4]), row[5]) for row in history(settings)] == [
        (name, "published", day, f"run {name}", f"{day} 08:00:00", 3) for name in NAMES for day in [name.split("_")[1]]
    ]


def test_a_generation_readers_were_never_switched_to_is_removed(settings, serving):
    point_to(serving, NAMES[1])
    publish_nothing(settings)
    with connect(settings) as connection:
        connection.execute("delete from ops.publications where generation = ?", [NAMES[2]])
    publish_nothing(settings)
    assert generation_names(serving) == list(NAMES[:2])
    assert [row[0] for row in history(settings)] == list(NAMES[:2])


def test_a_first_generation_readers_were_never_switched_to_is_removed(settings, serving):
    publish_nothing(settings)
    assert generation_names(serving) == []
    assert history(settings) == []


def test_a_refusal_tells_failures_first_and_where_all_of_it_stands(settings, monkeypatch):
    with connect(settings) as connection:
        create_raw_tables(connection)
    begin_run(settings, "run", as_of=date(2026, 1, 1), loads=True)
    stale = [Refusal("g1_raw", "t", f"c{n}", "ran_on_other_data", f"t: c{n} passed on other data") for n in range(30)]
    failed = Refusal("g3_marts", "marts.a", "unique__id", "failed", "marts.a: unique__id failed")
    monkeypatch.setattr("quality.verdicts.refusals", lambda *_: [*stale, failed])
    with pytest.raises(PublicationRefusedError, match=r"31 required check\(s\)") as refused:
        publish(settings, "run")
    whole_list = settings.docs / "quality" / "refused.txt"
    lines = str(refused.value).splitlines()
    assert lines[1] == "  - marts.a: unique__id failed"
    assert lines[21] == f"  … and 11 more; all of them: {whole_list}"
    told = whole_list.read_text(encoding="utf-8").splitlines()
    assert set(told) == {f"  - {one.message}" for one in (*stale, failed)}
    assert len(told) == 31
    monkeypatch.setattr("quality.verdicts.refusals", lambda *_: [])
    publish(settings, "run")
    assert not whole_list.exists(), "what was mended is listed no more"
