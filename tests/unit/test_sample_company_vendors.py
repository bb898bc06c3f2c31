"""The sample company among its vendors: every row is somewhere, none that counts is twice, and days come in order."""

from __future__ import annotations

import stat
from collections import Counter
from datetime import date, timedelta
from urllib.request import Request, urlopen

import duckdb
import pyarrow.parquet as pq
import pytest

from ingestion.contract import ENTITIES, entity_named
from ingestion.sandbox.company import VendorRows, write_company
from ingestion.sandbox.divided import company_rows
from ingestion.sandbox.division import MASTER_COLUMNS, SHARES, left_for_files, share_of
from ingestion.sandbox.place import Place, end_of
from ingestion.sandbox.server.__main__ import address_in, write_settings
from ingestion.sandbox.server.account import EXPORTS, PROTOCOLS, PUTS, empty_sandbox, fill, write_exports
from ingestion.sandbox.server.company.deliveries import Company
from ingestion.settings import Settings, load_settings
from ingestion.sources.registry import CONNECTORS
from orchestration.sample_vendors import serve_vendors

END = date(2026, 6, 30)
AHEAD = 10
# At several vendors, each of whom has own uses for them; nothing is added up over them.
ABOUT_WHOM = {"crm_contacts", "crm_companies"}
# The shop has the order, the mailer only its confirmation.
MAILERS = {"brevo", "sendgrid"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    place = Place(folder / "sandbox", folder / "inbox")
    end, waiting = END + timedelta(days=AHEAD), place.waiting
    write_company(200, 7, end, waiting / "inbox", place.truth, vendors=VendorRows(place.rows, AHEAD))
    write_exports(place.rows, waiting / "exports", END)
    place.let_come(END)
    return place


def days_in(folder):
    names = [path.name for path in folder.rglob("*") if path.is_file()]
    return Counter(END.isoformat() < name.split(".")[0][-10:] for name in names)


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.table)
def test_every_row_is_at_one_vendor_or_comes_as_a_file(place, entity):
    vendors = [one for one in SHARES if entity.table in SHARES[one] and one not in MAILERS]
    shares = [f"{share_of(vendor, entity.table)}::int" for vendor in vendors]
    files = f"({left_for_files(entity.table)})::int"
    with company_rows(place.rows) as connection:
        counted = dict(
            connection.execute(
                f"select {' + '.join([*shares, files])} as places, count(*) from {entity.table} group by all"
            ).fetchall()
        )
    assert counted
    assert 0 not in counted
    assert entity.table in ABOUT_WHOM or set(counted) == {1}


def test_a_vendor_meets_its_rows_in_the_order_in_which_they_came_into_being(place):
    """Vendors number what they meet: in another order the same number would be another record after a restart."""
    for vendor, table in ((vendor, table) for vendor, shares in SHARES.items() for table in shares):
        key = entity_named(table).columns[0].name
        with company_rows(place.rows) as connection:
            met = [row[key] for row in Company(connection).seen_by(vendor).rows(table)]
        born = pq.read_table(place.rows / f"{table}.parquet")[key].to_pylist()
        kept = iter(born)
        assert all(one in kept for one in met), f"{vendor} {table}"


def test_every_vendor_of_the_sandbox_has_a_share_and_a_connector():
    assert set(PUTS) == set(PROTOCOLS)
    assert {*PUTS, *EXPORTS} == set(SHARES)
    assert set(SHARES) <= {connector.name for connector in CONNECTORS}


def test_the_master_file_has_numbers_and_addresses_and_leaves_the_address_book_to_the_crm(place):
    names = {column.name for column in entity_named("crm_contacts").columns}
    files = str(place.inbox / "crm" / "contacts" / "*.csv")
    shown = ", ".join(f"count({name}) filter (where contact_id not like 'CX%') as {name}" for name in sorted(names))
    filled = duckdb.sql(f"select {shown} from read_csv('{files}', all_varchar = true, union_by_name = true)")
    counts = dict(zip(filled.columns, filled.fetchone(), strict=True))
    assert {name for name, count in counts.items() if count and name != "first_name"} <= set(MASTER_COLUMNS)
    assert min(counts[name] for name in ("contact_id", "email", "user_id")) > 0


def test_nothing_lies_in_inbox_or_exports_before_its_day(place):
    assert days_in(place.inbox)[True] == 0
    assert days_in(place.waiting / "inbox") == {True: days_in(place.waiting / "inbox")[True]}
    assert place.day() == END


def test_a_day_brings_its_files_and_time_never_goes_back(place, tmp_path):
    import shutil

    shutil.copytree(place.folder.parent, tmp_path / "copy")
    copy = Place(tmp_path / "copy" / "sandbox", tmp_path / "copy" / "inbox")
    before = {path for path in copy.inbox.rglob("*") if path.is_file()}
    copy.let_come(END + timedelta(days=1))
    came = {path for path in copy.inbox.rglob("*") if path.is_file()} - before
    assert came
    assert all((END + timedelta(days=1)).isoformat() in path.name for path in came)
    copy.let_come(END - timedelta(days=30))
    assert copy.day() == END + timedelta(days=1)


def test_vendors_show_what_has_happened_and_no_more(place):
    sandbox = empty_sandbox(end_of(END), "key")
    fill(sandbox, place.rows)
    known = {kind: len(sandbox.store.by_key(kind)) for kind in ("shopify.orders", "matomo.visits", "hubspot.contacts")}
    sandbox.store.move_to(end_of(END + timedelta(days=AHEAD)))
    later = {kind: len(sandbox.store.by_key(kind)) for kind in known}
    assert min(known.values()) > 0
    assert all(later[kind] > known[kind] for kind in ("shopify.orders", "matomo.visits"))


def test_a_demo_reads_its_own_vendors_and_never_those_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECYCLE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LIFECYCLE_STRIPE_KEY", "somebody's own")
    monkeypatch.setenv("LIFECYCLE_HUBSPOT_TOKEN", "somebody's own")
    assert load_settings().stripe_key.get_secret_value() == "somebody's own"
    folder = Settings(data_dir=tmp_path, _env_file=None).sample_company
    folder.mkdir()
    (folder / "company.json").write_text("{}", encoding="utf-8")
    assert load_settings().stripe_key is None
    write_settings(
        folder / "sources.env", {"hubspot_token": "of the sandbox", "hubspot_base_url": "http://127.0.0.1:1"}
    )
    found = load_settings()
    assert found.stripe_key is None
    assert found.hubspot_token.get_secret_value() == "of the sandbox"
    assert found.hubspot_base_url == "http://127.0.0.1:1"
    assert "of the sandbox" not in repr(found)
    assert stat.S_IMODE((folder / "sources.env").stat().st_mode) == 0o600


def test_a_second_server_goes_on_at_the_same_address_when_the_first_one_ends(place):
    settings = Settings(data_dir=place.folder.parent, _env_file=None)
    assert settings.sample_company == place.folder
    first = serve_vendors(settings)
    second = serve_vendors(settings)
    try:
        known = place.sources.read_text(encoding="utf-8")
        address = address_in(place.sources)
        assert status_of(address) == 200
        first.kill()
        assert second.stdout.readline() == f"serving at http://127.0.0.1:{address.port}\n"
        assert status_of(address) == 200
        assert place.sources.read_text(encoding="utf-8") == known
    finally:
        for server in (first, second):
            server.kill()
            server.communicate(timeout=10)


def status_of(address):
    asked = Request(
        f"http://127.0.0.1:{address.port}/hubspot/crm/v3/objects/contacts",
        headers={"Authorization": f"Bearer {address.key}"},
    )
    with urlopen(asked, timeout=30) as answer:
        return answer.status
