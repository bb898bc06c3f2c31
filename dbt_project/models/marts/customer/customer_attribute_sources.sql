{#- Columns of the profile that survivorship chooses among the contacts' values, by the attribute they are made of. -#}
{%- set chosen = {
    'first_name': 'first_name', 'last_name': 'last_name', 'email': 'email', 'phone': 'phone', 'city': 'city',
    'postal_code': 'postal_code', 'country': 'country', 'birth_date': 'birth_on', 'company_id': 'company_name',
    'lead_source': 'lead_source',
} -%}

with

winners as (

    select
        customer_id,
        case attribute
            {%- for attribute, column in chosen.items() %}
            when '{{ attribute }}' then '{{ column }}'
            {%- endfor %}
        end as attribute,
        source,
    from {{ ref('contact_attributes') }}
    where attribute in ('{{ chosen.keys() | join("', '") }}')

),

-- What no contact tells is told by the oldest address known.
addresses as (

    select * from {{ ref('oldest_addresses') }}

),

sources as (

    select
        customer_id,
        attribute,
        source,
        'contact' as basis,
    from winners
    union all
    select
        addresses.customer_id,
        addresses.attribute,
        addresses.source,
        'oldest_identifier' as basis,
    from addresses
    anti join winners using (customer_id, attribute)

)

select
    sources.customer_id,
    sources.attribute,
    sources.source,
    sources.basis,
    {{ as_of() }} as as_of,
from sources
semi join {{ ref('customer_origins') }} as people using (customer_id)
