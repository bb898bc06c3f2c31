"""Gate 3, marts → publish: every table BI reads keeps its shape, its bounds and its arithmetic.

Only the list of declared marts lives here. A table of the schema `marts` that is not declared is not published: the
gate reports it as not evaluated.
"""

from __future__ import annotations

from quality.checks import Check
from quality.suites import (
    marts_acquisition,
    marts_customer,
    marts_engagement,
    marts_journey,
    marts_kpi,
    marts_satisfaction,
    marts_value,
    profile,
)
from quality.suites.mart import SCHEMA, Mart, subject_of

_SUITES = (
    marts_customer,
    marts_kpi,
    marts_acquisition,
    marts_engagement,
    marts_value,
    marts_satisfaction,
    marts_journey,
)
MARTS: tuple[Mart, ...] = tuple(mart for suite in _SUITES for mart in suite.MARTS)


_PROFILE = subject_of("customer_profile")
_DECLARED = ", ".join(f"'{mart.name}'" for mart in MARTS)

EVERY_MART_IS_EXAMINED = _PROFILE.none(
    "every_mart_is_examined",
    "Every table of the schema marts has a suite; one without is not published.",
    f"""select 1 from information_schema.tables
    where table_catalog = current_database() and table_schema = '{SCHEMA}' and table_name not in ({_DECLARED})""",
)


def checks() -> tuple[Check, ...]:
    """All checks of all declared marts, without the statements gate 2 has already proven on the same data."""
    proven = {check.key for check in profile.checks()}
    declared = (check for mart in MARTS for check in mart.checks())
    return (EVERY_MART_IS_EXAMINED, *(check for check in declared if check.key not in proven))
