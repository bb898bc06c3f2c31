with

occasions as (

    select * from {{ ref('order_occasions') }}
    union all
    select * from {{ ref('contract_occasions') }}
    union all
    select * from {{ ref('lead_occasions') }}

),

contact_triggers as (

    select * from {{ ref('contact_triggers') }}

),

dated as (

    select
        occasions.customer_id,
        occasions.trigger,
        occasions.evidence_touchpoint_id,
        contact_triggers.priority,
        contact_triggers.notice_days,
        contact_triggers.expires_after_days,
        occasions.anchored_on + contact_triggers.due_after_days as due_on,
    from occasions
    join contact_triggers on contact_triggers.trigger = occasions.trigger

)

select
    customer_id,
    trigger,
    priority,
    due_on,
    due_on + expires_after_days as expires_on,
    evidence_touchpoint_id,
from dated
where due_on - notice_days <= {{ as_of() }}
    and (expires_after_days is null or due_on + expires_after_days >= {{ as_of() }})
