"""What all of Meta's APIs have in common: codes of errors, headers that tell how much of a limit is used.

Meta answers most errors with status 400 and says in a code what other vendors say in the status. Which resources are
read belongs to the connectors `meta_ads` and `meta_graph`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Limits of the app (4), the user (17), the page (32), a single kind of call (341, 613), a business use case (80000 on).
THROTTLED = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
# Meta's own trouble, which passes.
TEMPORARY = frozenset({1, 2})
# Token expired or withdrawn (102, 190), permission missing (10, 200-299).
REFUSED = frozenset({10, 102, 190, *range(200, 300)})
# From this share of a limit on, requests slow down, until they wait longest when it is used up.
CALM_PERCENT = 75
LONGEST_PAUSE_SECONDS = 300.0
_PERCENT = ("call_count", "total_time", "total_cputime", "acc_id_util_pct")


def status_meant(status: int, content: bytes) -> int:
    """The status an error means, by its code.

    Args:
        status: the answer's status.
        content: its body.
    """
    code = _error_code(content)
    if code in THROTTLED:
        return 429
    if code in TEMPORARY:
        return 503
    return 401 if code in REFUSED else status


def pause_told(headers: Mapping[str, str]) -> float:
    """Seconds to wait before the next request.

    Meta tells how many minutes access stays closed once a limit is used up, and before that how many percent of it are.

    Args:
        headers: of any answer.
    """
    usages = list(_usages(headers))
    closed = max((_number(usage.get("estimated_time_to_regain_access")) * 60 for usage in usages), default=0.0)
    used = max((_number(value) for usage in usages for name, value in usage.items() if name in _PERCENT), default=0.0)
    share = min((used - CALM_PERCENT) / (100 - CALM_PERCENT), 1.0)
    return closed or max(share, 0.0) * LONGEST_PAUSE_SECONDS


def next_cursor(answer: Mapping[str, Any]) -> str | None:
    """The cursor of the next page; the last page has one too, only `next` says that there is another page."""
    paging = answer.get("paging") or {}
    return paging["cursors"]["after"] if paging.get("next") else None


def _usages(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    for name in ("X-App-Usage", "X-Ad-Account-Usage"):
        usage = _json(headers.get(name))
        if isinstance(usage, Mapping):
            yield usage
    by_business = _json(headers.get("X-Business-Use-Case-Usage"))
    for usages in by_business.values() if isinstance(by_business, Mapping) else ():
        yield from (usage for usage in usages if isinstance(usage, Mapping))


def _error_code(content: bytes) -> int | None:
    answer = _json(content)
    error = answer.get("error") if isinstance(answer, Mapping) else None
    return error.get("code") if isinstance(error, Mapping) else None


def _json(text: str | bytes | None) -> object:
    import orjson

    try:
        return orjson.loads(text) if text else None
    except orjson.JSONDecodeError:
        return None


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
