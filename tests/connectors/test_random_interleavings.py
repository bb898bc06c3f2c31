"""Random schedules of failures, kills and changes between requests: nothing is lost, nothing is stored twice.

A handful per vendor, drawn and made small by hypothesis; `python -m benchmarks.fault_schedules` plays a thousand.
"""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from tests.connectors.benches import BENCHES, START
from tests.connectors.counted_loads import ONE_THREAD, Promoted
from tests.connectors.playing import played
from tests.connectors.schedules import KINDS, PAGE_SIZE, PEOPLE, Account, Schedule

EXAMPLES = 20

STEP = st.tuples(st.sampled_from(["", *KINDS]), st.integers(1, PEOPLE))
SCHEDULE = st.builds(
    Schedule,
    steps=st.lists(STEP, max_size=24).map(tuple),
    pauses=st.lists(st.integers(0, 7200), min_size=1, max_size=4).map(tuple),
    deaths=st.lists(st.booleans(), max_size=4).map(tuple),
)


@pytest.fixture(scope="module", params=BENCHES, ids=lambda bench: bench.name)
def served(request):
    patch = pytest.MonkeyPatch()
    patch.setattr(request.param.constants, "PAGE_SIZE", PAGE_SIZE)
    with serving(Sandbox(Store(START), {})) as sandbox, duckdb.connect(config=ONE_THREAD) as connection:
        yield request.param, sandbox, request.param.made_settings(sandbox), connection
    patch.undo()


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(schedule=SCHEDULE)
def test_whatever_happens_between_requests_nothing_is_lost_and_nothing_stored_twice(served, schedule):
    bench, sandbox, made, connection = served
    result = played(schedule, Account(bench, sandbox), Promoted(bench, connection), made)
    assert (result.lost, result.doubled) == ((), ())
