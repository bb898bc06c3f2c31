{#- Attributes whose value is chosen by survivorship: text columns of contacts. -#}
{%- set attributes = [
    'first_name', 'last_name', 'email', 'phone', 'city', 'postal_code', 'street', 'country', 'birth_date',
    'company_id', 'lead_source',
] -%}

with

sources as (

    select * from {{ ref('attribute_sources') }}

),

contacts as (

    select
        crm_contacts.*,
        identifiers.customer_id,
        coalesce(crm_contacts.updated_at, crm_contacts.created_at) as changed_at,
    from {{ ref('crm_contacts') }} as crm_contacts
    join {{ ref('customer_identifiers_map') }} as identifiers
        on identifiers.identifier_key = crm_contacts.identifier_key

),

known_values as (
    {%- for attribute in attributes %}
    select customer_id, '{{ attribute }}' as attribute, {{ attribute }}::varchar as value, source, record_key,
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
        known_values.customer_id,
        known_values.attribute,
        known_values.value,
        min({
            'is_deleted': known_values.is_deleted,
            'source_rank': coalesce(own_priority.priority, general_priority.priority, 1000),
            'age': -epoch_us(known_values.changed_at),
            'source': known_values.source,
            'record_key': known_values.record_key
        }) as standing,
        count(*) as occurrence_count,
    from known_values
    left join sources as own_priority
        on own_priority.attribute = known_values.attribute
        and own_priority.source = known_values.source
    left join sources as general_priority
        on general_priority.attribute = 'any'
        and general_priority.source = known_values.source
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
    standing.record_key as record_key,
from ranked
where value_rank = 1
