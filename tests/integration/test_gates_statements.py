"""Every statement of the gates is proven: it is broken by bad rows, or by a delivery or result unlike others."""

import re
from pathlib import Path

import pytest

from quality.suites import GATES, checks_of
from tests.integration import test_gates_acquisition, test_gates_bad_rows, test_gates_journey

BROKEN = {
    *(broken for round_ in test_gates_bad_rows.ROUNDS.values() for broken in round_.values()),
    *test_gates_acquisition.BROKEN.values(),
    *test_gates_journey.BROKEN.values(),
}
# What is compared with history, and what needs more than a row, has tests of its own.
TESTS = Path(__file__).resolve().parents[1]
OTHERS = [*TESTS.glob("unit/test_quality_*.py"), *TESTS.glob("integration/test_gates*.py")]


def kind(name):
    """What is stated, without the column or the model it is stated of."""
    return re.sub(r"^.*_(conversions_are_all_orders|is_of_the_usual_size)$", r"\1", name.split("__")[0])


@pytest.mark.parametrize("gate", GATES)
def test_every_statement_of_a_gate_is_broken_by_a_test(gate):
    broken = {kind(one.split()[1]) for one in BROKEN}
    told = "".join(path.read_text(encoding="utf-8") for path in OTHERS)
    assert {kind(check.name) for check in checks_of(gate)} - broken - {
        kind(word) for word in re.findall(r"\w+", told)
    } == set()
