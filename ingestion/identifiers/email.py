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
    """Whether a word of the domain has Latin, Cyrillic and Greek letters mixed, which look like one another.

    Such a domain may imitate another one (Unicode Technical Standard 39, mixed-script confusables). One in a single
    alphabet, or with a word of each between hyphens, is somebody's language.

    Args:
        mailbox: an address as `normalise_email` returns it.
    """
    labels = mailbox.rpartition("@")[2].split(".")
    words = (word for label in labels if label.startswith("xn--") for word in _decoded(label).split("-"))
    return any(len(_alphabets(word)) > 1 for word in words)


def _decoded(label: str) -> str:
    try:
        return idna.decode(label)
    except idna.IDNAError:  # no name anybody could have
        return ""


def _alphabets(word: str) -> set[str]:
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in word} & _CONFUSED_ALPHABETS
