"""The page of check results opens in a browser without a network, and what it shows is what was published."""

import duckdb
import pytest

from orchestration.publish.pointer import DATABASE
from quality.suites import GATES
from quality.wording import OUTCOME_LABELS
from tests.browser.conftest import complaints_of, has_the_colours_of

pytestmark = pytest.mark.browser

SHOWN = """[...document.querySelectorAll('details')].flatMap(table =>
  [...table.querySelectorAll('tbody tr')].map(row => {
    const [outcome, check, purpose, observed] = [...row.cells].map(cell => cell.textContent.trim())
    return [table.querySelector('summary').firstChild.textContent.trim(), check, outcome, observed, purpose !== '']
  }))"""
COUNTS = """[...document.querySelectorAll('section')].map(gate =>
  [...gate.querySelectorAll(':scope > p > .badge')].map(badge => badge.textContent.trim()))"""


@pytest.fixture(scope="module")
def published(company):
    with duckdb.connect(str(company.settings.serving / DATABASE), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_checks_opens_without_a_network_and_shows_what_was_published(company, page, published, scheme):
    assert complaints_of(page, company.settings.docs / "quality" / "index.html", scheme) == []
    assert has_the_colours_of(page, scheme)
    found = published.execute('select "table", "check", outcome, observed from marts.data_quality').fetchall()
    expected = [[table, check, OUTCOME_LABELS[outcome], seen or "–", True] for table, check, outcome, seen in found]
    assert len(expected) > 100
    assert sorted(page.evaluate(SHOWN)) == sorted(expected)


def test_the_page_of_checks_counts_every_gate_as_it_was_published(company, page, published):
    complaints_of(page, company.settings.docs / "quality" / "index.html", "light")
    counted = published.execute("select gate, outcome, count(*) from marts.data_quality group by all").fetchall()
    expected = [
        {f"{count} {OUTCOME_LABELS[outcome]}" for gate, outcome, count in counted if gate == own} for own in GATES
    ]
    assert [set(shown) for shown in page.evaluate(COUNTS)] == expected
    assert page.locator("h2 .badge").all_inner_texts() == ["open"] * len(GATES)
