{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

-- depends_on: {{ ref('log') }}

with

scope as (

    select * from {{ ref('resolution_scope') }}

),

-- A group is counted by the identifier it is named by.
stored as (

    select
        identifier_key {{ 'in (' ~ open_identifiers() ~ ')' if is_resolved_before() else 'is not null' }} as is_open,
        evidence_group = hash(identifier_key) as names_group,
    from {{ ref('resolved_identifiers') }}

)

select
    {{ last_resolution_number() }} + 1 as resolution_number,
    '{{ run_context("run_id") }}' as run_id,
    {{ as_of() }} as as_of,
    count(*) as identifier_count,
    count(*) filter (where names_group) as evidence_group_count,
    {%- if is_resolved_before() %}
    (select count(*) from scope) as looked_at_count,
    (select count(*) from scope where is_open) as resolved_count,
    {%- else %}
    count(*) as looked_at_count,
    count(*) as resolved_count,
    {%- endif %}
    count(*) filter (where names_group and is_open) as resolved_group_count
from stored
