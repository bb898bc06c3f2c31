"""The sample company's files: stable, complete, in contract form, and flawed exactly as the ledger says."""

import hashlib
import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from ingestion.contract import ENTITIES, EntityKind, entity_named
from ingestion.contract.currencies import is_currency
from ingestion.sandbox.behaviour import Behaviour
from ingestion.sandbox.company import CompanySummary, write_company

END = date(2026, 6, 30)
STOP = datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Berlin"))
PEOPLE = 400
CHUNKED = Behaviour(people_per_chunk=150)


class Company:
    """The files of one simulation; each entity is a view in which every column is the text that was delivered."""

    def __init__(self, folder: Path, summary: CompanySummary) -> None:
        self.inbox, self.truth, self.summary = folder / "inbox", folder / "truth", summary
        self.planted = json.loads((self.truth / "planted.json").read_text())
        self.connection = duckdb.connect()
        for entity in ENTITIES:
            self.connection.execute(f"create view {entity.table} as {self._reading(entity)}")

    def _reading(self, entity) -> str:
        files = self.files(entity)
        names = [column.name for column in entity.columns]
        paths = [str(file) for file in files]
        if files[0].suffix == ".parquet":
            return f"select columns(*)::varchar from read_parquet({paths})"
        if ".jsonl" in files[0].name:
            columns = {name: "VARCHAR" for name in names}
            return f"from read_json({paths}, format = 'newline_delimited', columns = {columns})"
        return f"from read_csv({paths}, all_varchar = true, union_by_name = true, quote = '\"')"

    def files(self, entity) -> list[Path]:
        return sorted((self.inbox / entity.path).iterdir())

    def rows(self, query: str) -> list[tuple]:
        return self.connection.execute(query).fetchall()

    def number(self, query: str) -> int:
        return self.rows(query)[0][0]

    def bad_rows(self, table: str) -> int:
        return sum(entry["count"] for entry in self.planted["bad_rows"] if entry["entity"] == table)


@pytest.fixture(scope="module")
def company(tmp_path_factory) -> Company:
    folder = tmp_path_factory.mktemp("company")
    return Company(folder, write_company(PEOPLE, 11, END, folder / "inbox", folder / "truth", behaviour=CHUNKED))


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_arguments_write_the_same_bytes(company, tmp_path):
    write_company(PEOPLE, 11, END, tmp_path / "inbox", tmp_path / "truth", behaviour=CHUNKED)
    assert contents(tmp_path / "inbox") == contents(company.inbox)
    assert contents(tmp_path / "truth") == contents(company.truth)


def test_another_seed_tells_another_story(company, tmp_path):
    write_company(PEOPLE, 12, END, tmp_path / "inbox", tmp_path / "truth", behaviour=CHUNKED)
    name = "crm/orders/orders-2026-05-31.parquet"
    assert contents(tmp_path / "inbox")[name] != contents(company.inbox)[name]


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.table)
def test_every_entity_is_delivered_with_the_columns_of_the_contract(company, entity):
    delivered = [row[0] for row in company.rows(f"describe {entity.table}")]
    unknown = {entry["column"] for entry in company.planted["extra_columns"] if entry["entity"] == entity.table}
    assert [name for name in delivered if name not in unknown] == [column.name for column in entity.columns]
    assert company.number(f"select count(*) from {entity.table}") == company.summary.row_counts[entity.table] > 0


def test_the_unknown_column_is_in_the_one_file_the_ledger_names(company):
    (entry,) = company.planted["extra_columns"]
    having = [
        str(file.relative_to(company.inbox))
        for file in company.files(entity_named(entry["entity"]))
        if entry["column"] in file.read_text(encoding="utf-8-sig").splitlines()[0]
    ]
    assert having == [entry["file"]]


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.table)
def test_only_the_planted_rows_break_the_contract(company, entity):
    faults = [f'"{column.name}" is null' for column in entity.columns if column.required]
    faults += [f'"{column.name}" not in {column.choices}' for column in entity.columns if column.choices]
    types = {"number": "double", "amount": "decimal(18, 4)", "integer": "bigint", "timestamp": "timestamptz"}
    for column in entity.columns:
        if column.type in types:
            number = f"replace({column.name}, ',', '.')" if column.type != "timestamp" else column.name
            faults.append(f"({column.name} is not null and try_cast({number} as {types[column.type]}) is null)")
        if column.maximum is not None:
            faults.append(f"coalesce(try_cast({column.name} as double) > {column.maximum}, false)")
        if column.minimum is not None:
            number = f"replace({column.name}, ',', '.')"
            faults.append(f"coalesce(try_cast({number} as double) < {column.minimum}, false)")
        if column.type == "currency":
            used = company.rows(f"select distinct {column.name} from {entity.table} where {column.name} is not null")
            faults += [f"{column.name} = '{code}'" for (code,) in used if not is_currency(code)]
    broken = company.number(f"select count(*) from {entity.table} where {' or '.join(faults)}")
    assert broken == company.bad_rows(entity.table)


@pytest.mark.parametrize(
    "entity", [entity for entity in ENTITIES if entity.clock and entity.kind is not EntityKind.DAILY], ids=str
)
def test_nothing_happens_after_the_end_except_the_planted_rows(company, entity):
    late = f"try_cast({entity.clock} as timestamptz) >= timestamptz '{STOP.isoformat()}'"
    if entity.has_versions:
        late += f" or try_cast(updated_at as timestamptz) >= timestamptz '{STOP.isoformat()}'"
    after = company.number(f"select count(*) from {entity.table} where {late}")
    assert after == company.planted["future_rows"].get(entity.table, 0)


@pytest.mark.parametrize(
    "entity", [entity for entity in ENTITIES if entity.kind is EntityKind.EVENT], ids=lambda entity: entity.table
)
def test_keys_repeat_only_for_planted_duplicates(company, entity):
    keys = ", ".join(f"coalesce({name}, '')" for name in entity.key)
    repeated = company.number(f"select count(*) - count(distinct ({keys})) from {entity.table}")
    assert repeated == company.planted["duplicate_rows"].get(entity.table, 0)


def test_late_rows_lie_in_later_files_than_their_day(company):
    files = [str(file) for file in company.files(entity_named("web_events"))]
    late = company.number(f"""
        with events as (
            select
                (occurred_at at time zone 'Europe/Berlin')::date as day,
                regexp_extract(filename, '(\\d{{4}}-\\d{{2}}-\\d{{2}})[.]parquet', 1)::date as last_day,
            from read_parquet({files}, filename = true)
        ), periods as (
            select last_day, coalesce(lag(last_day) over (order by last_day), date '2023-06-30') as day_before
            from (select distinct last_day from events)
        )
        select count(*) from events join periods using (last_day) where day <= day_before
    """)
    assert late >= company.planted["late_rows"]["web_events"] > 0
    assert late <= company.planted["late_rows"]["web_events"] + company.planted["duplicate_rows"]["web_events"]


def test_the_last_days_come_one_file_each(company):
    names = [file.name for file in company.files(entity_named("web_events"))]
    assert names[-4:] == [f"events-2026-06-{day}.parquet" for day in (27, 28, 29, 30)]


def test_versions_of_a_record_come_in_order_of_their_updates(company):
    files = [str(file) for file in company.files(entity_named("crm_orders"))]
    backward = company.number(f"""
        select count(*) from (
            select updated_at, lag(updated_at) over (partition by order_id order by filename) as before
            from read_parquet({files}, filename = true)
        ) where updated_at <= before
    """)
    corrected = company.number("select count(*) from (from crm_orders select order_id group by 1 having count(*) > 1)")
    assert backward == 0
    assert corrected > 0


def test_the_number_of_rows_grows_with_the_number_of_people(company, tmp_path):
    larger = write_company(5 * PEOPLE, 11, END, tmp_path / "inbox", tmp_path / "truth")
    for table in ("web_events", "email_events", "crm_contacts"):
        assert 3.5 < larger.row_counts[table] / company.summary.row_counts[table] < 6.5


def test_an_interrupted_run_leaves_no_half_files(tmp_path):
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_company(100, 1, END, tmp_path / "inbox", tmp_path / "truth", progress=stop)
    assert not (tmp_path / "inbox").exists()
    assert not (tmp_path / "truth" / ".unfinished").exists()


def test_too_few_people_are_refused(tmp_path):
    with pytest.raises(ValueError, match="at least 100"):
        write_company(99, 1, END, tmp_path / "inbox", tmp_path / "truth")


def test_a_year_that_ends_on_a_leap_day_has_three_years(tmp_path):
    summary = write_company(100, 1, date(2024, 2, 29), tmp_path / "inbox", tmp_path / "truth")
    assert summary.start == date(2021, 3, 1)
