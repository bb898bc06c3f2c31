with

crm_companies as (

    select * from {{ source('raw_files', 'crm_companies') }}

)

select
    'files:' || company_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    company_id,
    name,
    domain,
    industry,
    employee_count,
    city,
    upper(country) as country,
    created_at,
    updated_at
from crm_companies
