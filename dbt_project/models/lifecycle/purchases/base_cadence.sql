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

gaps as (

    select
        purchase_month,
        gap_days,
        count(*) as gap_count,
    from purchases
    where gap_days is not null
    group by all

),

earlier_gaps as (

    select
        months.purchase_month,
        gaps.gap_days,
        sum(gaps.gap_count) as gap_count,
    from months
    join gaps on gaps.purchase_month < months.purchase_month
    group by all

),

known_gaps as (

    select
        purchase_month,
        gap_days,
        sum(gap_count) over (partition by purchase_month order by gap_days) as gaps_up_to_count,
        sum(gap_count) over (partition by purchase_month) as gap_count,
    from earlier_gaps

),

-- The quantile of n values lies at position (n - 1) * q, counted from 0, between the two values around it.
neighbours as (

    select
        purchase_month,
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
    gap_count,
    lower_days + (upper_days - lower_days) * (position - floor(position)) as gap_quantile_days,
from neighbours
