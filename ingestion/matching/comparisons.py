"""What is compared, how alike counts, and which pairs are looked at: the model before it has learned any number.

Learning the numbers belongs to `training.py`, using them to `scoring.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from splink import SettingsCreator
    from splink.internals.comparison_creator import ComparisonCreator

FIELDS = ("first_name", "last_name", "birth_date", "street", "postal_code", "city", "email", "phone")
"""Columns of a contact that are compared."""

BLOCKING = (
    ("first_name", "last_name"),
    ("birth_date",),
    ("last_name", "postal_code"),
    ("first_name", "postal_code"),
    ("street", "postal_code"),
    ("street", "city"),
    ("last_name", "street"),
    ("last_name", "city"),
    ("first_name", "city"),
    ("email",),
    ("split_part(email, '@', 1)",),
    ("phone",),
    ("substr(last_name, 1, 3)", "substr(first_name, 1, 3)", "substr(birth_date, 1, 4)"),
)
"""A pair is looked at when it agrees on all expressions of one of these; all other pairs are not alike enough."""

LARGEST_BLOCK = 100
"""Contacts that may agree on a rule of BLOCKING. More of them (a shop's address as everybody's, a name like Müller in
one city) say nothing, and their pairs would be counted in millions."""

CERTAIN = (("first_name", "last_name", "birth_date"), ("first_name", "last_name", "street", "postal_code"), ("email",))
"""Pairs that agree on one of these are nearly always one person: they tell how common matches are. A family name and an
address alone would count the members of a family for one person."""

IDENTIFIERS = {"email": "{0}.email", "phone": "right(regexp_replace({0}.phone, '[^0-9]', '', 'g'), 8)"}
"""Fields that are identifiers, with SQL for what two contacts share that are one person without any model."""

TRAINING = (("birth_date",), ("first_name", "last_name"), ("email",), ("street",), ("postal_code",))
"""The numbers of all other fields are learned among the pairs that agree on one of these."""


def block_column(number: int) -> str:
    """Name of the column that tells which block of a rule of BLOCKING a contact is in."""
    return f"block_{number}"


def usable(rules: Sequence[Sequence[str]], fields: Sequence[str]) -> list[tuple[str, ...]]:
    """The rules whose every expression uses one of the fields."""
    return [tuple(rule) for rule in rules if all(any(field in part for field in fields) for part in rule)]


def untrained(fields: Sequence[str]) -> SettingsCreator:
    """The model over those of FIELDS that are delivered at all.

    Args:
        fields: the columns with at least one value.
    """
    from splink import SettingsCreator, block_on

    known = _comparisons()
    blocks = [block_on(block_column(number)) for number in range(len(BLOCKING))]
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_key",
        comparisons=[known[field] for field in FIELDS if field in fields],
        blocking_rules_to_generate_predictions=blocks,
        retain_intermediate_calculation_columns=True,
    )


def _comparisons() -> dict[str, ComparisonCreator]:
    import splink.comparison_library as compare

    names: dict[str, Any] = {
        name: compare.NameComparison(name, jaro_winkler_thresholds=[0.9, 0.8, 0.7])
        for name in ("first_name", "last_name")
    }
    return {
        **{name: comparison.configure(term_frequency_adjustments=True) for name, comparison in names.items()},
        "birth_date": compare.DamerauLevenshteinAtThresholds("birth_date", [1, 2]),
        "street": _street(),
        "postal_code": compare.DamerauLevenshteinAtThresholds("postal_code", [1]),
        "city": _city(),
        "email": _email(),
        "phone": compare.DamerauLevenshteinAtThresholds("phone", [1]),
    }


def _same_digits(field: str) -> str:
    """SQL for: the value has the same digits on both sides. Numbers tell apart what is spelled alike."""
    left, right = (f"regexp_replace({field}_{side}, '[^0-9]', '', 'g')" for side in "lr")
    return f"{left} = {right}"


def _street() -> ComparisonCreator:
    """Likeness of letters counts only with the same house number: the neighbours live in the same street."""
    import splink.comparison_level_library as level
    import splink.comparison_library as compare

    alike = [
        level.CustomLevel(
            f"jaro_winkler_similarity(street_l, street_r) >= {likeness} and {_same_digits('street')}",
            f"Same number, streets alike by {likeness}",
        )
        for likeness in (0.95, 0.85)
    ]
    return compare.CustomComparison(
        [level.NullLevel("street"), level.ExactMatchLevel("street"), *alike, level.ElseLevel()], "street"
    )


def _city() -> ComparisonCreator:
    """Where the postal code is the same, the city says nothing more."""
    import splink.comparison_level_library as level
    import splink.comparison_library as compare

    nothing_more = "city_l is null or city_r is null or coalesce(postal_code_l = postal_code_r, false)"
    return compare.CustomComparison(
        [
            level.CustomLevel(nothing_more, "City missing or told by the postal code").configure(is_null_level=True),
            level.ExactMatchLevel("city").configure(tf_adjustment_column="city"),
            level.JaroWinklerLevel("city", 0.9),
            level.ElseLevel(),
        ],
        "city",
    )


def _email() -> ComparisonCreator:
    """Only nearly the same mailbox counts: likeness beyond that is the likeness of the names it is made of.

    Maria at one provider and Maria at another share a first name, which has been counted already.
    """
    import splink.comparison_level_library as level
    import splink.comparison_library as compare

    mailbox = "split_part(email_{side}, '@', 1)"
    same_mailbox = f"{mailbox.format(side='l')} = {mailbox.format(side='r')}"
    only_a_name = f"{mailbox.format(side='l')} in (coalesce(first_name_l, ''), coalesce(last_name_l, ''))"
    nothing_more = f"email_l is null or email_r is null or (email_l <> email_r and {same_mailbox} and {only_a_name})"
    return compare.CustomComparison(
        [
            level.CustomLevel(nothing_more, "Email missing or told by the names").configure(is_null_level=True),
            level.ExactMatchLevel("email"),
            level.CustomLevel(same_mailbox, "Same mailbox at another provider"),
            level.CustomLevel(
                f"damerau_levenshtein(email_l, email_r) <= 2 and {_same_digits('email')}", "Same numbers, mistyped"
            ),
            level.ElseLevel(),
        ],
        "email",
    )
