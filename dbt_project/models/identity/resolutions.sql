{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

-- depends_on: {{ ref('log') }}

with

scope as (

    select
        count(*) as looked_at_count,
        count(*) filter (where is_open) as resolved_count,
    from {{ ref('resolution_scope') }}

),

stored as (

    select
        count(*) as identifier_count,
        count(distinct evidence_group) as evidence_group_count,
        count(distinct evidence_group) filter (where identifier_key in ({{ open_identifiers() }}))
            as resolved_group_count,
    from {{ ref('resolved_identifiers') }}

)

select
    {{ last_resolution_number() }} + 1 as resolution_number,
    '{{ run_context("run_id") }}' as run_id,
    {{ as_of() }} as as_of,
    stored.identifier_count,
    stored.evidence_group_count,
    scope.looked_at_count,
    scope.resolved_count,
    stored.resolved_group_count
from scope
cross join stored
