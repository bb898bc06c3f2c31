with

accounts as (

    select * from {{ source('raw_salesforce', 'accounts') }}

)

select
    'salesforce:' || id as record_key,
    'salesforce' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as company_id,
    name,
    -- The field holds a web address or only a domain.
    nullif(regexp_extract(lower(website), '^(?:https?://)?(?:www\.)?([^/:?#]+)', 1), '') as domain,
    lower(industry) as industry,
    number_of_employees as employee_count,
    city,
    case when length(country) = 2 then upper(country) end as country,
    {{ utc('created_date') }} as created_at,
    {{ utc('system_modstamp') }} as updated_at
from accounts
where not is_deleted
