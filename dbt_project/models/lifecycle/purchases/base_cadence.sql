with

purchases as (

    select
        *,
        {{ business_month('purchased_at') }} as purchase_month,
    from {{ ref('purchases') }}

),

months as (

    select purchase_month
    from purchases
    group by purchase_month

),

-- A gap belongs to everybody (no category) and to the category of the purchase it follows.
gaps as (

    select
        purchase_month,
        category,
        gap_days,
        count(*) as gap_count,
    from (
        select purchase_month, null as category, gap_days from purchases
        union all
        select purchase_month, previous_category, gap_days from purchases
        where previous_category is not null
    )
    where gap_days is not null
    group by all

),

earlier_gaps as (

    select
        months.purchase_month,
        gaps.category,
        gaps.gap_days,
        sum(gaps.gap_count) as gap_count,
    from months
    join gaps on gaps.purchase_month < months.purchase_month
    group by all

),

known_gaps as (

    select
        purchase_month,
        category,
        gap_days,
        sum(gap_count) over (partition by purchase_month, category order by gap_days) as gaps_up_to_count,
        sum(gap_count) over (partition by purchase_month, category) as gap_count,
    from earlier_gaps

),

-- The quantile of n values lies at position (n - 1) * q, counted from 0, between the two values around it.
neighbours as (

    select
        purchase_month,
        category,
        gap_count,
        (gap_count - 1) * {{ var('lapse_gap_quantile') }} as position,
        min(gap_days) filter (where gaps_up_to_count > floor((gap_count - 1) * {{ var('lapse_gap_quantile') }}))
            as lower_days,
        min(gap_days) filter (where gaps_up_to_count > ceil((gap_count - 1) * {{ var('lapse_gap_quantile') }}))
            as upper_days,
    from known_gaps
    group by all

)

select
    purchase_month,
    category,
    gap_count,
    lower_days + (upper_days - lower_days) * (position - floor(position)) as gap_quantile_days,
from neighbours
where category is null or gap_count >= {{ var('lapse_category_gaps_minimum') }}
