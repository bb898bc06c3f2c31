{#- One signal before the first purchase: the column of `touchpoint_types` that gives it. -#}
{%- set signals = ['intent', 'lead', 'personal_contact', 'closing', 'research', 'engagement'] -%}

with

customer_origins as (

    select * from {{ ref('customer_origins') }}

),

first_purchases as (

    select
        customer_id,
        touchpoint_id,
        purchased_at,
    from {{ ref('purchases') }}
    where purchase_number = 1

),

signals as (

    select
        first_signals.customer_id,
        {%- for signal in signals %}
        min({'occurred_at': first_signals.first_at, 'touchpoint_id': first_signals.touchpoint_id})
            filter (where touchpoint_types.gives_{{ signal }}) as {{ signal }},
        {%- endfor %}
    from {{ ref('first_signals') }} as first_signals
    join {{ ref('touchpoint_types') }} as touchpoint_types
        on touchpoint_types.touchpoint = first_signals.touchpoint
    where first_signals.purchase_number = 0
    group by first_signals.customer_id

)

select
    customer_origins.customer_id,
    customer_origins.first_touchpoint_id,
    customer_origins.first_touchpoint_at,
    customer_origins.identified_at,
    first_purchases.touchpoint_id as purchase_touchpoint_id,
    first_purchases.purchased_at as first_purchase_at,
    {%- for signal in signals %}
    signals.{{ signal }}.touchpoint_id as {{ signal }}_touchpoint_id,
    signals.{{ signal }}.occurred_at as {{ signal }}_at,
    {%- endfor %}
from customer_origins
left join first_purchases on first_purchases.customer_id = customer_origins.customer_id
left join signals on signals.customer_id = customer_origins.customer_id
