"""Paging by instant loses nobody, however records of one instant move while they are read."""

from datetime import UTC, datetime, timedelta

import pytest

from ingestion.sources.errors import PagingLoopError
from ingestion.sources.model import Cursor
from ingestion.sources.paging import keyset_pages

START = datetime(2026, 1, 1, tzinfo=UTC)
CHANGED = Cursor("/changed")
PAGE = 3


class Vendor:
    """A list sorted by change, read by position; what `changes` names happens before the request of that number."""

    def __init__(self, changes):
        # 1 and 2 changed at second 0; 3, 4 and 5 at second 1; 6 and 7 at second 2.
        self.instants = {number: START + timedelta(seconds=number // 3) for number in range(1, 8)}
        self.changes, self.requests = changes, 0

    def fetch(self, since, token):
        self.requests += 1
        for number in self.changes.get(self.requests, ()):
            self.instants[number] = START + timedelta(hours=self.requests)
        rows = sorted((at, number) for number, at in self.instants.items() if at >= since)
        position = int(token or 0)
        page = [{"id": number, "changed": at.isoformat()} for at, number in rows[position : position + PAGE]]
        end = position + PAGE
        return page, str(end) if end < len(rows) else None


def read(vendor):
    return [record for page in keyset_pages(vendor.fetch, CHANGED, START) for record in page]


@pytest.mark.parametrize("request_number", range(1, 12))
@pytest.mark.parametrize("number", range(1, 8))
def test_a_record_that_changes_between_two_pages_hides_nobody(request_number, number):
    vendor = Vendor({request_number: [number]})
    assert {record["id"] for record in read(vendor)} == set(range(1, 8))


def test_records_that_never_stand_still_end_the_read_with_an_error():
    class Restless(Vendor):
        def fetch(self, since, token):
            for number in self.instants:
                self.instants[number] = START + timedelta(seconds=1)
            page, token = super().fetch(since, token)
            return [{**record, "word": self.requests} for record in page], token

    with pytest.raises(PagingLoopError, match="keep changing"):
        read(Restless({}))
