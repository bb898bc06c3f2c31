"""Names that come from a vendor's records, or from files and columns, as messages, logs and the books may show them.

A record's member is mostly called by a word of the vendor's, but an object may be keyed by what identifies a person: an
address, a telephone number, a customer's name. What does not look like an identifier is not shown. A name of one word
cannot be told from a word of the vendor's: who keys objects by first names has them shown.
"""

from __future__ import annotations

import re

HIDDEN = "(not shown)"
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]{0,79}")
# So many digits in a row may be a telephone number.
_LONG_NUMBER = re.compile(r"[0-9]{6,}")
# What stands for a person in the name of a file; days and times, and numbers of parts, do not.
_ADDRESS = re.compile(r"[^\s/@]+@[^\s/@]+?(?=(\.(parquet|json|jsonl|ndjson|gz|csv))*$|/|\s)", re.IGNORECASE)


def shown_pointer(pointer: str) -> str:
    """The pointer of a member nobody declared: its last part is shown if it looks like an identifier, long numbers not.

    Args:
        pointer: JSON pointer; all but its last part is declared.
    """
    container, _, member = pointer.rpartition("/")
    shown = _LONG_NUMBER.sub("…", member) if _IDENTIFIER.fullmatch(member) else HIDDEN
    return f"{container}/{shown}"


def shown_file(name: str) -> str:
    """The name of a file or unit without the e-mail addresses that may stand in it."""
    return _ADDRESS.sub(HIDDEN, name)
