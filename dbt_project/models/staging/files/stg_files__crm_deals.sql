with

crm_deals as (

    select * from {{ source('raw_files', 'crm_deals') }}

)

select
    'files:' || trim(deal_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(deal_id), '') as deal_id,
    nullif(trim(contact_id), '') as contact_id,
    nullif(trim(company_id), '') as company_id,
    nullif(trim(name), '') as name,
    nullif(trim(stage), '') as stage,
    is_closed,
    is_won,
    amount,
    nullif(upper(trim(currency)), '') as currency,
    created_at,
    updated_at,
    closed_at
from crm_deals
