{#- Ways to contact a person, the preferred one first: what address it needs. -#}
{%- set channels = {
    'email': 'persons.email is not null',
    'phone': 'persons.phone is not null',
    'post': 'persons.street is not null and persons.city is not null',
} -%}

with

persons as (

    select * from {{ ref('customer_persons') }}

),

consents as (

    select * from {{ ref('customer_consents') }}

),

permissions as (

    select
        persons.customer_id,
        {%- for channel, has_address in channels.items() %}
        coalesce({{ has_address }}, false) as has_{{ channel }},
        case when {{ has_address }} then consents.{{ channel }}_consent_status end as {{ channel }}_status,
        {%- endfor %}
    from persons
    left join consents on consents.customer_id = persons.customer_id

),

chosen as (

    select
        *,
        case
            {%- for channel in channels %}
            when has_{{ channel }} and {{ is_agreed(channel ~ '_status') }} then '{{ channel }}'
            {%- endfor %}
        end as channel,
        [{% for channel in channels %}{{ channel }}_status{{ ', ' if not loop.last }}{% endfor %}] as statuses,
    from permissions

)

select
    customer_id,
    channel,
    channel is not null as is_contactable,
    case
        when channel is not null then null
        when not ({% for channel in channels %}has_{{ channel }}{{ ' or ' if not loop.last }}{% endfor %}) then 'no_address'
        when list_has_any(statuses, ['revoked', 'objected']) then 'consent_withdrawn'
        when list_contains(statuses, 'requested') then 'consent_not_confirmed'
        else 'no_consent'
    end as reason_not_contactable,
from chosen
