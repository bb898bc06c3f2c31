"""What every connector of exported files must keep, whatever the vendor: each file once, a changed unit as a whole.

One suite over the vendors' file names and events. Connectors of APIs are in `test_every_connector_*.py`.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from ingestion.settings import Settings
from ingestion.sources import source_load
from ingestion.sources.errors import (
    ForbiddenAddressError,
    NotConfiguredError,
    ProtocolError,
    SourceError,
    UnavailableError,
    VanishedFieldError,
)
from ingestion.sources.exports import ExportFolder, ExportReading
from ingestion.sources.loading import check_source, load_source
from ingestion.sources.model import Window
from ingestion.warehouse import connect
from tests.connectors.export_benches import EXPORT_BENCHES, ExportBench


class Export:
    """A vendor's folder, what the last read left, and a warehouse nobody made yet."""

    def __init__(self, bench: ExportBench, folder: Path) -> None:
        self.bench, self.folder = bench, folder / "export"
        self.folder.mkdir()
        self.settings = Settings(
            _env_file=None, data_dir=folder / "data", **{bench.connector.files.setting: self.folder}
        )
        self.state: dict[str, Any] = {}

    def write(self, unit: int, *events: Any, ending: str = ".jsonl") -> Path:
        """A file of events; a text is written as the line it is."""
        path = self.folder / f"{self.bench.file(unit)}{ending}"
        path.parent.mkdir(exist_ok=True)
        text = b"".join(one.encode() + b"\n" if isinstance(one, str) else orjson.dumps(one) + b"\n" for one in events)
        path.write_bytes(gzip.compress(text) if ending.endswith(".gz") else text)
        return path

    def events(self, *numbers: int, word: str = "first") -> list[dict[str, Any]]:
        return [self.bench.event(number, word) for number in numbers]

    def read(self, window: Window | None = None) -> list[dict[str, Any]]:
        """The records of a read; its state is kept as landing keeps it."""
        [resource] = self.bench.connector.resources
        folder = ExportFolder(self.bench.connector, self.settings)
        reading = ExportReading(resource, folder, self.state, window or Window())
        found = [orjson.loads(text) for table in reading.tables() for text in table.column("record").to_pylist()]
        self.state = reading.state
        return found

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        [resource] = self.bench.connector.resources
        with connect(self.settings, read_only=True) as connection:
            return connection.execute(
                query.replace("RAW", f"{self.bench.connector.schema}.{resource.table.name}")
            ).fetchall()


@pytest.fixture(params=EXPORT_BENCHES, ids=lambda bench: bench.name)
def export(request: pytest.FixtureRequest, tmp_path: Path) -> Export:
    return Export(request.param, tmp_path)


def placed(records: list[dict[str, Any]]) -> list[tuple[int, int]]:
    return [(record["export_delivery"], record["export_row"]) for record in records]


def test_a_file_without_events_is_named_and_what_its_unit_held_before_stays(export):
    first = export.write(1, *export.events(1, 2))
    load_source(export.settings, export.bench.connector)
    first.write_bytes(b"")
    second = export.write(2)
    names = [path.relative_to(export.folder).as_posix() for path in (first, second)]
    [done] = load_source(export.settings, export.bench.connector).resources
    for name in names:
        assert f"no events in {name}" in done.promotion.message
    assert done.promotion.message.count("was not replaced") == 1
    assert export.rows("select message from ops.loads order by load_seq") == [(None,), (done.promotion.message,)]
    assert export.rows("select count(*) from RAW") == [(2,)]
    [again] = load_source(export.settings, export.bench.connector).resources
    assert again.promotion.message is None, "it is said once"


def test_events_are_loaded_once_misfits_are_quarantined_and_new_members_reported(export):
    one, two, odd = export.events(1, 2, 3)
    odd[export.bench.text] = ["a", "list"]
    export.write(1, one, odd, "no json {", two | {"shoe_size": 43})
    export.write(2, *export.events(4, 5), ending=".jsonl.gz")
    [done] = load_source(export.settings, export.bench.connector).resources
    assert (done.promotion.accepted, done.promotion.quarantined) == (4, 2)
    assert done.promotion.new_members == ("/event/shoe_size",)
    assert export.rows("select count(distinct (export_unit, export_delivery, export_row)) from RAW") == [(4,)]
    assert export.rows(f"select distinct {export.bench.shown} from RAW") == [("first",)]
    [again] = load_source(export.settings, export.bench.connector).resources
    assert again.promotion.delivered == 0
    export.write(2, *export.events(4, 5, 6), ending=".jsonl.gz")
    [more] = load_source(export.settings, export.bench.connector).resources
    assert more.promotion.accepted == 3
    assert more.cursor >= done.cursor


class Killed(BaseException):
    """Stands for the end of the process."""


def test_a_load_killed_between_landing_and_promotion_is_finished_by_the_next_one(export, monkeypatch):
    export.write(1, *export.events(1, 2, 3))

    def killed(*_arguments, **_named):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(source_load, "promote", killed)
        with pytest.raises(Killed):
            load_source(export.settings, export.bench.connector)
    load_source(export.settings, export.bench.connector)
    assert export.rows("select count(*) from RAW") == [(3,)]


def test_a_unit_that_comes_again_with_other_content_is_its_next_delivery_as_a_whole(export):
    export.write(1, *export.events(1, 2))
    export.write(2, *export.events(3))
    assert placed(export.read()) == [(1, 1), (1, 2), (1, 1)]
    export.write(1, *export.events(1, 2, 4))
    assert placed(export.read()) == [(2, 1), (2, 2), (2, 3)]
    export.write(1, *export.events(1, 2))
    assert placed(export.read()) == [(3, 1), (3, 2)], "going back to an earlier content is a delivery too"
    assert export.read() == []


def test_a_file_written_again_with_the_same_content_is_not_read_again(export):
    export.write(1, *export.events(1, 2))
    export.read()
    export.write(1, *export.events(1, 2))
    assert export.read() == []


def test_files_still_being_written_and_foreign_files_are_passed_over(export):
    for ending in (".jsonl.tmp", ".jsonl.part", ".csv"):
        export.write(1, *export.events(1), ending=ending)
    (export.folder / ".hidden.jsonl").write_text("{}")
    assert export.read() == []


def test_parquet_says_the_same_as_lines(export):
    events = export.events(1, 2)
    lines = export.write(1, *events)
    target = export.folder / f"{export.bench.file(2)}.parquet"
    duckdb.sql(f"select * from read_json('{lines}', format = 'newline_delimited')").write_parquet(str(target))
    found = [record["event"] for record in export.read()]
    pointer = export.bench.text
    assert [event[pointer] for event in found] == [event[pointer] for event in events] * 2


@pytest.mark.parametrize("ending", [".json", ".json.gz"])
def test_arrays_of_events_say_the_same_as_lines_however_they_are_broken_into_lines(export, ending):
    one, two, three, four = (orjson.dumps(event).decode() for event in export.events(1, 2, 3, 4))
    for text in (
        f"[{one},\r\n{two},\r\n{three},\r\n{four}]\r\n",
        f"[{one},{two}]\n[]\n[{three}]\n{four}\n",
        f"\ufeff [{one},\n{two}][{three},\n{four}]",
    ):
        export.write(1, text, ending=ending)
        assert [record["event"] for record in export.read()] == export.events(1, 2, 3, 4)


def test_an_array_that_was_cut_off_is_an_error_and_nothing_moves(export):
    one, two = (orjson.dumps(event).decode() for event in export.events(1, 2))
    export.write(1, f"[{one},\r\n{two}", ending=".json")
    with pytest.raises(ProtocolError, match="damaged") as caught:
        export.read()
    assert str(export.events(1)[0][export.bench.text]) not in str(caught.value)
    assert export.state == {}
    export.write(1, f"[{one},\r\n{two}]", ending=".json")
    assert placed(export.read()) == [(1, 1), (1, 2)]


@pytest.mark.parametrize("ending", [".jsonl.gz", ".parquet"])
def test_a_damaged_file_is_an_error_without_its_content_and_nothing_moves(export, ending):
    export.write(1, *export.events(1))
    export.read()
    path = export.write(2, *export.events(2, 3), ending=".jsonl.gz")
    damaged = path.rename(export.folder / f"{export.bench.file(2)}{ending}")
    damaged.write_bytes(damaged.read_bytes()[:-12])
    before = export.state
    with pytest.raises(ProtocolError, match="damaged") as caught:
        export.read()
    assert str(export.events(2)[0][export.bench.text]) not in str(caught.value)
    assert export.state == before
    damaged.unlink()
    export.write(2, *export.events(2, 3))
    assert placed(export.read()) == [(1, 1), (1, 2)]


def test_a_required_member_that_no_event_has_any_more_is_an_error_and_nothing_moves(export):
    export.write(1, *export.events(1))
    export.read()
    bare = export.events(2, 3)
    for event in bare:
        del event[export.bench.required]
    export.write(2, *bare)
    with pytest.raises(VanishedFieldError, match=export.bench.required):
        export.read()
    export.write(2, *export.events(2, 3))
    assert placed(export.read()) == [(1, 1), (1, 2)]


def test_a_link_that_leaves_the_folder_is_refused(export, tmp_path):
    outside = tmp_path / "outside.jsonl"
    outside.write_bytes(orjson.dumps(export.events(1)[0]))
    link = export.folder / f"{export.bench.file(1)}.jsonl"
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside)
    with pytest.raises(ForbiddenAddressError, match="leaves the folder"):
        export.read()


def test_a_folder_that_is_stopped_is_read_no_further_and_its_memory_stays(export):
    export.write(1, *export.events(1, 2))
    export.write(2, *export.events(3))
    folder = ExportFolder(export.bench.connector, export.settings)
    reading = ExportReading(export.bench.connector.resources[0], folder, {}, Window())
    tables = reading.tables()
    assert next(tables).num_rows == 2
    folder.stop()
    with pytest.raises(UnavailableError, match="stopped before all files were read"):
        next(tables)
    assert len(export.read()) == 3


def test_a_window_reads_again_what_was_written_in_it_and_leaves_the_memory_alone(export):
    export.write(1, *export.events(1, 2))
    export.read()
    before = export.state
    folder = ExportFolder(export.bench.connector, export.settings)
    [unit] = folder.units()
    assert placed(export.read(Window(since=unit.written_at))) == [(1, 1), (1, 2)], "the same delivery: nothing is new"
    assert export.read(Window(until=unit.written_at)) == []
    assert export.state == before


def test_checking_reads_without_loading_and_says_when_there_is_no_folder(export):
    [table] = check_source(export.settings, export.bench.connector)
    export.write(1, *export.events(1, 2))
    assert check_source(export.settings, export.bench.connector) == {table: 2}
    assert not export.settings.warehouse.exists()
    setting = export.bench.connector.files.setting
    with pytest.raises(SourceError, match=f"LIFECYCLE_{setting.upper()}.*no folder"):
        check_source(export.settings.model_copy(update={setting: export.folder / "gone"}), export.bench.connector)
    with pytest.raises(NotConfiguredError, match=f"LIFECYCLE_{setting.upper()}"):
        check_source(Settings(_env_file=None), export.bench.connector)
