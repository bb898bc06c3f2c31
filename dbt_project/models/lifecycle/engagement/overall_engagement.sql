with

stays as (

    select
        customer_id,
        entered_at,
        coalesce(left_at, {{ as_of_end() }}) as left_at,
    from {{ ref('stage_stays') }}
    where model = 'six_phase'
        and stage in ('retention', 'advocacy')

),

months as (

    select
        month_start,
        {{ start_of_business_date('month_start') }} as started_at,
        {{ start_of_business_date('next_month_start') }} as ended_at,
    from {{ ref('business_months') }}

),

active as (

    select
        months.month_start,
        count(distinct stays.customer_id) as customer_count,
    from stays
    join months
        on stays.entered_at < months.ended_at
        and stays.left_at > months.started_at
    group by months.month_start

),

engaged as (

    select
        months.month_start,
        count(distinct touchpoints.customer_id) as customer_count,
    from {{ ref('touchpoints') }} as touchpoints
    join {{ ref('touchpoint_types') }} as touchpoint_types
        on touchpoint_types.touchpoint = touchpoints.touchpoint
    join stays
        on stays.customer_id = touchpoints.customer_id
        and touchpoints.occurred_at >= stays.entered_at
        and touchpoints.occurred_at < stays.left_at
    asof join months on months.started_at <= touchpoints.occurred_at
    where touchpoint_types.is_by_person
        and touchpoint_types.engagement_points > 0
    group by months.month_start

)

select
    active.month_start,
    'overall' as channel,
    'engaged_customer' as variant,
    coalesce(engaged.customer_count, 0) as numerator,
    active.customer_count as denominator,
from active
left join engaged on engaged.month_start = active.month_start
