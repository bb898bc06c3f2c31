with

contact_values as (

    select
        customer_id,
        {%- for attribute in [
            'first_name', 'last_name', 'email', 'phone', 'city', 'postal_code', 'street', 'country', 'birth_date',
            'company_id', 'lead_source',
        ] %}
        any_value(value) filter (where attribute = '{{ attribute }}') as {{ attribute }},
        {%- endfor %}
        any_value(source) filter (where attribute = 'company_id') as company_source,
    from {{ ref('contact_attributes') }}
    group by customer_id

),

-- People without a contact record may still be known by an address.
known_addresses as (

    select
        customer_id,
        any_value(value) filter (where attribute = 'email') as email,
        any_value(value) filter (where attribute = 'phone') as phone,
    from {{ ref('oldest_addresses') }}
    group by customer_id

),

customers as (

    select * from {{ ref('customers') }}

),

companies as (

    select * from {{ ref('crm_companies') }}

)

select
    customers.customer_id,
    nullif(concat_ws(' ', contact_values.first_name, contact_values.last_name), '') as full_name,
    contact_values.first_name,
    contact_values.last_name,
    coalesce(contact_values.email, known_addresses.email) as email,
    coalesce(contact_values.phone, known_addresses.phone) as phone,
    contact_values.street,
    contact_values.city,
    contact_values.postal_code,
    contact_values.country,
    contact_values.birth_date::date as birth_on,
    contact_values.lead_source,
    contact_values.company_id is not null as is_business,
    companies.name as company_name,
    companies.industry as company_industry,
    case
        when companies.employee_count < 10 then '1-9'
        when companies.employee_count < 50 then '10-49'
        when companies.employee_count < 250 then '50-249'
        when companies.employee_count >= 250 then '250+'
    end as company_size_band,
from customers
left join contact_values on contact_values.customer_id = customers.customer_id
left join known_addresses on known_addresses.customer_id = customers.customer_id
left join companies
    on companies.company_id = contact_values.company_id
    and companies.source = contact_values.company_source
