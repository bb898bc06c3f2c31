with

contacts as (

    select * from {{ source('raw_salesforce', 'contacts') }}

),

leads as (

    select * from {{ source('raw_salesforce', 'leads') }}

),

-- A converted lead goes on as the contact it became; the conversion has a day and no time.
people as (

    select
        *,
        master_record_id as merged_into,
        case when is_deleted then {{ utc('system_modstamp') }} end as gone_at,
    from contacts
    union all by name
    select
        *,
        coalesce(master_record_id, converted_contact_id) as merged_into,
        case
            when is_deleted then {{ utc('system_modstamp') }}
            when is_converted then cast(cast(converted_date as date) as timestamp)
        end as gone_at,
    from leads

)

select
    'salesforce:' || id as record_key,
    'salesforce' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as contact_id,
    lower(email) as email,
    coalesce(phone, mobile_phone) as phone,
    first_name,
    last_name,
    cast(birthdate as date) as birth_date,
    street,
    postal_code,
    city,
    case when length(country) = 2 then upper(country) end as country,
    account_id as company_id,
    lower(lead_source) as lead_source,
    owner_id as owner,
    {{ utc('created_date') }} as created_at,
    {{ utc('system_modstamp') }} as updated_at,
    gone_at as deleted_at,
    merged_into as merged_into_contact_id
from people
