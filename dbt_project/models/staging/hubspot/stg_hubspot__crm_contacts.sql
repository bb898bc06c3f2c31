with

contacts as (

    select * from {{ source('raw_hubspot', 'contacts') }}

),

-- HubSpot tells of a merge only at the record that stays; the other one vanishes from all lists.
merges as (

    select
        merged_id,
        arg_min(id, modified_at) as merged_into_contact_id,
        min(modified_at) as merged_at
    from (select id, modified_at, unnest(string_split(hs_merged_object_ids, ';')) as merged_id from contacts)
    where merged_id <> ''
    group by merged_id

)

select
    'hubspot:' || contacts.id as record_key,
    'hubspot' as source,
    contacts._load_seq as load_seq,
    contacts._row_number as row_number,
    contacts.id as contact_id,
    lower(contacts.email) as email,
    coalesce(contacts.phone, contacts.mobile_phone) as phone,
    contacts.first_name,
    contacts.last_name,
    contacts.street,
    contacts.postal_code,
    contacts.city,
    upper(contacts.country) as country,
    contacts.company_id,
    lower(contacts.lead_source) as lead_source,
    contacts.owner_id as owner,
    {{ utc('contacts.created_at') }} as created_at,
    {{ utc('contacts.updated_at') }} as updated_at,
    coalesce({{ utc('contacts.archived_at') }}, {{ utc('merges.merged_at') }}) as deleted_at,
    merges.merged_into_contact_id
from contacts
left join merges on merges.merged_id = contacts.id
