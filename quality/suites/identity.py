"""Gate 2, who is who: what looked like one person and was not believed, counted by kind, and what never may be one.

What was not believed joins nobody, so the figures stay right: it is a warning a person should look at. What stops the
publication is an identifier behind which stand more people than any mistake explains, as its source is broken, and a
customer with two of what a person has one of. Two contacts of one source, two logins or two cards may be one customer
only if the source itself says so (a merged contact, a contact that got another login or card) or a person has decided
it: a shared device, mailbox or phone never suffices.
"""

from __future__ import annotations

from quality.checks import Check, Severity
from quality.suites.vocabulary import Subject

VIOLATIONS = "identity.violations"
DEVICE_PERIODS = "identity.device_periods"
IDENTIFIERS = "identity.customer_identifiers_map"
LINKS = "identity.link_decisions"
UNUSABLE = "identity.unusable_identifiers"
MALFORMED_SHARE = 0.05

_LOOK = "`lifecycle explain <identifier>` tells why; `lifecycle identity link` or `unlink` decides otherwise."
_CORRECT = "Correct the decision or the contact in its source and deliver it again."
_SPLIT = (
    "`lifecycle explain` on two of the customer's identifiers tells what joined them; `lifecycle identity unlink` takes"
    " them apart, `lifecycle identity link` confirms that they are one person."
)
_BROKEN = (
    "One value stands for more than fifty people: correct its source, or add it to the seed blocked_identifier_values"
    " (it names nobody) or role_mailboxes, then run again."
)
_READABLE = (
    "The table names entity, source and type: look at the column there, correct it in the source and deliver it again."
)

# Customers with two identifiers of which a person has one that no chain of strong links joins: of a source (trust 1) or
# a decision (trust 0). From the first of a customer's identifiers of a kind all others have to be reached.
UNJOINED_DOUBLES = f"""
with recursive unique_identifiers as (
    select
        identifier_key,
        customer_id,
        case
            when starts_with(identifier_key, 'contact_id:') then 'contact_id:' || split_part(identifier_key, ':', 2)
            else split_part(identifier_key, ':', 1)
        end as kind,
    from {IDENTIFIERS}
    where starts_with(identifier_key, 'contact_id:')
        or starts_with(identifier_key, 'user_id:')
        or starts_with(identifier_key, 'loyalty_id:')
), doubled as (
    select customer_id, kind, min(identifier_key) as first_key
    from unique_identifiers
    group by all
    having count(distinct identifier_key) > 1
), strong_links as materialized (
    select links.left_key, links.right_key
    from {LINKS} as links
    semi join (select identifier_key from {IDENTIFIERS} semi join doubled using (customer_id)) as looked_at
        on looked_at.identifier_key = links.left_key
    where links.is_kept and links.trust <= 1
), neighbours as materialized (
    select left_key as identifier_key, right_key as neighbour_key from strong_links
    union all
    select right_key, left_key from strong_links
), reached as (
    select customer_id, kind, first_key as identifier_key from doubled
    union
    select reached.customer_id, reached.kind, neighbours.neighbour_key
    from reached
    join neighbours using (identifier_key)
)
select distinct customer_id
from unique_identifiers
semi join doubled using (customer_id, kind)
anti join reached using (customer_id, kind, identifier_key)
"""

# Name, statement and condition of every kind.
DOUBTS = (
    ("nobody_is_suspiciously_large", "No identifier has suspiciously many people behind it.", "severity = 'warn'"),
    (
        "no_identifier_is_shared",
        "No identifier is shared by more people than its type allows.",
        "severity = 'quarantine'",
    ),
)
CUTS = (
    ("unique_identifiers", "No link would join two identifiers of which a person has only one."),
    ("shared_device", "No device links two known people."),
    ("component_cap", "Nobody would have more identifiers than a person has."),
)
DECISIONS = (
    ("contradictory_override", "No decisions contradict each other."),
    ("unknown_override", "Every decision names identifiers that rows have."),
    ("override_on_itself", "No decision links an identifier with itself."),
    ("dangling_merge", "Contacts are merged only into contacts that are delivered."),
    ("merge_cycle", "No contacts are merged in a circle."),
)
ADDRESSES = (("lookalike_domain", "No address has a domain that mixes Latin, Cyrillic or Greek letters in one word."),)


def checks() -> tuple[Check, ...]:
    """All checks of what was not believed about people."""
    looked_at, corrected, broken = (Subject(VIOLATIONS, remedy) for remedy in (_LOOK, _CORRECT, _BROKEN))
    return (
        _none(
            broken,
            "no_source_is_broken",
            "Nothing stands for more than fifty people.",
            "severity = 'stop'",
            Severity.ERROR,
        ),
        Subject(IDENTIFIERS, _SPLIT).none(
            "no_customer_is_two_people",
            "No customer has two contacts of one source, two logins or two cards that nothing strong joins.",
            UNJOINED_DOUBLES,
            reads=(LINKS,),
        ),
        *(_none(looked_at, name, purpose, f"violation = 'limit' and {which}") for name, purpose, which in DOUBTS),
        *(
            _none(looked_at, f"cut__{cut}", purpose, f"violation = 'cut_link' and reason = '{cut}'")
            for cut, purpose in CUTS
        ),
        *(_none(corrected, name, purpose, f"violation = '{name}'") for name, purpose in DECISIONS),
        *(_none(looked_at, name, purpose, f"violation = '{name}'") for name, purpose in ADDRESSES),
        looked_at.none(
            "every_device_is_of_one_person",
            "No device was used by several known people; events of such a device belong to whoever had logged in.",
            f"select device_key from {DEVICE_PERIODS} group by device_key",
            reads=(DEVICE_PERIODS,),
            severity=Severity.WARN,
        ),
        Subject(UNUSABLE, _READABLE).none(
            "identifiers_can_be_read",
            f"Of no source and type of identifier more than {MALFORMED_SHARE:.0%} of the values cannot be read.",
            f"select 1 from {UNUSABLE}"
            f" where reason = 'malformed' and row_count > {MALFORMED_SHARE} * delivered_row_count",
            severity=Severity.WARN,
        ),
    )


def _none(subject: Subject, name: str, purpose: str, condition: str, severity: Severity = Severity.WARN) -> Check:
    return subject.none(name, purpose, f"select 1 from {VIOLATIONS} where {condition}", severity=severity)
