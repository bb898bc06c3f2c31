with

delivered as (

    {{ version_as_of(staged('crm_contacts'), clock='created_at') }}

)

select
    record_key,
    source,
    {{ best_identifier_key(['contact_id', 'user_id', 'loyalty_id', 'email', 'phone'], country='country') }} as identifier_key,
    contact_id,
    email,
    phone,
    first_name,
    last_name,
    birth_date,
    street,
    postal_code,
    city,
    country,
    company_id,
    lead_source,
    owner,
    loyalty_id,
    user_id,
    created_at,
    {{ known_by_as_of('updated_at') }} as updated_at,
    {{ known_by_as_of('deleted_at') }} as deleted_at,
    case when coalesce(deleted_at < {{ as_of_end() }}, true) then merged_into_contact_id end as merged_into_contact_id,
    load_seq,
    first_load_seq
from delivered
where created_at < {{ as_of_end() }}
