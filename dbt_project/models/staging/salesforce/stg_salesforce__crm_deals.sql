with

opportunities as (

    select * from {{ source('raw_salesforce', 'opportunities') }}

)

select
    'salesforce:' || id as record_key,
    'salesforce' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as deal_id,
    contact_id,
    account_id as company_id,
    name,
    stage_name as stage,
    is_closed,
    is_won,
    cast(amount as decimal(18, 4)) as amount,
    upper(currency_iso_code) as currency,
    {{ utc('created_date') }} as created_at,
    {{ utc('system_modstamp') }} as updated_at,
    -- An open opportunity carries the day on which it is expected to close.
    case when is_closed then cast(cast(close_date as date) as timestamp) end as closed_at
from opportunities
where not is_deleted
