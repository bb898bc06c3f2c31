with

crm_companies as (

    select * from {{ source('raw_files', 'crm_companies') }}

)

select
    'files:' || trim(company_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(company_id), '') as company_id,
    nullif(trim(name), '') as name,
    nullif(trim(domain), '') as domain,
    nullif(trim(industry), '') as industry,
    employee_count,
    nullif(trim(city), '') as city,
    nullif(upper(trim(country)), '') as country,
    created_at,
    updated_at
from crm_companies
