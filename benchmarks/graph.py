"""A graph of people with five identifiers and four links each, resolved by the models of the product.

Everything before identity is left out: the sightings are written as a table, the rest of the warehouse is that of a
small sample company. The time is told whole and by part (`parts.py`), and once with nothing new: the part of it that
neither the people nor the day make. A day is told twice: with a dbt of its own that starts and reads the project, and
as the step of a run, in which both are done before (`served.py`).
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.company import IDENTITY, Company, build
from benchmarks.measure import Measurement
from benchmarks.parts import DBT, RESOLUTION, parts_of_build
from benchmarks.served import served
from ingestion.settings import Settings
from ingestion.warehouse import connect

SMALL = 100
DAY_SHARE = 100
BESIDE = ("sightings", "device_periods")

# A contact with login, address and phone, and a login on one device; of a hundred phones one is shared by a couple.
SIGHTINGS = """
insert into identity.sightings by name
select
    'crm_contacts' as entity,
    'subject' as role,
    'files' as source,
    'contact_id:files:g' || i as contact_id_key,
    'user_id:g' || i as user_id_key,
    'email:g' || i || '@example.com' as email_key,
    'phone:+49170' || (case when i % 100 = 1 then i - 1 else i end) as phone_key,
    timestamp '2024-01-01' + to_seconds(i % 1000000) as first_seen_at,
    timestamp '2024-01-01' + to_seconds(i % 1000000) as last_seen_at,
    'files:g' || i as record_key,
    1 + i // 10000 as load_seq,
    1 as row_count
from range({people}) as people(i)
"""
LOGINS = """
insert into identity.sightings by name
select
    'web_events' as entity,
    'subject' as role,
    'files' as source,
    'user_id:g' || (i * {step}) as user_id_key,
    'anonymous_id:{device}' || i as anonymous_id_key,
    timestamp '2025-01-01' + to_seconds(i % 1000000) as first_seen_at,
    timestamp '2025-01-01' + to_seconds(i % 1000000) as last_seen_at,
    'files:{device}' || i as record_key,
    {load_seq} as load_seq,
    1 as row_count
from range({logins}) as logins(i)
"""


def measure_graph(folder: Path, people: int) -> None:
    """Resolve the graph whole, after days with 1 % new links, and with nothing new; print each."""
    settings = Settings(data_dir=folder, _env_file=None)
    Company(settings, SMALL).build()
    with connect(settings) as connection:
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'identity'"
            " and table_name in (select unnest(?))",
            [["edges", "resolved_identifiers", "link_decisions", "violations", "resolved_inputs", "customers", "log"]],
        ).fetchall():
            connection.execute(f"drop table identity.{table}")
        connection.execute("delete from identity.sightings")
        connection.execute("delete from identity.device_periods")
        connection.execute("delete from conformed.crm_contacts")
        connection.execute(SIGHTINGS.format(people=people))
        connection.execute(LOGINS.format(step=1, device="d", load_seq=100_000, logins=people))
    _report("whole graph", _resolve(settings), settings)
    _deliver_day(settings, people, "new", 200_000)
    _report("a day with 1 % new links", _resolve(settings), settings)
    _report("nothing new", _resolve(settings), settings)
    _deliver_day(settings, people, "later", 300_000)
    with served(settings) as dbt:
        _report("such a day as a step of a run", dbt.build(IDENTITY, "--exclude", *BESIDE), settings)
        _report("nothing new as a step of a run", dbt.build(IDENTITY, "--exclude", *BESIDE), settings)


def _deliver_day(settings: Settings, people: int, device: str, load_seq: int) -> None:
    new = people * 4 // DAY_SHARE
    with connect(settings) as connection:
        connection.execute(LOGINS.format(step=people // new, device=device, load_seq=load_seq, logins=new))


def _resolve(settings: Settings) -> Measurement:
    return build(settings, IDENTITY, "--exclude", *BESIDE)


def _report(name: str, measured: Measurement, settings: Settings) -> None:
    with connect(settings, read_only=True) as connection:
        identifiers, links, customers = connection.execute(
            "select (select count(*) from identity.customer_identifiers_map),"
            " (select count(*) from identity.link_decisions), (select count(*) from identity.customers)"
        ).fetchone()
    parts = parts_of_build(settings.data_dir / "dbt" / "run_results.json", measured.seconds)
    print(
        f"{name:<34} {measured.seconds:6.1f} s  processors {measured.cpu_seconds:.1f} s"
        f"  peak {measured.peak_gigabytes:.2f} GB"
        f"  {identifiers:,} identifiers, {links:,} links, {customers:,} customers",
        f"{'  resolution itself':<34} {sum(parts[part] for part in RESOLUTION):6.1f} s",
        f"{'  all models':<34} {measured.seconds - parts[DBT]:6.1f} s",
        *(f"{'    ' + part:<34} {seconds:6.1f} s" for part, seconds in parts.items()),
        sep="\n",
        flush=True,
    )
