"""From what a person types to an identifier or a customer, and from an identifier to what a person may read.

Only finding and masking; what is told about the customer is put together by the modules beside this one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from ingestion.errors import ExitCode, LifecycleError
from ingestion.identifiers import normalise_email, normalise_phone
from orchestration.identity.unusable import why_unusable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ADDRESS = re.compile(r"([^\s@:/|])[^\s@:/|]*@")
# Seven to fifteen digits after +, 00 or 0; ids that look similar are padded with more zeros or part of a longer word.
_NUMBER = re.compile(r"(?<![\w-])((?:\+|00?)[1-9]\d?)(?:[ ()./-]*\d){4,11}[ ()./-]*(\d\d)(?![\w-])")
# As `dbt_project/models/identity` writes them.
_NORMALISED: dict[str, Callable[[str, str], str | None]] = {
    "contact_id": lambda value, _country: value,
    "user_id": lambda value, _country: value,
    "loyalty_id": lambda value, _country: value.upper(),
    "email": lambda value, _country: normalise_email(value),
    "phone": lambda value, country: normalise_phone(value, "", country),
    "social_handle": lambda value, _country: value.lower().replace("/@", "/"),
    "anonymous_id": lambda value, _country: value,
}


class UnknownIdentifierError(LifecycleError):
    """No customer has the identifier, or several different ones do; the message says how to ask."""


class NobodyResolvedError(LifecycleError):
    """There are no customers yet; the message says what makes some."""

    exit_code = ExitCode.NO_DATA


def masked(identifier_key: str) -> str:
    """`<type>:<value>` with the personal part of addresses, numbers and handles hidden, whatever the type says."""
    kind, _, value = identifier_key.partition(":")
    if kind == "phone":
        return f"phone:{value[:3]}***{value[-2:]}"
    if kind == "social_handle":
        platform, _, name = value.partition("/")
        return f"social_handle:{platform}/{name[:1]}***"
    if kind == "loyalty_id":
        return f"loyalty_id:{value[:2]}***{value[-2:]}"
    return f"{kind}:{without_contact_details(value)}"


def without_contact_details(text: str) -> str:
    """The text with every e-mail address and phone number in it hidden; logins and record keys can hold some."""
    return _NUMBER.sub(r"\1***\2", _ADDRESS.sub(r"\1***@", text))


def shown(identifier_key: str, reveal: bool) -> str:
    """The identifier as it may be printed: masked unless personal data was asked for."""
    return identifier_key if reveal else masked(identifier_key)


def row_shown(record_key: str | None, reveal: bool) -> str | None:
    """A source row as it may be printed; some rows are named by an address or a phone number."""
    return record_key if reveal or record_key is None else without_contact_details(record_key)


def is_customer(connection: DuckDBPyConnection, identifier: str) -> bool:
    """Whether this is the id of a customer, not an identifier of one."""
    statement = "select count(*) from identity.customer_identifiers_map where customer_id = ?"
    return connection.execute(statement, [identifier]).fetchall() != [(0,)]


def day(moment: datetime | None) -> str:
    """The day of a moment, for people."""
    return moment.date().isoformat() if moment else "at an unknown time"


def require_identity(connection: DuckDBPyConnection) -> None:
    """Raise NobodyResolvedError when customers were never resolved."""
    found = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = 'identity' and table_name = 'link_decisions'"
    ).fetchone()
    if found == (0,):
        raise NobodyResolvedError("No customers were resolved yet. Run `lifecycle run` (or `lifecycle demo`) first.")


def find_customer(connection: DuckDBPyConnection, asked: str, default_country: str) -> tuple[str, str | None]:
    """The present customer_id and, when a retired id was asked for, that one."""
    if connection.execute("select 1 from identity.customers where customer_id = ?", [asked]).fetchone():
        return asked, None
    retired = connection.execute(
        "select customer_id from identity.retired_customer_ids where retired_customer_id = ?", [asked]
    ).fetchone()
    if retired and retired[0]:
        return retired[0], asked
    rows = _matches(connection, asked, default_country)
    customers = {customer_id for _, _, customer_id in rows}
    if len(customers) == 1:
        return customers.pop(), None
    if customers:
        kinds = ", ".join(sorted({kind for _, kind, _ in rows}))
        raise UnknownIdentifierError(
            f"That names {len(customers)} different customers (as {kinds}). Write it as <type>:<value>, for example"
            " user_id:17 or contact_id:files:17."
        )
    raise _unknown(connection, asked, default_country)


def find_identifier(connection: DuckDBPyConnection, asked: str, default_country: str) -> str:
    """The one identifier a text names, as `<type>:<value>`; a customer_id names its oldest identifier.

    Raises:
        UnknownIdentifierError: when it names none or several.
    """
    oldest = connection.execute(
        "select identifier_key from identity.customer_identifiers_map where customer_id = ?"
        " order by load_seq, trust, first_seen_at nulls last, identifier_key limit 1",
        [asked],
    ).fetchone()
    if oldest:
        return oldest[0]
    rows = _matches(connection, asked, default_country)
    if not rows:
        raise _unknown(connection, asked, default_country)
    if len(rows) > 1:
        kinds = ", ".join(sorted({kind for _, kind, _ in rows}))
        raise UnknownIdentifierError(
            f"That names {len(rows)} identifiers (as {kinds}). Write it as <type>:<value>, for example user_id:17 or"
            " contact_id:files:17."
        )
    return rows[0][0]


def normalised_key(kind: str, value: str, default_country: str) -> str | None:
    """`<type>:<value>` as it stands in the identity tables; None when the type is unknown or the value is none of it.

    Args:
        kind: type of the identifier, in any case.
        value: its value as a person writes it.
        default_country: country of phone numbers without one.
    """
    kind = kind.strip().lower()
    if kind not in _NORMALISED:
        return None
    normal = _NORMALISED[kind](value.strip(), default_country)
    return f"{kind}:{normal}" if normal else None


def _matches(connection: DuckDBPyConnection, asked: str, default_country: str) -> list[tuple[str, str, str]]:
    """Key, type and customer of every identifier the text can mean; after a type none of another one."""
    kind, _, value = asked.partition(":")
    key = normalised_key(kind, value, default_country)
    if key and (rows := _found(connection, value.strip(), [key], key.partition(":")[0])):
        return [row for row in rows if row[0] == key] or rows
    keys = [normalised_key(kind, asked, default_country) for kind in _NORMALISED]
    return _found(connection, asked, [asked, *(key for key in keys if key)], None)


def _found(connection: DuckDBPyConnection, value: str, keys: list[str], kind: str | None) -> list[tuple[str, str, str]]:
    return connection.execute(
        "select identifier_key, identifier_type, customer_id from identity.customer_identifiers_map"
        " where (identifier_key in (select unnest($1::varchar[]))"
        " or (identifier_type = 'contact_id' and substring(identifier_value, strpos(identifier_value, ':') + 1) = $2)"
        " or (identifier_type = 'social_handle' and split_part(identifier_value, '/', 2) = lower(ltrim($2, '@'))))"
        " and ($3 is null or identifier_type = $3) order by identifier_key",
        [keys, value, kind],
    ).fetchall()


def _unknown(connection: DuckDBPyConnection, asked: str, default_country: str) -> UnknownIdentifierError:
    kind, _, value = asked.partition(":")
    kind = kind.strip().lower()
    if kind not in _NORMALISED:
        kind, value = "", asked
    is_readable = not kind or normalised_key(kind, value, default_country) is not None
    return UnknownIdentifierError(
        why_unusable(connection, kind, value.strip(), is_readable=is_readable, default_country=default_country)
        or "No customer has that identifier. Try an e-mail address, a phone number, a contact, login, card, cookie or"
        " customer_id as it stands in the data, or <type>:<value>."
    )
