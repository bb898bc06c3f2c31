"""Journeys: which touchpoint follows on which, and where journeys break off."""

from __future__ import annotations

from orchestration.lifecycle_report.content.columns import PEOPLE
from orchestration.lifecycle_report.model import Bars, Column, Kind, Panel, Sankey, Section, Text

_TRANSITIONS = Panel(
    key="transitions",
    title=Text("From touchpoint to touchpoint", "Von Kontaktpunkt zu Kontaktpunkt"),
    note=Text(
        "The 30 most frequent moves between two different touchpoints, all stages together.",
        "Die 30 häufigsten Übergänge zwischen zwei verschiedenen Kontaktpunkten, alle Phasen zusammen.",
    ),
    query="""
        select from_touchpoint, to_touchpoint, sum(transition_count)::bigint as transition_count
        from marts.journey_transitions
        where model = 'six_phase' and from_touchpoint <> to_touchpoint
        group by all
        order by transition_count desc, from_touchpoint, to_touchpoint
        limit 30
    """,
    columns=(
        Column("from_touchpoint", Text("From", "Von"), Kind.NAME),
        Column("to_touchpoint", Text("To", "Nach"), Kind.NAME),
        Column("transition_count", Text("Moves", "Übergänge"), Kind.COUNT),
    ),
    chart=Sankey("from_touchpoint", "to_touchpoint", "transition_count"),
)

_DROP_OFF = Panel(
    key="drop_off",
    title=Text("Where journeys break off", "Wo die Reise abbricht"),
    note=Text(
        "The 20 touchpoints with the highest share of visits after which the person did nothing for a long time, of "
        "those that are decided; touchpoints with at least 20 decided visits.",
        "Die 20 Kontaktpunkte mit dem höchsten Anteil an Besuchen, nach denen lange nichts kam, von den entschiedenen; "
        "Kontaktpunkte mit mindestens 20 entschiedenen Besuchen.",
    ),
    query="""
        select
            touchpoint,
            sum(continued_count)::bigint as continued_count,
            sum(drop_off_count)::bigint as drop_off_count,
            sum(drop_off_count) / nullif(sum(continued_count) + sum(drop_off_count), 0) as drop_off_rate
        from marts.journey_map
        where model = 'six_phase' and segment_dimension = 'all'
        group by touchpoint
        having sum(continued_count) + sum(drop_off_count) >= 20
        order by drop_off_rate desc, touchpoint
        limit 20
    """,
    columns=(
        Column("touchpoint", Text("Touchpoint", "Kontaktpunkt"), Kind.NAME),
        Column("continued_count", Text("Went on", "Weiter"), Kind.COUNT),
        Column("drop_off_count", Text("Broke off", "Abgebrochen"), Kind.COUNT),
        Column("drop_off_rate", Text("Drop-off rate", "Abbruchrate"), Kind.RATE),
    ),
    chart=Bars("touchpoint", ("drop_off_rate",)),
)

_STAGES = Panel(
    key="touchpoints_by_stage",
    title=Text("What people do in each stage", "Was Menschen in jeder Phase tun"),
    note=Text(
        "The five touchpoints most people had in each of the six phases.",
        "Die fünf Kontaktpunkte, die in jeder der sechs Phasen die meisten Menschen hatten.",
    ),
    query="""
        select
            lifecycle_stages.label_$language as stage,
            journey_map.touchpoint,
            journey_map.people_count,
            journey_map.median_wait_days
        from marts.journey_map
        inner join marts.lifecycle_stages
            on journey_map.model = lifecycle_stages.model and journey_map.stage = lifecycle_stages.stage
        where journey_map.model = 'six_phase' and journey_map.segment_dimension = 'all'
        qualify
            row_number() over (
                partition by journey_map.stage order by journey_map.people_count desc, journey_map.touchpoint
            ) <= 5
        order by lifecycle_stages.stage_order, journey_map.people_count desc, journey_map.touchpoint
    """,
    columns=(
        Column("stage", Text("Stage", "Phase")),
        Column("touchpoint", Text("Touchpoint", "Kontaktpunkt"), Kind.NAME),
        PEOPLE,
        Column("median_wait_days", Text("Median days to the next", "Median Tage bis zum nächsten"), Kind.DAYS),
    ),
)

JOURNEYS = Section("journeys", Text("Journeys", "Customer Journey"), (_TRANSITIONS, _DROP_OFF, _STAGES))
