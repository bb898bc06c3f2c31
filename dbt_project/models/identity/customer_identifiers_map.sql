{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='identifier_key',
    pre_hook="{{ remove_open_rows(['identifier_key']) }}"
) }}

-- depends_on: {{ ref('resolution_scope') }}

with

identifiers as (

    select * from {{ ref('identifiers') }}

),

components as (

    select * from {{ ref('components') }}

),

evidence_groups as (

    select * from {{ ref('evidence_groups') }}

),

isolated as (

    select identifier_number
    from {{ ref('quarantined_identifiers') }}
    where is_isolated
    group by all

),

resolved as (

    select
        identifiers.identifier_key,
        {{ customer_id('founders.identifier_key') }} as customer_id,
        not identifiers.is_role_mailbox and isolated.identifier_number is null as is_bridging,
        hash(eldest.identifier_key) as evidence_group,
    from identifiers
    inner join components using (identifier_number)
    inner join identifiers as founders on founders.identifier_number = components.component_number
    inner join evidence_groups on evidence_groups.identifier_number = identifiers.identifier_number
    inner join identifiers as eldest on eldest.identifier_number = evidence_groups.component_number
    left join isolated on isolated.identifier_number = identifiers.identifier_number
    where identifiers.is_open
    {%- if is_incremental() and is_resolved_before() %}
    union all
    select identifier_key, customer_id, is_bridging, evidence_group from {{ this }}
    {%- endif %}

)

select
    identifiers.identifier_key,
    resolved.customer_id,
    identifiers.identifier_type,
    identifiers.identifier_value,
    identifiers.source,
    identifiers.first_seen_at,
    identifiers.last_seen_at,
    resolved.is_bridging,
    identifiers.load_seq,
    identifiers.trust,
    resolved.evidence_group
from identifiers
inner join resolved using (identifier_key)
