with

companies as (

    select * from {{ source('raw_hubspot', 'companies') }}

)

select
    'hubspot:' || id as record_key,
    'hubspot' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as company_id,
    -- A company may have a domain only; the contract wants a name.
    coalesce(name, domain, id) as name,
    lower(domain) as domain,
    lower(industry) as industry,
    cast(cast(employee_count as decimal(18, 2)) as bigint) as employee_count,
    city,
    upper(country) as country,
    {{ utc('created_at') }} as created_at,
    {{ utc('updated_at') }} as updated_at
from companies
where not is_archived
