"""The company's shop in Shopify: customers who ordered, their orders with positions, refunds and cancellations."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from ingestion.sandbox.server.company.deliveries import Deliveries, Numbers, Row, mailbox
from ingestion.sandbox.server.store import Store

SOURCES = {"online": "web", "store": "pos", "phone": "shopify_draft_order", "marketplace": "580111"}
FINANCIAL = {"pending": "pending", "paid": "paid", "fulfilled": "paid", "cancelled": "voided", "refunded": "refunded"}


def put_shopify(store: Store, company: Deliveries) -> None:
    """Put the company's shop into the store."""
    customers, orders = Numbers(5_000_001), Numbers(8_000_001)
    lines: dict[str, list[Row]] = defaultdict(list)
    for line in company.rows("crm_order_lines"):
        lines[line["order_id"]].append(line)
    known: set[int] = set()
    for row in company.rows("crm_orders"):
        who = mailbox(row["email"]) if row["email"] else row["user_id"]
        number = customers.of(who) if who else None
        if number and number not in known:
            known.add(number)
            store.put("shopify.customers", str(number), row["ordered_at"], _customer(row))
        at = row["updated_at"] or row["ordered_at"]
        record = _order(row, number, lines[row["order_id"]])
        store.put("shopify.orders", str(orders.of(row["order_id"])), at, record)


def _customer(row: Row) -> dict[str, Any]:
    return {"email": row["email"], "phone": None, "first_name": None, "last_name": None, "default_address": None}


def _order(row: Row, customer: int | None, lines: list[Row]) -> dict[str, Any]:
    refunded = row["refunded_amount"] or Decimal(0)
    financial = FINANCIAL[row["status"]]
    return {
        "name": row["order_id"],
        "customer": {"id": customer} if customer else None,
        "email": row["email"],
        "processed_at": row["ordered_at"].isoformat(),
        "cancelled_at": row["cancelled_at"].isoformat() if row["cancelled_at"] else None,
        "test": bool(row["is_test"]),
        "currency": row["currency"],
        "financial_status": "partially_refunded" if refunded and financial == "paid" else financial,
        "fulfillment_status": "fulfilled" if row["status"] == "fulfilled" else None,
        "taxes_included": False,
        "subtotal_price": str(row["net_amount"]),
        "total_tax": str(row["tax_amount"] or 0),
        "total_discounts": str(row["discount_amount"] or 0),
        "total_shipping_price_set": {"shop_money": {"amount": str(row["shipping_amount"] or 0)}},
        "source_name": SOURCES.get(row["channel"] or ""),
        "landing_site": f"/?utm_campaign={row['campaign']}" if row["campaign"] else None,
        "referring_site": None,
        "cart_token": row["anonymous_id"],
        "discount_codes": [{"code": row["coupon_code"]}] if row["coupon_code"] else [],
        "line_items": [_line(line) for line in sorted(lines, key=lambda line: line["line_number"])],
        "refunds": [{"refund_line_items": [{"subtotal": str(refunded), "total_tax": "0.00"}]}] if refunded else [],
    }


def _line(line: Row) -> dict[str, Any]:
    gross = line["unit_price"] * Decimal(str(line["quantity"]))
    discount = gross - line["net_amount"] if line["net_amount"] is not None else Decimal(0)
    return {
        "id": line["line_number"],
        "product_id": line["product_id"],
        "title": line["product_name"],
        "quantity": int(line["quantity"]),
        "price": str(line["unit_price"]),
        "discount_allocations": [{"amount": str(discount)}] if discount else [],
        "tax_lines": [],
    }
