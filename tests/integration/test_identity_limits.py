"""Every row of the seed of limits, at the limit and one beyond it, delivered as files and resolved by the models."""

import csv
import zlib
from datetime import date

import pytest

from ingestion.settings import PROJECT_ROOT
from tests.integration.tiny_company import TinyCompany

DAY = date(2024, 6, 30)
IDENTITY = ("build", "--exclude-resource-type", "test", "unit_test", "-s", "+path:dbt_project/models/identity")
HEADS = {
    "crm__contacts": "contact_id | user_id | loyalty_id | email | phone | created_at",
    "crm__orders": "order_id | user_id | email | ordered_at | status | net_amount | currency",
    "crm__consents": "consent_id | email | phone | channel | status | occurred_at",
    "web__events": "event_id | anonymous_id | user_id | email | event | occurred_at",
    "social__interactions": "interaction_id | platform | handle | email | type | occurred_at",
}
NOON = "2024-03-01T12:00:00Z"
MONTHS = ("2024-01-10T12:00:00Z", "2024-02-20T12:00:00Z", "2024-04-10T12:00:00Z")
CAP = 50
"""The seed's row about components: identifiers a person may have."""


def contact(name, *, user="", card="", email="", phone=""):
    return "crm__contacts", f"{name} | {user} | {card} | {email} | {phone} | {NOON}"


def order(name, *, user, email):
    return "crm__orders", f"{name} | {user} | {email} | {NOON} | paid | 10.00 | EUR"


def consent(name, *, email, phone):
    return "crm__consents", f"{name} | {email} | {phone} | email | granted | {NOON}"


def event(name, *, device, user="", email="", at=NOON):
    return "web__events", f"{name} | {device} | {user} | {email} | login | {at}"


def interaction(name, *, handle, email):
    return "social__interactions", f"{name} | instagram | {handle} | {email} | comment | {NOON}"


def mailbox(name):
    return f"{name}@example.com"


def number(name):
    """A mobile number of its own for every name."""
    return f"+49170{zlib.crc32(name.encode()) % 10_000_000:07d}"


# The row by which an identifier called `name` comes to stand beside its n-th one of the other type.
SHARED = {
    ("loyalty_id", "contact_id"): lambda name, n: contact(f"{name}{n}", card=name),
    ("user_id", "email"): lambda name, n: order(f"{name}{n}", user=name, email=mailbox(f"{name}{n}")),
    ("email", "user_id"): lambda name, n: order(f"{name}{n}", user=f"{name}{n}", email=mailbox(name)),
    ("email", "contact_id"): lambda name, n: contact(f"{name}{n}", email=mailbox(name)),
    ("email", "phone"): lambda name, n: consent(f"{name}{n}", email=mailbox(name), phone=number(f"{name}{n}")),
    ("phone", "user_id"): lambda name, n: contact(f"{name}{n}", user=f"{name}{n}", phone=number(name)),
    ("phone", "contact_id"): lambda name, n: contact(f"{name}{n}", phone=number(name)),
    ("anonymous_id", "user_id"): lambda name, n: event(f"{name}{n}", device=name, user=f"{name}{n}"),
    ("anonymous_id", "email"): lambda name, n: event(f"{name}{n}", device=name, email=mailbox(f"{name}{n}")),
    ("social_handle", "email"): lambda name, n: interaction(f"{name}{n}", handle=name, email=mailbox(f"{name}{n}")),
    ("any", "any"): lambda name, n: order(f"{name}{n}", user=f"{name}{n}", email=mailbox(name)),
}
KEYS = {
    "contact_id": lambda name: f"contact_id:files:{name}",
    "user_id": lambda name: f"user_id:{name}",
    "loyalty_id": lambda name: f"loyalty_id:{name.upper()}",
    "email": lambda name: f"email:{mailbox(name)}",
    "phone": lambda name: f"phone:{number(name)}",
    "social_handle": lambda name: f"social_handle:instagram/{name}",
    "anonymous_id": lambda name: f"anonymous_id:{name}",
}
STANDS_FOR = {"any": ("email", "user_id")}
"""What shows a limit of any type."""


def limits():
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "identity" / "identifier_limits.csv").open() as seed:
        rows = [{**row, "allowed": int(row["allowed"])} for row in csv.DictReader(seed)]
    return [row for row in rows if row["linked_type"] != "component"]


def name_of(limit, standing):
    columns = ("identifier_type", "linked_type", "severity")
    return standing + "".join(limit[column].replace("_", "") for column in columns)


def ends(limit):
    """Types of the identifier looked at and of those beside it."""
    return STANDS_FOR.get(limit["identifier_type"], (limit["identifier_type"], limit["linked_type"]))


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    rows = {entity: [head] for entity, head in HEADS.items()}
    delivered = [
        SHARED[limit["identifier_type"], limit["linked_type"]](name_of(limit, standing), n)
        for limit in limits()
        for standing, count in (("within", limit["allowed"]), ("beyond", limit["allowed"] + 1))
        for n in range(count)
    ]
    # A device with three addresses, but never within thirty days; as many devices as one may have, and one more.
    delivered += [event(f"slow{n}", device="slow", email=mailbox(f"slow{n}"), at=at) for n, at in enumerate(MONTHS)]
    delivered += [event(f"full{n}", device=f"full{n}", user="full") for n in range(CAP - 1)]
    delivered += [event(f"crowded{n:02d}", device=f"crowded{n:02d}", user="crowded") for n in range(CAP)]
    for entity, row in delivered:
        rows[entity].append(row)
    company = TinyCompany(tmp_path_factory.mktemp("limits"))
    company.deliver(**{entity: "\n".join(lines) for entity, lines in rows.items()})
    company.build(DAY, *IDENTITY)
    return company


def breaches(company, key, limit):
    return company.rows(
        "select linked_count, allowed, reason from identity.violations where violation = 'limit'"
        f" and identifier_key = '{key}' and linked_type = '{limit['linked_type']}' and severity = '{limit['severity']}'"
    )


def case(limit):
    return f"{limit['identifier_type']}-{limit['linked_type']}-{limit['severity']}"


@pytest.mark.parametrize("limit", limits(), ids=case)
def test_as_many_as_allowed_are_no_violation_and_one_more_is_told_with_the_limit(company, limit):
    kind, _ = ends(limit)
    within, beyond = (KEYS[kind](name_of(limit, standing)) for standing in ("within", "beyond"))
    assert company.customers_of(within), "the identifier is known"
    assert breaches(company, within, limit) == []
    assert breaches(company, beyond, limit) == [(limit["allowed"] + 1, limit["allowed"], limit["reason"])]


@pytest.mark.parametrize("limit", [limit for limit in limits() if limit["severity"] != "warn"], ids=case)
def test_what_is_beyond_a_limit_joins_none_of_those_beside_it(company, limit):
    _, linked = ends(limit)
    count = limit["allowed"] + 1
    beside = [KEYS[linked](f"{name_of(limit, 'beyond')}{n}") for n in range(count)]
    assert len(set(company.customers_of(*beside))) == count


def test_three_addresses_of_a_device_are_no_violation_when_months_lie_between_them(company):
    assert company.rows("select * from identity.violations where identifier_key = 'anonymous_id:slow'") == []


def test_nobody_has_more_identifiers_than_the_cap_and_the_youngest_beyond_it_stays_apart(company):
    [crowded, full] = company.customers_of("user_id:crowded", "user_id:full")
    sizes = dict(company.rows("select customer_id, identifier_count from identity.customers"))
    assert (sizes[crowded], sizes[full]) == (CAP, CAP)
    cut = "select identifier_key, linked_key from identity.violations where reason = 'component_cap'"
    assert company.rows(cut) == [("user_id:crowded", f"anonymous_id:crowded{CAP - 1}")]
    assert company.rows(
        "select identifier_count from identity.customers semi join"
        f" (from identity.customer_identifiers_map where identifier_key = 'anonymous_id:crowded{CAP - 1}')"
        " using (customer_id)"
    ) == [(1,)]
