"""Contract of the reference domain: exchange rates, identity overrides and targets, delivered as data."""

from __future__ import annotations

from ingestion.contract import columns as c
from ingestion.contract.model import Column, Entity, EntityKind, Pii, ValueType

FX_RATES = Entity(
    domain="reference",
    name="fx_rates",
    kind=EntityKind.DAILY,
    key=("rate_date", "currency"),
    clock="rate_date",
    description="One row per day and currency; the rate holds until the next one.",
    columns=(
        c.date("rate_date", "First day the rate holds.", required=True),
        Column("currency", ValueType.CURRENCY, "Currency converted from, ISO 4217.", required=True),
        c.number(
            "rate_to_reporting", "Units of the reporting currency for one unit of this one.", required=True, minimum=0
        ),
    ),
)

IDENTITY_OVERRIDES = Entity(
    domain="reference",
    name="identity_overrides",
    kind=EntityKind.REFERENCE,
    key=("override_id",),
    clock="created_at",
    description="One row per decision of a person that two identifiers are, or are not, the same customer.",
    columns=(
        c.identifier("override_id", "Identifier of the decision.", required=True),
        c.choice("action", "What is decided.", "always_link", "never_link"),
        c.text("left_type", "Type of the first identifier.", required=True),
        c.identifier("left_value", "Value of the first identifier.", required=True, pii=Pii.DIRECT),
        c.text("right_type", "Type of the second identifier.", required=True),
        c.identifier("right_value", "Value of the second identifier.", required=True, pii=Pii.DIRECT),
        c.text("reason", "Why it was decided.", required=True),
        c.CREATED_AT_REQUIRED,
    ),
)

KPI_TARGETS = Entity(
    domain="reference",
    name="kpi_targets",
    kind=EntityKind.REFERENCE,
    key=("kpi", "segment", "period_start"),
    description="One row per target value of a KPI.",
    columns=(
        c.text("kpi", "Name of the KPI.", required=True),
        c.text("segment", "Segment the target is for; empty for all."),
        c.date("period_start", "First day of the period the target is for.", required=True),
        c.number("target_value", "Value to reach.", required=True),
    ),
)

ENTITIES = (FX_RATES, IDENTITY_OVERRIDES, KPI_TARGETS)
