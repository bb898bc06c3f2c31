with

tasks as (

    select * from {{ source('raw_salesforce', 'tasks') }}

)

select
    'salesforce:' || id as record_key,
    'salesforce' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as activity_id,
    who_id as contact_id,
    case task_subtype when 'Call' then 'call' else 'mailing' end as type,
    coalesce(
        {{ utc('completed_date_time') }},
        cast(cast(activity_date as date) as timestamp),
        {{ utc('created_date') }}
    ) as occurred_at,
    lower(call_type) as direction,
    call_disposition as outcome,
    cast(null as varchar) as campaign
from tasks
where is_closed
    and not is_deleted
    and who_id is not null
    and task_subtype in ('Call', 'Email', 'ListEmail')
