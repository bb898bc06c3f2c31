with

customers as (

    select * from {{ source('raw_shopify', 'customers') }}

),

-- Shopify tells of a deletion only in its event log.
deletions as (

    select
        subject_id,
        min({{ utc('created_at') }}) as deleted_at,
    from {{ source('raw_shopify', 'deletions') }}
    where subject_type = 'Customer'
        and verb = 'destroy'
    group by subject_id

)

select
    'shopify:' || customers.id as record_key,
    'shopify' as source,
    customers._load_seq as load_seq,
    customers._row_number as row_number,
    customers.id::varchar as contact_id,
    lower(customers.email) as email,
    coalesce(customers.phone, customers.default_address ->> 'phone') as phone,
    customers.first_name,
    customers.last_name,
    customers.default_address ->> 'address1' as street,
    customers.default_address ->> 'zip' as postal_code,
    customers.default_address ->> 'city' as city,
    upper(customers.default_address ->> 'country_code') as country,
    {{ utc('customers.created_at') }} as created_at,
    {{ utc('customers.updated_at') }} as updated_at,
    deletions.deleted_at
from customers
left join deletions on deletions.subject_id = customers.id
