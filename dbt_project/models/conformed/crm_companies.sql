with

delivered as (

    {{ version_as_of(staged('crm_companies'), clock='created_at') }}

)

select
    record_key,
    source,
    company_id,
    name,
    domain,
    industry,
    employee_count,
    city,
    country,
    created_at,
    {{ known_by_as_of('updated_at') }} as updated_at,
    load_seq,
    first_load_seq
from delivered
where coalesce(created_at < {{ as_of_end() }}, true)
