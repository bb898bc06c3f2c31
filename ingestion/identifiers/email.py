"""E-mail addresses as mailboxes. The SQL macro `normalised_email` does the same for plain ASCII addresses."""

from __future__ import annotations

import re
import unicodedata

import idna

DOTS_IGNORED_BY = frozenset({"gmail.com", "googlemail.com"})
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
"""Characters without width, which copying from a document brings along."""
_CONFUSED_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK"})
"""Alphabets whose letters look like one another's."""
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def normalise_email(text: str) -> str | None:
    """The mailbox an address names, or None when the text is no address.

    Without characters nobody sees, lower case, an internationalised domain in its ASCII form, dots before the @ removed
    where the provider ignores them. Plus tags are kept: they are mailboxes of their own at most providers.
    """
    address = text.translate(_INVISIBLE).strip().lower()
    if not _ADDRESS.fullmatch(address):
        return None
    local_part, domain = address.split("@")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            return None
    if domain in DOTS_IGNORED_BY:
        local_part = local_part.replace(".", "")
    return f"{local_part}@{domain}" if local_part else None


def mixes_alphabets(mailbox: str) -> bool:
    """Whether a label of the domain has letters of several alphabets that are easily confused.

    Such a domain imitates another one (Unicode Technical Standard 39, mixed-script confusables). A domain written in
    one alphabet alone is somebody's language and no imitation.

    Args:
        mailbox: an address as `normalise_email` returns it.
    """
    labels = mailbox.rpartition("@")[2].split(".")
    return any(len(_alphabets(label)) > 1 for label in labels if label.startswith("xn--"))


def _alphabets(label: str) -> set[str]:
    try:
        text = idna.decode(label)
    except idna.IDNAError:
        return set()
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in text} & _CONFUSED_ALPHABETS
