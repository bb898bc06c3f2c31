"""Klaviyo's bench: what the common suite has to know to try its connector against the sandbox."""

from __future__ import annotations

from ingestion.sandbox.server.klaviyo import KlaviyoProtocol
from ingestion.sources.klaviyo import settings as klaviyo
from tests.connectors.bench import Bench

KLAVIYO = Bench(
    name="klaviyo",
    table="profiles",
    kind="klaviyo.profiles",
    constants=klaviyo,
    protocol=KlaviyoProtocol,
    secret="klaviyo_key",
    key=lambda number: f"01KLAVIYO{number:017d}",
    body=lambda number, word: {"email": f"person{number}@example.org", "first_name": word},
    shown="first_name",
    members="data",
    email=("attributes", "email"),
    required="id",
    clock=("attributes", "updated"),
)
