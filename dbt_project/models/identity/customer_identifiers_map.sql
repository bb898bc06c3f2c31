{{ config(materialized='view') }}

with

resolved as (

    select * from {{ ref('resolved_identifiers') }}

),

unclaimed_devices as (

    select * from {{ ref('unclaimed_devices') }}

)

select
    resolved.identifier_key,
    coalesce(unclaimed_devices.customer_id, resolved.customer_id) as customer_id,
    resolved.identifier_type,
    {{ identifier_value('resolved.') }} as identifier_value,
    resolved.source,
    resolved.first_seen_at,
    resolved.last_seen_at,
    resolved.is_bridging,
    resolved.load_seq,
    resolved.trust,
    resolved.evidence_group
from resolved
left join unclaimed_devices using (identifier_key)
