{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

-- depends_on: {{ ref('log') }}

with

scope as (

    select * from {{ ref('resolution_scope') }}

),

-- A group is counted by the identifier it is named by.
stored as (

    select
        count(*) as identifier_count,
        count(*) filter (where is_eldest) as evidence_group_count,
    from {{ ref('resolved_identifiers') }}

),

resolved as (

    select count(*) as resolved_group_count
    from {{ ref('resolved_identifiers') }}
    where is_eldest
        {%- if is_resolved_before() %}
        and {{ is_written_last(ref('resolved_identifiers')) }}
        and identifier_key in ({{ open_identifiers() }})
        {%- endif %}

)

select
    {{ last_resolution_number() }} + 1 as resolution_number,
    '{{ run_context("run_id") }}' as run_id,
    {{ as_of() }} as as_of,
    stored.identifier_count,
    stored.evidence_group_count,
    {%- if is_resolved_before() %}
    (select count(*) from scope) as looked_at_count,
    (select count(*) from scope where is_open) as resolved_count,
    {%- else %}
    stored.identifier_count as looked_at_count,
    stored.identifier_count as resolved_count,
    {%- endif %}
    resolved.resolved_group_count
from stored
cross join resolved
