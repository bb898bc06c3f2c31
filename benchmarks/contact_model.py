"""`python -m benchmarks.contact_model`: makes the trained model that is part of the project.

It learns from FEBRL 2 and 3 (names, birthdays and addresses with typing errors) and from the contacts of a sample
company (e-mail addresses and phones) together, without looking at who is who. A company with contacts enough of its own
learns from them: `lifecycle identity proposals train`.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks.people import febrl
from ingestion.matching.comparisons import FIELDS
from ingestion.matching.records import prepared
from ingestion.matching.training import SHIPPED, train, write
from ingestion.sandbox.company import write_company
from ingestion.settings import Settings

PEOPLE = 2_000


def main() -> None:
    """Train and write the file."""
    with tempfile.TemporaryDirectory(prefix="lifecycle-model-") as folder:
        settings = Settings(data_dir=Path(folder), _env_file=None)
        sets = [febrl(number, settings.data_dir / "cache").contacts for number in (2, 3)]
        contacts = pa.concat_tables(
            [*(_prefixed(table, place) for place, table in enumerate(sets)), _company(settings)]
        )
        with prepared(contacts, settings) as records:
            parameters, count = train(records), records.count
        write(SHIPPED, parameters, f"FEBRL 2 and 3 and a sample company of {PEOPLE:,} people: {count:,} contacts")
    print(f"{SHIPPED}: learned from {count:,} contacts")


def _prefixed(table: pa.Table, place: int) -> pa.Table:
    """The table with record keys that no other set has."""
    with duckdb.connect() as connection:
        connection.register("contacts", table)
        return connection.execute(
            f"select '{place}:' || record_key as record_key, {', '.join(FIELDS)} from contacts order by all"
        ).to_arrow_table()


def _company(settings: Settings) -> pa.Table:
    """The last version of every contact record of the sample company."""
    write_company(PEOPLE, 7, date(2026, 6, 30), settings.inbox, settings.data_dir / "truth")
    with duckdb.connect() as connection:
        return connection.execute(
            f"""
            select 'company:' || contact_id as record_key, {", ".join(FIELDS)}
            from read_csv(
                '{settings.inbox}/crm/contacts/*.csv', all_varchar = true, union_by_name = true, filename = true
            )
            qualify row_number() over (partition by contact_id order by filename desc) = 1
            order by record_key
            """
        ).to_arrow_table()


if __name__ == "__main__":
    main()
