"""Phone numbers in E.164, by the number plans of all countries (package phonenumbers)."""

from __future__ import annotations

import phonenumbers

SHORTEST = 6
"""Digits of the shortest number taken for somebody's own; shorter ones are extensions and service numbers."""


def normalise_phone(text: str, country: str, default_country: str) -> str | None:
    """The number as `+<country code><number>`, or None when the text is no possible number.

    Args:
        text: the number as delivered, with or without country code.
        country: ISO 3166-1 alpha-2 code of the row the number stands in; empty or unknown counts as not given.
        default_country: country of numbers whose row names none.
    """
    region = country if country in phonenumbers.SUPPORTED_REGIONS else default_country
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or number.national_number < 10 ** (SHORTEST - 1):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
