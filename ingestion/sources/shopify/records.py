"""Pure helpers: paging links and the names of Shopify's answers. No requests, no state."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NEXT = re.compile(r'<([^>]+)>;\s*rel="?next"?')


def next_link(headers: Mapping[str, str]) -> str | None:
    """Address of the next page from the `Link` header, None on the last page."""
    found = _NEXT.search(headers.get("Link", ""))
    return found.group(1) if found else None
