with

contact_occasions as (

    select * from {{ ref('contact_occasions') }}

),

contact_permissions as (

    select * from {{ ref('contact_permissions') }}

)

select
    contact_occasions.customer_id,
    contact_occasions.trigger,
    contact_occasions.priority,
    contact_occasions.due_on,
    contact_occasions.expires_on,
    contact_occasions.evidence_touchpoint_id,
    contact_permissions.channel,
    contact_permissions.is_contactable,
    contact_permissions.reason_not_contactable,
    {{ as_of() }} as as_of,
from contact_occasions
join contact_permissions on contact_permissions.customer_id = contact_occasions.customer_id
