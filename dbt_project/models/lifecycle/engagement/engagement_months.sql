with

sessions as (

    select
        {{ business_month('started_at') }} as month_start,
        'web' as channel,
        'engaged_session' as variant,
        count(*) filter (where is_engaged) as numerator,
        count(*) as denominator,
    from {{ ref('web_sessions') }}
    group by 1

),

posts as (

    select
        date_trunc('month', metric_date)::date as month_start,
        'social' as channel,
        'interaction' as variant,
        sum(coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0) + coalesce(saves, 0)) as numerator,
        sum(reach) as denominator,
    from {{ ref('social_page_metrics') }}
    where reach is not null
    group by 1

),

figures as (

    select * from {{ ref('email_engagement') }}
    union all
    select * from sessions
    union all
    select * from posts
    union all
    select * from {{ ref('loyalty_engagement') }}
    union all
    select * from {{ ref('overall_engagement') }}

)

select
    figures.month_start,
    figures.channel,
    figures.variant,
    figures.numerator::bigint as numerator,
    figures.denominator::bigint as denominator,
    business_months.is_complete,
from figures
join {{ ref('business_months') }} as business_months on business_months.month_start = figures.month_start
