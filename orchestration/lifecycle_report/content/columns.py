"""Columns that more than one section shows."""

from __future__ import annotations

from orchestration.lifecycle_report.model import Column, Kind, Text

MONTH = Column("period_start", Text("Month", "Monat"), Kind.MONTH)
MODEL = Column("model", Text("Lifecycle model", "Lebenszyklusmodell"), Kind.NAME)
CHANNEL = Column("channel", Text("Channel", "Kanal"), Kind.NAME)
PEOPLE = Column("people_count", Text("People", "Menschen"), Kind.COUNT)
CUSTOMERS = Column("customer_count", Text("Customers", "Kunden"), Kind.COUNT)
ORDERS = Column("order_count", Text("Orders", "Bestellungen"), Kind.COUNT)
REVENUE = Column("revenue_amount", Text("Revenue", "Umsatz"), Kind.AMOUNT)
SPEND = Column("spend_amount", Text("Spend", "Ausgaben"), Kind.AMOUNT)
