"""Benches of exported files: what the common suite has to know of each vendor to try its files.

What is claimed about files stands in `test_every_export_reads.py`, once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ingestion.sources.model import Connector
from ingestion.sources.registry import connector_named


@dataclass(frozen=True)
class ExportBench:
    """One vendor's files on trial.

    Args:
        name: the connector.
        file: name of the file of a unit (1, 2, …) without its ending.
        event: an event (1, 2, …) that shows a word.
        shown: SQL that reads the word back from raw.
        text: member path of a text in an event.
        required: a required member of an event.
    """

    name: str
    file: Callable[[int], str]
    event: Callable[[int, str], dict[str, Any]]
    shown: str
    text: str
    required: str

    @property
    def connector(self) -> Connector:
        """The connector on trial."""
        return connector_named(self.name)


EXPORT_BENCHES = (
    ExportBench(
        name="ga4",
        file=lambda day: f"events_202603{day:02d}",
        event=lambda number, word: {
            "event_date": "20260302",
            "event_timestamp": str(1_772_442_000_000_000 + number),
            "event_name": word,
            "user_pseudo_id": f"{number}.1772442000",
            "event_params": [{"key": "ga_session_id", "value": {"int_value": "1772442000"}}],
        },
        shown="event_name",
        text="user_pseudo_id",
        required="event_name",
    ),
    ExportBench(
        name="segment",
        file=lambda number: f"1772442000000/part-{number}",
        event=lambda number, word: {
            "messageId": f"ajs-{number}",
            "type": "track",
            "anonymousId": f"cookie-{number}",
            "event": word,
            "receivedAt": "2026-03-02T09:00:00.000Z",
        },
        shown="event",
        text="anonymousId",
        required="messageId",
    ),
    ExportBench(
        name="sendgrid",
        file=lambda number: f"2026-03-02/request-{number}",
        event=lambda number, word: {
            "email": f"person{number}@example.org",
            "timestamp": 1_772_442_000 + number,
            "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
            "event": word,
            "category": ["newsletter"],
            "sg_event_id": f"ZGVsaXZlcmVk{number}",
            "sg_message_id": f"14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.{number}",
        },
        shown="event",
        text="email",
        required="timestamp",
    ),
    ExportBench(
        name="snowplow",
        file=lambda number: f"run=2026-03-02-09-00-00/part-{number:05d}",
        event=lambda number, word: {
            "event_id": f"c6ef3124-b53a-4b13-a233-{number:012d}",
            "event": "page_view",
            "event_name": word,
            "domain_userid": f"cookie-{number}",
            "collector_tstamp": "2026-03-02 09:00:00.000",
        },
        shown="event_name",
        text="domain_userid",
        required="event_id",
    ),
)
