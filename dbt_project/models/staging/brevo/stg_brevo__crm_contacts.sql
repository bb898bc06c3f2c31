with

contacts as (

    select * from {{ source('raw_brevo', 'contacts') }}

),

-- Names stand in attributes that are called as the language of the account has it.
named as (

    select
        *,
        regexp_replace(attributes ->> 'SMS', '[^0-9+]', '', 'g') as sms_number,
        coalesce(
            nullif(attributes ->> 'FIRSTNAME', ''),
            nullif(attributes ->> 'FNAME', ''),
            nullif(attributes ->> 'VORNAME', ''),
            nullif(attributes ->> 'PRENOM', '')
        ) as first_name,
        coalesce(
            nullif(attributes ->> 'LASTNAME', ''),
            nullif(attributes ->> 'LNAME', ''),
            nullif(attributes ->> 'NACHNAME', ''),
            nullif(attributes ->> 'NOM', '')
        ) as last_name,
    from contacts

)

select
    'brevo:' || id as record_key,
    'brevo' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    cast(id as varchar) as contact_id,
    lower(email) as email,
    {{ brevo_phone('sms_number') }} as phone,
    first_name,
    last_name,
    {{ utc('created_at') }} as created_at,
    {{ utc('modified_at') }} as updated_at
from named
