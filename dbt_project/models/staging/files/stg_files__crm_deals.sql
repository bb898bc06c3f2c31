with

crm_deals as (

    select * from {{ source('raw_files', 'crm_deals') }}

)

select
    'files:' || deal_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    deal_id,
    contact_id,
    company_id,
    name,
    stage,
    is_closed,
    is_won,
    amount,
    upper(currency) as currency,
    created_at,
    updated_at,
    closed_at
from crm_deals
