"""What the hand-made warehouse of the gate tests holds in its marts: SQL text by column, one mapping per row."""

from __future__ import annotations

from datetime import date

from quality.suites.marts_acquisition import ATTRIBUTION_MODELS

AS_OF = date(2024, 6, 30)
CANARY = "canary.person@example.org"

_MODELS = {
    "six_phase": ("six_phase_stage", "retention"),
    "relationship": ("relationship_subphase", "loyalty_growth"),
    "three_r": ("customer_segment", "repeat_buyer"),
    "experience": ("experience_stage", "loyalty"),
}

ROWS: dict[str, tuple[dict[str, str], ...]] = {
    "customer_profile": (
        {
            "customer_id": "'c_1'",
            "email": f"'{CANARY}'",
            "order_count": "2",
            "revenue_amount": "150.50",
            "nps_score": "9",
            "nps_category": "'promoter'",
            "first_seen_at": "timestamp '2024-04-01 10:00'",
            "last_seen_at": "timestamp '2024-06-29 10:00'",
            **{column: f"'{stage}'" for column, stage in _MODELS.values()},
        },
    ),
    "customer_identifiers": (
        {"customer_id": "'c_1'", "identifier_type": "'email'", "identifier_value": f"'{CANARY}'"},
    ),
    "customer_id_history": ({"old_customer_id": "'c_0'", "customer_id": "'c_1'"},),
    "customer_attribute_sources": (
        {"customer_id": "'c_1'", "attribute": "'email'", "source": "'files'", "basis": "'contact'"},
    ),
    "customer_stage_history": tuple(
        {
            "customer_id": "'c_1'",
            "model": f"'{model}'",
            "stage": f"'{stage}'",
            "previous_stage": "null" if stage == "start" else "'start'",
            "entered_at": f"timestamp '{start}'",
            "left_at": end,
            "is_current": current,
        }
        for model, (_, last) in _MODELS.items()
        for stage, start, end, current in (
            ("start", "2024-04-01 10:00", "timestamp '2024-05-01 10:00'", "false"),
            (last, "2024-05-01 10:00", "null", "true"),
        )
    ),
    "customer_touchpoints": tuple(
        {
            "touchpoint_id": f"'t{number}'",
            "customer_id": "'c_1'",
            "occurred_at": "timestamp '2024-05-01 10:00'",
            "touchpoint": "'order'",
            "occurrence": "1",
        }
        for number in (1, 2, 3)
    ),
    "lifecycle_stages": tuple(
        {
            "model": f"'{model}'",
            "stage": f"'{stage}'",
            "label_en": "'Stage'",
            "label_de": "'Stufe'",
            "description": "'A stage.'",
        }
        for model, (_, last) in _MODELS.items()
        for stage in ("start", last)
    ),
    "kpi_summary": (
        {
            "kpi": "'repeat_rate'",
            "period_start": "date '2024-06-01'",
            "segment": "'all'",
            "denominator": "1",
            "reporting_currency": "'EUR'",
            "business_timezone": "'Europe/Berlin'",
        },
    ),
    "kpi_cohort_retention": tuple(
        {
            "cohort_month": "date '2024-05-01'",
            "months_since_first_order": month,
            "cohort_size": "1",
            "active_count": "1",
            "retention_rate": rate,
            "revenue_amount": revenue,
            "is_complete": is_complete,
        }
        for month, rate, revenue, is_complete in (("0", "1", "100.00", "true"), ("1", "null", "50.50", "false"))
    ),
    "kpi_transactions": tuple(
        {
            "ordered_on": f"date '{day}'",
            "channel": "'online'",
            "order_count": "1",
            "buyer_count": "1",
            "new_buyer_count": new,
            "returning_buyer_count": returning,
            "revenue_amount": revenue,
        }
        for day, new, returning, revenue in (("2024-05-01", "1", "0", "100.00"), ("2024-06-29", "0", "1", "50.50"))
    ),
    "kpi_customer_movement": tuple(
        {
            "period_start": f"date '{month}'",
            "segment_dimension": "'all'",
            "segment": "'all'",
            "customers_at_start_count": at_start,
            "new_count": new,
            "reactivated_count": "0",
            "lost_count": "0",
            "customers_at_end_count": "1",
            "moved_in_count": "0",
            "moved_out_count": "0",
        }
        for month, at_start, new in (("2024-05-01", "0", "1"), ("2024-06-01", "1", "0"))
    ),
    "kpi_attribution": tuple(
        {
            "source": "'files'",
            "order_id": f"'{order}'",
            "model": f"'{model}'",
            "channel": "'unattributed'",
            "credit": "1",
            "revenue_amount": revenue,
        }
        for model in ATTRIBUTION_MODELS
        for order, revenue in (("o1", "100.00"), ("o2", "50.50"))
    ),
    "kpi_acquisition": (
        {
            "reported_on": "date '2024-05-01'",
            "platform": "'offline'",
            "campaign": "'poster'",
            "channel": "'offline'",
            "spend_amount": "30.00",
            **{f"{model}_conversions_count": "2" for model in ATTRIBUTION_MODELS},
        },
    ),
    "kpi_channel_value": (
        {
            "acquisition_channel": "'offline'",
            "people_count": "1",
            "customer_count": "1",
            "revenue_amount": "150.50",
        },
    ),
    "kpi_clv": (
        {
            "customer_id": "'c_1'",
            "historic_revenue_amount": "150.50",
            "method": "'historic'",
            "reason": "'orders: too few'",
            "value_basis": "'revenue'",
        },
    ),
    "clv_model_fit": (
        {
            "model": "'bg_nbd'",
            "purpose": "'forecast'",
            "calibration_end": f"date '{AS_OF}'",
            "is_used": "false",
            "reason": "'too few'",
        },
    ),
    "kpi_rfm": (
        {
            "customer_id": "'c_1'",
            "recency_days": "1",
            "order_count": "2",
            "revenue_amount": "150.50",
            "recency_score": "1",
            "frequency_score": "1",
            "monetary_score": "1",
            "rfm_segment": "'lapsed'",
        },
    ),
    "journey_map": (
        {
            "model": "'three_r'",
            "stage": "'repeat_buyer'",
            "touchpoint": "'order'",
            "segment_dimension": "'all'",
            "segment": "'all'",
            "people_count": "1",
            "touchpoint_count": "3",
            "continued_count": "2",
            "drop_off_count": "0",
            "open_count": "1",
        },
    ),
    "segment_profile": (
        {
            "segment": "'repeat_buyer'",
            "customer_type": "'person'",
            "company_industry": "'none'",
            "company_size_band": "'none'",
            "country": "'DE'",
            "people_count": "1",
            "revenue_amount": "150.50",
        },
    ),
}
