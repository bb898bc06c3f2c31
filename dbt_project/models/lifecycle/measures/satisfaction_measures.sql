with

answers as (

    select * from {{ ref('satisfaction_answers') }}
    where is_latest_of_month

),

figures as (

    select
        'nps' as kpi,
        period_start,
        100.0 * (count(*) filter (where score >= 9) - count(*) filter (where score <= 6)) as numerator,
        count(*) as denominator,
    from answers
    where survey_type = 'nps'
    group by period_start
    union all
    select 'csat', period_start, count(*) filter (where score >= 4), count(*)
    from answers
    where survey_type = 'csat'
    group by period_start
    union all
    select 'ces', period_start, round(sum(score::decimal(18, 6)), 6), count(*)
    from answers
    where survey_type = 'ces'
    group by period_start

)

select
    figures.kpi,
    figures.period_start,
    'all' as segment,
    figures.numerator::double as numerator,
    figures.denominator::double as denominator,
    business_months.is_complete as is_mature,
from figures
join {{ ref('business_months') }} as business_months on business_months.month_start = figures.period_start
