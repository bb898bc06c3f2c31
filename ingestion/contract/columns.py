"""Columns that several entities share, so that the same fact has one name, one type and one description.

Only columns with the same meaning everywhere belong here; a column of one entity stands in its domain's module.
"""

from __future__ import annotations

from ingestion.contract.model import Column, Pii, ValueType


def identifier(name: str, description: str, *, required: bool = False, pii: Pii = Pii.NONE) -> Column:
    """A text that names something; compared for equality, never calculated with."""
    return Column(name, ValueType.TEXT, description, required=required, pii=pii)


def text(name: str, description: str, *, required: bool = False, pii: Pii = Pii.NONE) -> Column:
    """Any text for people to read."""
    return Column(name, ValueType.TEXT, description, required=required, pii=pii)


def choice(name: str, description: str, *values: str, required: bool = True) -> Column:
    """A text out of a closed list."""
    return Column(name, ValueType.TEXT, description, required=required, choices=values)


def timestamp(name: str, description: str, *, required: bool = False) -> Column:
    """An instant; stored in UTC."""
    return Column(name, ValueType.TIMESTAMP, description, required=required)


def date(name: str, description: str, *, required: bool = False, pii: Pii = Pii.NONE) -> Column:
    """A calendar day."""
    return Column(name, ValueType.DATE, description, required=required, pii=pii)


def amount(name: str, description: str, *, required: bool = False) -> Column:
    """Money in the row's `currency`."""
    return Column(name, ValueType.AMOUNT, description, required=required)


def count(name: str, description: str, *, required: bool = False) -> Column:
    """A whole number that cannot be negative."""
    return Column(name, ValueType.INTEGER, description, required=required, minimum=0)


def number(
    name: str,
    description: str,
    *,
    required: bool = False,
    minimum: float | None = None,
    maximum: float | None = None,
) -> Column:
    """A figure that is not money; bounds are inclusive."""
    return Column(name, ValueType.NUMBER, description, required=required, minimum=minimum, maximum=maximum)


def flag(name: str, description: str) -> Column:
    """True or false."""
    return Column(name, ValueType.BOOLEAN, description)


CONTACT_ID = identifier("contact_id", "Contact in the CRM that the row belongs to.", pii=Pii.QUASI)
CONTACT_ID_REQUIRED = identifier(
    "contact_id", "Contact in the CRM that the row belongs to.", required=True, pii=Pii.QUASI
)
EMAIL = text("email", "E-mail address as the source knows it.", pii=Pii.DIRECT)
EMAIL_REQUIRED = text("email", "E-mail address as the source knows it.", required=True, pii=Pii.DIRECT)
PHONE = text("phone", "Phone number as the source knows it.", pii=Pii.DIRECT)
USER_ID = identifier("user_id", "Login of the person in shop, app or portal.", pii=Pii.QUASI)
ANONYMOUS_ID = identifier("anonymous_id", "Cookie or device identifier set before login.", pii=Pii.QUASI)
LOYALTY_ID = identifier("loyalty_id", "Number of the loyalty card.", pii=Pii.QUASI)
COUNTRY = text("country", "Country as ISO 3166-1 alpha-2 code.", pii=Pii.QUASI)
CITY = text("city", "City.", pii=Pii.QUASI)
CREATED_AT_REQUIRED = timestamp("created_at", "When the record was created in its source.", required=True)
CREATED_AT = timestamp("created_at", "When the record was created in its source.")
UPDATED_AT = timestamp("updated_at", "When the record was last changed in its source; the latest version wins.")
OCCURRED_AT = timestamp("occurred_at", "When it happened.", required=True)
CURRENCY = Column("currency", ValueType.CURRENCY, "Currency of the amounts as ISO 4217 code.")
CURRENCY_REQUIRED = Column("currency", ValueType.CURRENCY, "Currency of the amounts as ISO 4217 code.", required=True)
CAMPAIGN = text("campaign", "Campaign the row is attributed to by its source.")
