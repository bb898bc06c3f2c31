"""Which currency codes exist. The list is ISO 4217 as the Unicode CLDR keeps it (package babel)."""

from __future__ import annotations

from functools import cache


@cache
def currency_codes() -> frozenset[str]:
    """All ISO 4217 codes, upper case, present and past."""
    from babel.core import get_global

    return frozenset(get_global("all_currencies"))


def is_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 code (upper case)."""
    return code in currency_codes()
