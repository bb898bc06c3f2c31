"""Gate 2, who is who: what looked like one person and was not believed, counted by kind.

What was not believed joins nobody, so the figures stay right: it is a warning a person should look at. Only an
identifier behind which stand more people than any mistake explains stops the publication: its source is broken.
"""

from __future__ import annotations

from quality.checks import Check, Severity
from quality.suites.vocabulary import Subject

VIOLATIONS = "identity.violations"
DEVICE_PERIODS = "identity.device_periods"

_LOOK = "`lifecycle explain <identifier>` tells why; `lifecycle identity link` or `unlink` decides otherwise."
_CORRECT = "Correct the decision or the contact in its source and deliver it again."
_BROKEN = (
    "One value stands for more than fifty people: correct its source, or add it to the seed blocked_identifier_values"
    " (it names nobody) or role_mailboxes, then run again."
)

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
    ("dangling_merge", "Contacts are merged only into contacts that are delivered."),
    ("merge_cycle", "No contacts are merged in a circle."),
)


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
        *(_none(looked_at, name, purpose, f"violation = 'limit' and {which}") for name, purpose, which in DOUBTS),
        *(
            _none(looked_at, f"cut__{cut}", purpose, f"violation = 'cut_link' and reason = '{cut}'")
            for cut, purpose in CUTS
        ),
        *(_none(corrected, name, purpose, f"violation = '{name}'") for name, purpose in DECISIONS),
        looked_at.none(
            "every_device_is_of_one_person",
            "No device was used by several known people; events of such a device belong to whoever had logged in.",
            f"select device_key from {DEVICE_PERIODS} group by device_key",
            reads=(DEVICE_PERIODS,),
            severity=Severity.WARN,
        ),
    )


def _none(subject: Subject, name: str, purpose: str, condition: str, severity: Severity = Severity.WARN) -> Check:
    return subject.none(name, purpose, f"select 1 from {VIOLATIONS} where {condition}", severity=severity)
