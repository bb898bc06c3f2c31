with

latest as (

    select
        identifiers.customer_id,
        max({
            'changed_at': crm_stage_changes.changed_at,
            'record_key': crm_stage_changes.record_key,
            'stage': crm_stage_changes.stage
        }) as change,
    from {{ ref('crm_stage_changes') }} as crm_stage_changes
    join {{ ref('customer_identifiers_map') }} as identifiers
        on identifiers.identifier_key = crm_stage_changes.identifier_key
    where crm_stage_changes.changed_at < {{ as_of_end() }}
    group by identifiers.customer_id

)

select
    customer_id,
    nullif(change.stage, 'none') as crm_lifecycle_stage,
    change.changed_at as crm_stage_changed_at,
from latest
