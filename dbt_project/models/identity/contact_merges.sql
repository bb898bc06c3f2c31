with

contacts as (

    select
        {{ identifier_key('contact_id', 'contact_id') }} as merged_key,
        {{ identifier_key('contact_id', 'merged_into_contact_id') }} as into_key,
        record_key,
        coalesce(deleted_at, updated_at, created_at) as merged_at,
        first_load_seq,
    from {{ ref('crm_contacts') }}

)

select
    record_key,
    merged_key,
    into_key,
    into_key in (select merged_key from contacts where merged_key is not null) as is_into_known,
    merged_at,
    first_load_seq
from contacts
where merged_key is not null
    and into_key is not null
