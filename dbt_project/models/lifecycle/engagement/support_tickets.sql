{%- set window_ends_at = add_days('tickets.opened_at', var('buying_question_days')) -%}

with

tickets as (

    select
        crm_tickets.record_key,
        identifiers.customer_id,
        coalesce(crm_tickets.channel, 'unknown') as channel,
        crm_tickets.opened_at,
        crm_tickets.first_response_at,
        crm_tickets.resolved_at,
        coalesce(crm_tickets.is_self_service, false) as is_self_service,
        coalesce(
            least(crm_tickets.first_response_at, crm_tickets.resolved_at)
            <= crm_tickets.opened_at + interval '{{ var("answer_hours") }}' hour,
            false
        ) as is_answered_in_time,
    from {{ ref('crm_tickets') }} as crm_tickets
    left join {{ ref('customer_identifiers_map') }} as identifiers
        on identifiers.identifier_key = crm_tickets.identifier_key

),

carts as (

    select
        customer_id,
        occurred_at,
    from {{ ref('touchpoints') }}
    where touchpoint in ('add_to_cart', 'checkout_started')

),

orders as (

    select
        customer_id,
        ordered_at,
    from {{ ref('customer_orders') }}
    where customer_id is not null

),

-- The last cart and order before each ticket, and the first order after it.
surrounded as (

    select
        tickets.*,
        carts.occurred_at as cart_at,
        earlier_orders.ordered_at as earlier_order_at,
        later_orders.ordered_at as later_order_at,
        {{ window_ends_at }} as window_ends_at,
    from tickets
    asof left join carts
        on carts.customer_id = tickets.customer_id
        and carts.occurred_at <= tickets.opened_at
    asof left join orders as earlier_orders
        on earlier_orders.customer_id = tickets.customer_id
        and earlier_orders.ordered_at <= tickets.opened_at
    asof left join orders as later_orders
        on later_orders.customer_id = tickets.customer_id
        and later_orders.ordered_at > tickets.opened_at

)

select
    record_key,
    customer_id,
    channel,
    opened_at,
    is_self_service,
    is_answered_in_time,
    resolved_at is not null as is_resolved,
    case when not is_self_service then {{ days_between('opened_at', 'first_response_at') }} * 24 end
        as first_response_hours,
    case when not is_self_service then {{ days_between('opened_at', 'resolved_at') }} * 24 end as resolution_hours,
    window_ends_at <= {{ as_of_end() }} as is_mature,
    coalesce({{ add_days('cart_at', var('buying_question_days')) }} >= opened_at, false)
    and coalesce(earlier_order_at < cart_at, true) as is_buying_question,
    coalesce(later_order_at > window_ends_at, true) as is_without_order,
from surrounded
