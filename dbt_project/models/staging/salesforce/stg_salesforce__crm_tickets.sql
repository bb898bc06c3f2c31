with

cases as (

    select * from {{ source('raw_salesforce', 'cases') }}

)

select
    'salesforce:' || id as record_key,
    'salesforce' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as ticket_id,
    contact_id,
    lower(supplied_email) as email,
    lower(origin) as channel,
    lower(coalesce(reason, type)) as topic,
    {{ utc('created_date') }} as opened_at,
    -- Salesforce has no field for the first answer.
    cast(null as timestamp) as first_response_at,
    case when is_closed then {{ utc('closed_date') }} end as resolved_at,
    cast(null as boolean) as is_self_service,
    {{ utc('system_modstamp') }} as updated_at
from cases
where not is_deleted
