"""Gate 3, marts → publish: every table BI reads keeps its shape, its bounds and its arithmetic.

Only the list of declared marts lives here. A table of the schema `marts` that is not declared is not published: the
gate reports it as not evaluated.
"""

from __future__ import annotations

from quality.checks import Check
from quality.suites import marts_customer, marts_kpi
from quality.suites.mart import Mart

MARTS: tuple[Mart, ...] = (*marts_customer.MARTS, *marts_kpi.MARTS)


def checks() -> tuple[Check, ...]:
    """All checks of all declared marts."""
    return tuple(check for mart in MARTS for check in mart.checks())
