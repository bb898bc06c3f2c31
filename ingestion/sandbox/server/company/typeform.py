"""The company's surveys in Typeform: one form per question, responses with the person's address as hidden field.

The oldest CES question counts downwards; its `ref` says so, as people who make forms have to.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import md5
from typing import Any

from ingestion.sandbox.server.company.deliveries import Deliveries, Row
from ingestion.sandbox.server.store import Store

FORM_AGE = timedelta(days=1)


def put_typeform(store: Store, company: Deliveries) -> None:
    """Put the company's forms and the responses to them into the store."""
    emails = {row["contact_id"]: row["email"] for row in company.rows("crm_contacts")}
    latest = {row["response_id"]: row for row in company.rows("crm_survey_responses")}
    rows = sorted(latest.values(), key=lambda row: (row["responded_at"], row["response_id"]))
    questions: dict[str, list[Row]] = {}
    for row in rows:
        questions.setdefault(_ref(row), []).append(row)
    for ref, answers in questions.items():
        _put_form(store, ref, answers[0])
        _put_responses(store, ref, answers, emails)


def _ref(row: Row) -> str:
    return f"{row['survey_type']}_{row['touchpoint']}" + ("" if row["higher_is_better"] else "_reversed")


def _put_form(store: Store, ref: str, first: Row) -> None:
    steps = int(first["scale_max"] - first["scale_min"]) + 1
    begin = {} if _type(first) == "rating" else {"start_at_one": first["scale_min"] == 1}
    fields = [
        {"id": f"{ref}_score", "ref": ref, "type": _type(first), "properties": {"steps": steps} | begin},
        {"id": f"{ref}_why", "ref": f"{ref}_why", "type": "long_text", "properties": {}},
    ]
    form = {"title": ref, "fields": fields, "hidden": ["contact_id", "email", "touchpoint"]}
    store.put("typeform.forms", ref, first["responded_at"] - FORM_AGE, form)


def _type(row: Row) -> str:
    return "rating" if row["survey_type"] == "csat" else "opinion_scale"


def _put_responses(store: Store, ref: str, rows: Sequence[Row], emails: dict[str, str | None]) -> None:
    for row in rows:
        email = row["email"] or emails.get(row["contact_id"])
        # The link to the form names whom it was sent to: the address, or the number where there is none.
        contact_id = None if email else row["contact_id"]
        hidden = {"contact_id": contact_id, "email": email, "touchpoint": row["touchpoint"]}
        token = md5(row["response_id"].encode()).hexdigest()  # noqa: S324 - an identifier, nothing secret
        record = {"hidden": {name: value or "" for name, value in hidden.items()}, "answers": _answers(ref, row)}
        store.put(f"typeform.responses.{ref}", token, row["responded_at"], record)


def _answers(ref: str, row: Row) -> list[dict[str, Any]]:
    score = {"id": f"{ref}_score", "type": _type(row), "ref": ref}
    answers: list[dict[str, Any]] = [{"field": score, "type": "number", "number": int(row["score"])}]
    if row["comment"]:
        why = {"id": f"{ref}_why", "type": "long_text", "ref": f"{ref}_why"}
        answers.append({"field": why, "type": "text", "text": row["comment"]})
    return answers
