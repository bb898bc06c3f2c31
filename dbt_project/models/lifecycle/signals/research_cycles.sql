with

signals as (

    select
        first_signals.*,
        touchpoint_types.gives_new_cycle,
        touchpoint_types.gives_closing,
    from {{ ref('first_signals') }} as first_signals
    join {{ ref('touchpoint_types') }} as touchpoint_types
        on touchpoint_types.touchpoint = first_signals.touchpoint
    where first_signals.purchase_number >= 1
        and first_signals.is_after_quiet_time

),

researches as (

    select
        customer_id,
        purchase_number,
        min({'occurred_at': first_at, 'touchpoint_id': touchpoint_id}) as research,
    from signals
    where gives_new_cycle
    group by all

),

checkouts as (

    select
        signals.customer_id,
        signals.purchase_number,
        min({'occurred_at': signals.first_at, 'touchpoint_id': signals.touchpoint_id}) as checkout,
    from signals
    join researches
        on researches.customer_id = signals.customer_id
        and researches.purchase_number = signals.purchase_number
        and researches.research.occurred_at <= signals.first_at
    where signals.gives_closing
    group by all

)

select
    researches.customer_id,
    researches.purchase_number,
    researches.research.touchpoint_id as research_touchpoint_id,
    researches.research.occurred_at as researched_at,
    checkouts.checkout.touchpoint_id as checkout_touchpoint_id,
    checkouts.checkout.occurred_at as checkout_at,
from researches
left join checkouts
    on checkouts.customer_id = researches.customer_id
    and checkouts.purchase_number = researches.purchase_number
