"""Every resource of every vendor with an interface, with everything that goes wrong while it is read.

`test_every_connector_*.py` load one resource of each vendor through dlt into a warehouse; what these share is proven
there. Here each resource is read with the product's own reading from a small account, and what it brings is compared
with what an undisturbed read brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module

import orjson
import pytest

from ingestion.sandbox.server import faults, google_ads
from ingestion.sandbox.server.account import PROTOCOLS, account_settings
from ingestion.sandbox.server.store import Entry, Store
from ingestion.sandbox.server.web import Response, Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.client import ATTEMPTS, Client
from ingestion.sources.errors import CredentialError, PagingLoopError, ProtocolError, UnavailableError
from ingestion.sources.model import Resource, Window, value_at
from ingestion.sources.reading import Reading
from ingestion.sources.registry import connector_named
from tests.connectors.vendor_accounts import (
    COUNTED,
    KEY,
    NIGHT,
    TABLES,
    Table,
    company_sandbox,
    held_at_the_vendor,
    kinds_of,
)

HELD = 8
PAGE_SIZE = 3
# Sizes of pages, whatever the vendor calls what is on them.
SIZES = ("PAGE_SIZE", "CAMPAIGN_PAGE_SIZE", "EVENT_PAGE_SIZE", "FORMS_PAGE_SIZE", "THREADS", "COMMENTS")

# Their records say themselves when they happened, so that their time cannot be another one.
DATED = {
    ("google_ads", "campaign_days"),
    ("mailchimp", "email_activity"),
    ("mailchimp", "sent_to"),
    ("mailchimp", "unsubscribes"),
    ("meta_ads", "campaign_days"),
    ("meta_graph", "comments"),
}

Versions = dict[str, str]
Place = Callable[[int, Entry], datetime | None]


class Killed(BaseException):
    """Stands for the end of the process."""


@dataclass
class ResourceTrial:
    """One resource, a small account of its vendor, and the reads of it; waiting is noted down instead of done."""

    resource: Resource
    table: Table
    sandbox: Sandbox
    settings: Settings
    pauses: list[float] = field(default_factory=list)
    cursor: str | None = None

    @property
    def store(self) -> Store:
        return self.sandbox.store

    def read(self, cursor: str | None = None, *, dies_at: int | None = None) -> Versions:
        """What a read brings: the last version of every record by its key, as text."""
        client = Client(connector_named(self.table[0]), self.settings, sleep=self.pauses.append)
        if dies_at is not None:
            _let_die(client, dies_at)
        reading = Reading(self.resource, client, cursor, Window())
        try:
            texts = [text for page in reading.tables() for text in page.column("record").to_pylist()]
        finally:
            client.close()
        self.cursor = reading.cursor
        return {self._key(text): text for text in texts}

    def undisturbed(self) -> tuple[Versions, int]:
        """What a read brings when nothing goes wrong, and how many requests it takes."""
        self.sandbox.faults.clear()
        before = len(self.sandbox.requests)
        return self.read(), len(self.sandbox.requests) - before

    def _key(self, text: str) -> str:
        record, table = orjson.loads(text), self.resource.table
        return "|".join(str(value_at(record, table.field(name).pointer)) for name in table.key)


def _let_die(client: Client, request_number: int) -> None:
    attempt, count = client._attempt, iter(range(10_000))

    def killing(*arguments: object) -> object:
        if next(count) == request_number:
            raise Killed
        return attempt(*arguments)

    client._attempt = killing


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The sample company's accounts on one server; each test has a store of its own behind it."""
    patch = pytest.MonkeyPatch()
    for vendor in PROTOCOLS:
        constants = import_module(f"ingestion.sources.{vendor}.settings")
        for name in set(SIZES) & set(vars(constants)):
            patch.setattr(constants, name, PAGE_SIZE)
    patch.setattr(google_ads, "PAGE_SIZE", PAGE_SIZE)
    with serving(company_sandbox(tmp_path_factory.mktemp("company"))) as sandbox:
        sandbox.whole = sandbox.store
        yield sandbox
    patch.undo()


@pytest.fixture(params=sorted(TABLES), ids=".".join)
def table(request: pytest.FixtureRequest) -> Table:
    return request.param


@pytest.fixture
def begin(company: Sandbox, table: Table, tmp_path) -> Callable[..., ResourceTrial]:
    """Begins a trial with the last records of each kind; those of the table where `place` puts them, None: not yet."""

    def begun(place: Place = lambda _number, one: one.changed_at, now: datetime = NIGHT) -> ResourceTrial:
        store = Store(now)
        own = set(kinds_of(company.whole, table))
        for kind in company.whole.kinds():
            if kind.startswith(f"{table[0]}."):
                for number, entry in enumerate(_last(company.whole, kind)):
                    at = place(number, entry) if kind in own else entry.changed_at
                    if at:
                        store.put(kind, entry.key, at, entry.record, is_deleted=entry.is_deleted)
        company.store, company.protocols = store, {table[0]: PROTOCOLS[table[0]](store, KEY)}
        company.faults.clear()
        company.requests.clear()
        known = account_settings(company, KEY, tmp_path)
        apis = {name: value for name, value in known.items() if not name.endswith("_folder")}
        settings = Settings(data_dir=tmp_path / "data", _env_file=None, **apis)
        return ResourceTrial(connector_named(table[0]).resource(table[1]), table, company, settings)

    return begun


def _last(store: Store, kind: str) -> list[Entry]:
    return [*store.by_change(kind, is_deleted=True)[-HELD:], *store.by_change(kind)[-HELD:]]


def test_passing_failures_of_three_requests_are_waited_out_and_nothing_is_missing(begin):
    trial = begin()
    whole, requests = trial.undisturbed()
    assert whole
    passing = [faults.too_many_requests("7"), faults.status(500), faults.malformed()]
    places = sorted([0, requests // 2, requests - 1])
    planned = [fault for number in range(requests) for fault in (*_at(number, places, passing), None)]
    trial.sandbox.faults.plan(*planned)
    assert trial.read() == whole
    assert trial.sandbox.faults.are_over
    assert (len(trial.pauses), trial.pauses[0]) == (3, 7.0)


@pytest.mark.parametrize(
    ("fault", "error", "attempts"),
    [
        (faults.status(401), CredentialError, 1),
        (faults.too_many_requests(), UnavailableError, ATTEMPTS),
        (faults.malformed(), ProtocolError, ATTEMPTS),
    ],
    ids=["401", "429", "cut-off JSON"],
)
def test_a_lasting_failure_is_one_error_after_few_requests(begin, fault, error, attempts):
    trial = begin()
    trial.sandbox.faults.always = fault
    with pytest.raises(error):
        trial.read()
    assert len(trial.sandbox.requests) == attempts


def test_a_read_killed_at_any_request_leaves_everything_to_the_next_one(begin):
    trial = begin()
    whole, requests = trial.undisturbed()
    for number in range(requests):
        with pytest.raises(Killed):
            trial.read(dies_at=number)
    assert trial.read() == whole


def test_a_page_that_repeats_itself_ends_the_read_and_what_it_hid_comes_with_the_next_one(begin):
    trial = begin()
    whole, requests = trial.undisturbed()
    trial.cursor = None
    kept: list[Response] = []

    def repeat(request, protocol):
        assert len(kept) <= 2 * requests + 6, "the read does not end"
        kept.append(protocol(request))
        return kept[min(1, len(kept) - 1)]

    trial.sandbox.faults.always = repeat
    # Whether the read ends by itself or is stopped depends on how the vendor pages; that it ends does not.
    found: Versions = {}
    with suppress(PagingLoopError, ProtocolError):
        found = trial.read()
    assert len(kept) <= 2 * requests + 6
    trial.sandbox.faults.clear()
    assert found | trial.read(trial.cursor) == whole


@pytest.mark.parametrize("table", sorted(TABLES - COUNTED), ids=".".join)
def test_what_changes_or_appears_between_two_pages_is_read_now_or_with_the_next_read(begin, company, table):
    own = [one for kind in kinds_of(company.whole, table) for one in _last(company.whole, kind)]
    last = max(one.changed_at for one in own)
    trial = begin(now=last - timedelta(seconds=1))
    _, requests = trial.undisturbed()

    def change():
        trial.store.move_to(last + timedelta(seconds=30))
        if table not in DATED:
            kind = kinds_of(trial.store, table)[0]
            first = min(_last(company.whole, kind), key=lambda one: one.changed_at)
            trial.store.put(kind, first.key, trial.store.now, first.record, is_deleted=first.is_deleted)

    trial.sandbox.faults.plan(*[None] * (requests // 2), faults.meanwhile(change))
    found = trial.read()
    trial.store.move_to(last + timedelta(hours=1))
    found |= trial.read(trial.cursor)
    whole, _ = trial.undisturbed()
    assert whole and whole.items() <= found.items()


@pytest.mark.parametrize("table", sorted(TABLES - COUNTED - DATED), ids=".".join)
def test_records_of_one_instant_are_all_read_also_those_that_appear_after_the_read(begin, company, table):
    trial = begin(lambda number, _one: NIGHT if number % 2 else None)
    found = trial.read()
    for kind in kinds_of(company.whole, table):
        for number, one in enumerate(_last(company.whole, kind)):
            if number % 2 == 0:
                trial.store.put(kind, one.key, NIGHT, one.record, is_deleted=one.is_deleted)
    trial.store.move_to(NIGHT + timedelta(days=1))
    found |= trial.read(trial.cursor)
    assert len(found) >= len(held_at_the_vendor(trial.store, table)) > 0


def _at(number: int, places: list[int], passing: list[faults.Fault]) -> list[faults.Fault]:
    return [fault for place, fault in zip(places, passing, strict=True) if place == number]
