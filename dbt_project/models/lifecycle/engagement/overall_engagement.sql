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
        stays.customer_id,
    from stays
    join months
        on stays.entered_at < months.ended_at
        and stays.left_at > months.started_at
    group by all

),

engaged as (

    select
        months.month_start,
        touchpoints.customer_id,
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
    group by all

),

segmented as (

    select
        active.month_start,
        engaged.customer_id is not null as is_engaged,
        unnest({{ person_segments('customer_origins', 'customer_persons', 'segment_months.segment') }}) as segment,
    from active
    left join engaged on engaged.month_start = active.month_start and engaged.customer_id = active.customer_id
    {{ segment_of_month('active.customer_id', 'active.month_start') }}
    left join {{ ref('customer_origins') }} as customer_origins on customer_origins.customer_id = active.customer_id
    left join {{ ref('customer_persons') }} as customer_persons on customer_persons.customer_id = active.customer_id

)

select
    month_start,
    'overall' as channel,
    'engaged_customer' as variant,
    segment,
    count(*) filter (where is_engaged) as numerator,
    count(*) as denominator,
from segmented
group by month_start, segment
