{#- Attributes whose value is chosen by survivorship: text columns of contacts. -#}
{%- set attributes = [
    'first_name', 'last_name', 'email', 'phone', 'city', 'postal_code', 'street', 'country', 'birth_date',
    'company_id', 'lead_source',
] -%}

with

contacts as (

    select
        crm_contacts.*,
        identifiers.customer_id,
        coalesce(list_position({{ var('source_priority') }}, crm_contacts.source), 1000) as source_rank,
        coalesce(crm_contacts.updated_at, crm_contacts.created_at) as changed_at,
    from {{ ref('crm_contacts') }} as crm_contacts
    join {{ ref('customer_identifiers_map') }} as identifiers
        on identifiers.identifier_key = crm_contacts.identifier_key

),

known_values as (
    {%- for attribute in attributes %}
    select customer_id, '{{ attribute }}' as attribute, {{ attribute }}::varchar as value, source, source_rank,
        changed_at, deleted_at is not null as is_deleted
    from contacts
    where {{ attribute }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

counted as (

    select
        customer_id,
        attribute,
        value,
        min({
            'is_deleted': is_deleted, 'source_rank': source_rank, 'age': -epoch_us(changed_at), 'source': source
        }) as standing,
        count(*) as occurrence_count,
    from known_values
    group by all

),

ranked as (

    select
        *,
        row_number() over (
            partition by customer_id, attribute
            order by standing.is_deleted, standing.source_rank, standing.age, occurrence_count desc, value
        ) as value_rank,
    from counted

)

select
    customer_id,
    attribute,
    value,
    standing.source as source,
from ranked
where value_rank = 1
