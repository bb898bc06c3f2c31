{#- KPI: the question, and its numerator. -#}
{%- set kpis = {
    'nps': '100.0 * (count(*) filter (where score >= 9) - count(*) filter (where score <= 6))',
    'csat': 'count(*) filter (where score >= 4)',
    'ces': 'round(sum(score::decimal(18, 6)), 6)',
} -%}

with

latest_answers as (

    select * from {{ ref('satisfaction_answers') }}
    where is_latest_of_month

),

-- An answer counts in the segment the person was in when the month began; who was not known then was in none.
segmented as (

    select
        answers.survey_type,
        answers.period_start,
        answers.score,
        unnest({{ person_segments('customer_origins', 'customer_persons', 'segment_months.segment') }}) as segment,
    from latest_answers as answers
    {{ segment_of_month('answers.customer_id', 'answers.period_start') }}
    left join {{ ref('customer_origins') }} as customer_origins on customer_origins.customer_id = answers.customer_id
    left join {{ ref('customer_persons') }} as customer_persons on customer_persons.customer_id = answers.customer_id
    union all
    select
        survey_type,
        period_start,
        score,
        'touchpoint:' || touchpoint as segment,
    from {{ ref('satisfaction_answers') }}
    where is_latest_about_touchpoint

)
{%- for kpi, numerator in kpis.items() %}
select
    '{{ kpi }}' as kpi,
    segmented.period_start,
    segmented.segment,
    ({{ numerator }})::double as numerator,
    count(*)::double as denominator,
    any_value(business_months.is_complete) as is_mature,
from segmented
join {{ ref('business_months') }} as business_months on business_months.month_start = segmented.period_start
where segmented.survey_type = '{{ kpi }}'
group by segmented.period_start, segmented.segment
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
