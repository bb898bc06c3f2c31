with

sessions as (

    select
        {{ business_month('web_sessions.started_at') }} as month_start,
        customer_origins.acquisition_channel,
        customer_persons.country,
        customer_persons.is_business,
        customer_persons.company_industry,
        customer_persons.company_size_band,
        segment_months.segment as customer_segment,
        count(*) filter (where web_sessions.is_engaged) as numerator,
        count(*) as denominator,
    from {{ ref('web_sessions') }} as web_sessions
    {{ segment_of_month('web_sessions.customer_id', business_month('web_sessions.started_at')) }}
    left join {{ ref('customer_origins') }} as customer_origins
        on customer_origins.customer_id = web_sessions.customer_id
    left join {{ ref('customer_persons') }} as customer_persons
        on customer_persons.customer_id = web_sessions.customer_id
    group by all

),

visits as (

    select
        month_start,
        'web' as channel,
        'engaged_session' as variant,
        unnest({{ person_segments('sessions', 'sessions', 'sessions.customer_segment') }}) as segment,
        numerator,
        denominator,
    from sessions

),

posts as (

    select
        date_trunc('month', metric_date)::date as month_start,
        'social' as channel,
        'interaction' as variant,
        'all' as segment,
        sum(coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0) + coalesce(saves, 0)) as numerator,
        sum(reach) as denominator,
    from {{ ref('social_page_metrics') }}
    where reach is not null
    group by 1

),

figures as (

    select * from {{ ref('email_engagement') }}
    union all by name
    select * from visits
    union all by name
    select * from posts
    union all by name
    select * from {{ ref('loyalty_engagement') }}
    union all by name
    select * from {{ ref('overall_engagement') }}

)

select
    figures.month_start,
    figures.channel,
    figures.variant,
    figures.segment,
    sum(figures.numerator)::bigint as numerator,
    sum(figures.denominator)::bigint as denominator,
    business_months.is_complete,
from figures
join {{ ref('business_months') }} as business_months on business_months.month_start = figures.month_start
group by all
