with

answers as (

    select
        identifiers.customer_id,
        responses.survey_type,
        {{ business_month('responses.responded_at') }} as period_start,
        responses.score,
        {{ score_on_scale('responses.score', 'responses.scale_min', 'responses.scale_max',
            'responses.higher_is_better', 1, 5) }} as csat_score,
        {{ score_on_scale('responses.score', 'responses.scale_min', 'responses.scale_max',
            'responses.higher_is_better', 1, 7) }} as ces_score,
        row_number() over (
            partition by identifiers.customer_id, responses.survey_type, {{ business_month('responses.responded_at') }}
            order by responses.responded_at desc, responses.record_key desc
        ) as answer_rank,
    from {{ ref('crm_survey_responses') }} as responses
    join {{ ref('customer_identifiers_map') }} as identifiers
        on identifiers.identifier_key = responses.identifier_key
    where responses.responded_at < {{ as_of_end() }}

),

-- The latest answer of a person counts once per month.
latest as (

    select * from answers where answer_rank = 1

),

figures as (

    select
        'nps' as kpi,
        period_start,
        100.0 * (count(*) filter (where score >= 9) - count(*) filter (where score <= 6)) as numerator,
        count(*) as denominator,
    from latest
    where survey_type = 'nps'
    group by period_start
    union all
    select 'csat', period_start, count(*) filter (where csat_score >= 4), count(csat_score)
    from latest
    where survey_type = 'csat'
    group by period_start
    union all
    select 'ces', period_start, round(sum(ces_score::decimal(18, 6)), 6), count(ces_score)
    from latest
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
