{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='identifier_key',
    meta={'text_compression': 'zstd'},
    pre_hook="{{ remove_vanished_identifiers() }}"
) }}

-- depends_on: {{ ref('resolution_scope') }}

with

identifiers as (

    select * from {{ ref('identifiers') }}

),

evidence_groups as (

    select * from {{ ref('evidence_groups') }}

),

-- Where nothing stands against a link, whatever the links join is one person.
components as (

    select
        evidence_groups.identifier_number,
        evidence_groups.component_number as evidence_number,
        coalesce(components.component_number, evidence_groups.component_number) as component_number,
    from evidence_groups
    left join {{ ref('components') }} as components using (identifier_number)

),

isolated as (

    select identifier_number
    from {{ ref('quarantined_identifiers') }}
    where is_isolated
    group by all

),

-- A component and an evidence group are numbered by their oldest identifier, which names them.
founders as (

    select
        components.component_number,
        {{ customer_id('identifiers.identifier_key') }} as customer_id,
        hash(identifiers.identifier_key) as evidence_group,
    from components
    inner join identifiers using (identifier_number)
    where components.component_number = components.identifier_number

)

select
    identifiers.identifier_key,
    founders.customer_id,
    identifiers.identifier_type,
    identifiers.source,
    identifiers.first_seen_at,
    identifiers.last_seen_at,
    not identifiers.is_role_mailbox and isolated.identifier_number is null as is_bridging,
    identifiers.load_seq,
    identifiers.trust,
    elders.evidence_group,
    components.evidence_number = identifiers.identifier_number as is_eldest,
    {{ this_resolution() }} as resolution_number
from identifiers
inner join components using (identifier_number)
inner join founders on founders.component_number = components.component_number
inner join founders as elders on elders.component_number = components.evidence_number
left join isolated on isolated.identifier_number = identifiers.identifier_number
where identifiers.is_open
{%- if is_incremental() and is_resolved_before() %}
union all
select
    identifiers.identifier_key,
    stored.customer_id,
    identifiers.identifier_type,
    identifiers.source,
    identifiers.first_seen_at,
    identifiers.last_seen_at,
    stored.is_bridging,
    identifiers.load_seq,
    identifiers.trust,
    stored.evidence_group,
    stored.is_eldest,
    {{ this_resolution() }} as resolution_number
from identifiers
inner join {{ this }} as stored using (identifier_key)
where not identifiers.is_open
{%- endif %}
