"""The files a new connector is tried and mapped with: the vendor's protocol, its bench, its staging model and a test.

They fit the connector that `scaffold.py` writes, so that the common suite passes from the beginning: whoever replaces
what is assumed of the vendor sees at once what breaks.
"""

_PROTOCOL = '''\
"""VENDOR_TITLE's protocol over the store: contacts in the order of their change, linked by a token.

ASSUMED, replace it with what the vendor's documentation says: the path, the header, the names of parameters and
members, and the quirks (what is refused, what is told late, how deletions and merges are told).
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left, bisect_right
from datetime import datetime
from operator import attrgetter

from ingestion.sandbox.server.store import Entry, Store
from ingestion.sandbox.server.web import Request, Response


class VendorProtocol:
    """Answers requests as VENDOR_TITLE's API does.

    Args:
        store: records by kind, `VENDOR.<resource>`.
        token: the access token that is accepted.
    """

    def __init__(self, store: Store, token: str) -> None:
        self._store, self._authorization = store, f"Bearer {token}"

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        if request.headers.get("Authorization") != self._authorization:
            return Response({"message": "the token is not known"}, 401)
        if (request.method, request.path) != ("GET", "/contacts"):
            return Response({"message": "not found"}, 404)
        return self._contacts(request)

    def _contacts(self, request: Request) -> Response:
        query, limit = request.query, int(request.query.get("limit", 20))
        found = self._store.made("VENDOR.contacts", self._sorted)
        clock, start, end = attrgetter("changed_at"), 0, len(found)
        if "updated_since" in query:
            start = bisect_left(found, datetime.fromisoformat(query["updated_since"]), key=clock)
        if "updated_before" in query:
            end = bisect_left(found, datetime.fromisoformat(query["updated_before"]), key=clock)
        if "after" in query:
            start = max(start, bisect_right(found, urlsafe_b64decode(query["after"]).decode(), key=_place))
        page = found[start : min(start + limit, end)]
        following = {"next": urlsafe_b64encode(_place(page[-1]).encode()).decode()} if start + limit < end else {}
        return Response({"contacts": [_contact(one) for one in page], **following})

    def _sorted(self) -> list[Entry]:
        return sorted(self._store.by_change("VENDOR.contacts"), key=_place)


def _contact(entry: Entry) -> dict[str, object]:
    stamps = {"created_at": entry.created_at.isoformat(), "updated_at": entry.changed_at.isoformat()}
    return {"id": entry.key, **entry.record, **stamps}


def _place(entry: Entry) -> str:
    """Where a record stands in the list: behind it the next page begins, whatever changes meanwhile."""
    return f"{entry.changed_at.timestamp():020.6f}|{entry.key:>20}"
'''

_BENCH = '''\
"""VENDOR_TITLE's bench: what the common suite and `make bench-connectors` have to know to try its connector."""

from __future__ import annotations

from ingestion.sandbox.server.VENDOR import VendorProtocol
from ingestion.sources.VENDOR import settings as VENDOR
from tests.connectors.bench import Bench

VENDOR_UPPER = Bench(
    name="VENDOR",
    table="contacts",
    kind="VENDOR.contacts",
    constants=VENDOR,
    protocol=VendorProtocol,
    secret="VENDOR_token",
    key=str,
    body=lambda number, word: {"email": f"person{number}@example.org", "first_name": word},
    shown="first_name",
    members="contacts",
    email=("email",),
    required="created_at",
    clock=("updated_at",),
)
'''

_STAGING = """\
with

contacts as (

    select * from {{ source('raw_VENDOR', 'contacts') }}

)

select
    'VENDOR:' || id as record_key,
    'VENDOR' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as contact_id,
    lower(email) as email,
    first_name,
    {{ utc('created_at') }} as created_at,
    {{ utc('updated_at') }} as updated_at
from contacts
"""

_MODELS = """\
version: 2

models:
  - name: stg_VENDOR__crm_contacts
    description: >
      One row per version of a contact in VENDOR_TITLE.
    columns:
      - name: record_key
        description: "{{ doc('record_key') }}"
      - name: load_seq
        description: "{{ doc('load_seq') }}"
      - name: row_number
        description: Number of the record within its load, from 1.
"""

_UNIT_TESTS = """\
version: 2

unit_tests:
  - name: VENDOR_contacts_have_addresses_in_lower_case_and_instants_in_utc
    model: stg_VENDOR__crm_contacts
    given:
      - input: source('raw_VENDOR', 'contacts')
        rows:
          - {id: "1", email: "Anna@Example.org", created_at: "2026-03-02T10:00:00+01:00",
             updated_at: "2026-03-02T09:30:00Z"}
    expect:
      rows:
        - {record_key: "VENDOR:1", email: "anna@example.org", created_at: "2026-03-02 09:00:00",
           updated_at: "2026-03-02 09:30:00"}
"""

_STAGING_FOLDER = "dbt_project/models/staging/VENDOR"

TRIAL_FILES = {
    "ingestion/sandbox/server/VENDOR.py": _PROTOCOL,
    "tests/connectors/VENDOR_bench.py": _BENCH,
    f"{_STAGING_FOLDER}/stg_VENDOR__crm_contacts.sql": _STAGING,
    f"{_STAGING_FOLDER}/_VENDOR__models.yml": _MODELS,
    f"{_STAGING_FOLDER}/_VENDOR__unit_tests.yml": _UNIT_TESTS,
}
"""The files by their path in the repository."""
