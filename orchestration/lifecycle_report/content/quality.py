"""Data quality: the verdicts the generation was published with."""

from __future__ import annotations

from orchestration.lifecycle_report.model import Bars, Column, Kind, Panel, Section, Text

_GATE = Column("gate", Text("Gate", "Tor"), Kind.NAME)
_SEVERITY = Column("severity", Text("Severity", "Schwere"), Kind.NAME)

_VERDICTS = Panel(
    key="verdicts",
    title=Text("Checks by gate", "Prüfungen je Tor"),
    note=Text(
        "The verdicts this generation was published with. Only passed is a pass.",
        "Die Urteile, mit denen diese Ausgabe veröffentlicht wurde. Nur bestanden ist bestanden.",
    ),
    query="""
        with tables as (
            select
                gate,
                count(*) as check_count,
                count(*) filter (where outcome = 'pass') as passed_count,
                max(quarantined_count) as quarantined_count
            from marts.data_quality
            group by gate, "table"
        )

        select
            gate,
            sum(check_count)::bigint as check_count,
            sum(passed_count)::bigint as passed_count,
            sum(check_count - passed_count)::bigint as other_count,
            sum(quarantined_count)::bigint as quarantined_count
        from tables
        group by gate
        order by gate
    """,
    columns=(
        _GATE,
        Column("check_count", Text("Checks", "Prüfungen"), Kind.COUNT),
        Column("passed_count", Text("Passed", "Bestanden"), Kind.COUNT),
        Column("other_count", Text("Not passed", "Nicht bestanden"), Kind.COUNT),
        Column("quarantined_count", Text("Rows in quarantine", "Zeilen in Quarantäne"), Kind.COUNT),
    ),
    chart=Bars("gate", ("passed_count", "other_count")),
)

_WARNINGS = Panel(
    key="not_passed",
    title=Text("Checks that did not pass", "Prüfungen, die nicht bestanden wurden"),
    note=Text(
        "Warnings do not stop a publication; errors do.",
        "Warnungen halten eine Veröffentlichung nicht auf; Fehler schon.",
    ),
    query="""
        select gate, severity, outcome, "table" as table_name, "check" as check_name, observed, threshold
        from marts.data_quality
        where outcome <> 'pass'
        order by severity, gate, table_name, check_name
    """,
    columns=(
        _GATE,
        _SEVERITY,
        Column("outcome", Text("Outcome", "Ergebnis"), Kind.NAME),
        Column("table_name", Text("Table", "Tabelle")),
        Column("check_name", Text("Check", "Prüfung")),
        Column("observed", Text("Observed", "Gefunden")),
        Column("threshold", Text("Must be", "Soll")),
    ),
)

QUALITY = Section("quality", Text("Data quality", "Datenqualität"), (_VERDICTS, _WARNINGS))
