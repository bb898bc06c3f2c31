with

deals as (

    select * from {{ source('raw_hubspot', 'deals') }}

)

select
    'hubspot:' || id as record_key,
    'hubspot' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as deal_id,
    contact_ids ->> 0 as contact_id,
    company_id,
    name,
    stage,
    coalesce(cast(is_closed as boolean), false) as is_closed,
    coalesce(cast(is_won as boolean), false) as is_won,
    cast(amount as decimal(18, 4)) as amount,
    upper(currency) as currency,
    {{ utc('created_at') }} as created_at,
    {{ utc('updated_at') }} as updated_at,
    -- An open deal carries the date on which it is expected to close.
    case when cast(is_closed as boolean) then {{ utc('close_date') }} end as closed_at
from deals
where not is_archived
