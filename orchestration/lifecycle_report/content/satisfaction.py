"""Satisfaction: surveys, support, recommendation."""

from __future__ import annotations

from orchestration.lifecycle_report.content.columns import MONTH
from orchestration.lifecycle_report.model import Column, Columns, Kind, Lines, Panel, Section, Text

_RESPONSES = Column("response_count", Text("Responses", "Antworten"), Kind.COUNT)


def _survey(survey_type: str, title: Text, note: Text, kind: Kind) -> Panel:
    return Panel(
        key=survey_type,
        title=title,
        note=note,
        query=f"""
            select period_start, response_count, score, ci_low, ci_high
            from marts.kpi_satisfaction
            where survey_type = '{survey_type}' and touchpoint = 'all' and segment = 'all' and is_complete
            order by period_start
        """,
        columns=(
            MONTH,
            _RESPONSES,
            Column("score", title, kind),
            Column("ci_low", Text("95 % from", "95 % von"), kind),
            Column("ci_high", Text("95 % to", "95 % bis"), kind),
        ),
        chart=Lines("period_start", ("score",), low="ci_low", high="ci_high"),
    )


_NPS = _survey(
    "nps",
    Text("Net promoter score", "Weiterempfehlung (NPS)"),
    Text(
        "Share of 9–10 minus share of 0–6, from −100 to 100, with its 95 % interval. Months that are over.",
        "Anteil 9–10 minus Anteil 0–6, von −100 bis 100, mit 95-%-Intervall. Abgeschlossene Monate.",
    ),
    Kind.NUMBER,
)
_CSAT = _survey(
    "csat",
    Text("Customer satisfaction", "Kundenzufriedenheit (CSAT)"),
    Text(
        "Share of the answers 4 and 5 of 5, with its 95 % interval. Months that are over.",
        "Anteil der Antworten 4 und 5 von 5, mit 95-%-Intervall. Abgeschlossene Monate.",
    ),
    Kind.RATE,
)
_CES = _survey(
    "ces",
    Text("Customer effort", "Kundenaufwand (CES)"),
    Text(
        "Mean from 1 to 7, with its 95 % interval; more is easier. Months that are over.",
        "Mittel von 1 bis 7, mit 95-%-Intervall; mehr heißt leichter. Abgeschlossene Monate.",
    ),
    Kind.NUMBER,
)

_SUPPORT = Panel(
    key="support",
    title=Text("Support", "Kundendienst"),
    note=Text(
        "Tickets by month, and how many of them people solved themselves.",
        "Anfragen nach Monat, und wie viele davon sich von selbst lösten.",
    ),
    query="""
        select
            period_start,
            sum(ticket_count)::bigint as ticket_count,
            sum(self_service_count)::bigint as self_service_count,
            sum(self_service_count) / nullif(sum(ticket_count), 0) as self_service_rate,
            sum(open_count)::bigint as open_count
        from marts.kpi_support
        where is_complete
        group by period_start
        order by period_start
    """,
    columns=(
        MONTH,
        Column("ticket_count", Text("Tickets", "Anfragen"), Kind.COUNT),
        Column("self_service_count", Text("Self-service", "Selbst gelöst"), Kind.COUNT),
        Column("self_service_rate", Text("Share", "Anteil"), Kind.RATE),
        Column("open_count", Text("Open", "Offen"), Kind.COUNT),
    ),
    chart=Columns("period_start", ("ticket_count",)),
)

_REFERRALS = Panel(
    key="referrals",
    title=Text("Recommendations and reviews", "Empfehlungen und Bewertungen"),
    note=Text(
        "Share of active customers who recommended or reviewed. Months that are over.",
        "Anteil aktiver Kunden, die empfahlen oder bewerteten. Abgeschlossene Monate.",
    ),
    query="""
        select period_start, active_customer_count, referrer_count, reviewer_count, referral_rate, review_rate
        from marts.kpi_referrals
        where is_complete
        order by period_start
    """,
    columns=(
        MONTH,
        Column("active_customer_count", Text("Active customers", "Aktive Kunden"), Kind.COUNT),
        Column("referrer_count", Text("Recommended", "Empfahlen"), Kind.COUNT),
        Column("reviewer_count", Text("Reviewed", "Bewerteten"), Kind.COUNT),
        Column("referral_rate", Text("Referral rate", "Empfehlungsrate"), Kind.RATE),
        Column("review_rate", Text("Review rate", "Bewertungsrate"), Kind.RATE),
    ),
    chart=Lines("period_start", ("referral_rate", "review_rate")),
)

SATISFACTION = Section("satisfaction", Text("Satisfaction", "Zufriedenheit"), (_NPS, _CSAT, _CES, _SUPPORT, _REFERRALS))
