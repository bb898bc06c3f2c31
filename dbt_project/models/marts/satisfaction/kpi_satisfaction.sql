with

answers as (

    select *, 'all' as about from {{ ref('satisfaction_answers') }}
    where is_latest_of_month
    union all
    select *, touchpoint as about from {{ ref('satisfaction_answers') }}
    where is_latest_about_touchpoint

),

segmented as (

    select
        answers.*,
        unnest({{ person_segments('customer_origins', 'customer_persons', 'segment_months.segment') }}) as segment,
    from answers
    {{ segment_of_month('answers.customer_id', 'answers.period_start') }}
    left join {{ ref('customer_origins') }} as customer_origins on customer_origins.customer_id = answers.customer_id
    left join {{ ref('customer_persons') }} as customer_persons on customer_persons.customer_id = answers.customer_id

),

counted as (

    select
        period_start,
        survey_type,
        about as touchpoint,
        segment,
        count(*) as response_count,
        count(*) filter (where score >= 9) as promoters,
        count(*) filter (where score <= 6) as detractors,
        count(*) filter (where score >= 4) as satisfied,
        round(avg(score::decimal(18, 6)), 6)::double as mean_score,
        -- A deviation ends in other digits when answers are added up in another order: nine of them are told.
        round(stddev_samp(score::decimal(18, 6)), 9) as deviation,
    from segmented
    group by period_start, survey_type, about, segment

)

select
    counted.period_start,
    counted.survey_type,
    counted.touchpoint,
    counted.segment,
    response_count::integer as response_count,
    case survey_type
        when 'nps' then 100 * (promoters - detractors) / nullif(response_count, 0)::double
        when 'csat' then satisfied / nullif(response_count, 0)::double
        when 'ces' then mean_score
    end as score,
    case when survey_type = 'nps' then promoters end::integer as promoter_count,
    case when survey_type = 'nps' then response_count - promoters - detractors end::integer as passive_count,
    case when survey_type = 'nps' then detractors end::integer as detractor_count,
    case when survey_type = 'csat' then satisfied end::integer as satisfied_count,
    {%- for end, side in {'ci_low': -1, 'ci_high': 1}.items() %}
    case survey_type
        when 'nps' then 100 * {{ net_share_interval('promoters', 'detractors', 'response_count', side) }}
        when 'csat' then {{ share_interval('satisfied', 'response_count', side) }}
        when 'ces' then {{ mean_interval('mean_score', 'deviation', 'response_count', 1, 7, side) }}
    end as {{ end }},
    {%- endfor %}
    mean_score,
    business_months.is_complete,
    {{ as_of() }} as as_of,
from counted
join {{ ref('business_months') }} as business_months on business_months.month_start = counted.period_start
