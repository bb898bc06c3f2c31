with

answers as (

    select
        journey_answers.*,
        {%- for dimension in journey_dimensions() %}
        customer_segments.{{ dimension }},
        {%- endfor %}
    from {{ ref('journey_answers') }} as journey_answers
    join {{ ref('customer_segments') }} as customer_segments
        on customer_segments.customer_number = journey_answers.customer_number

)

select
    model,
    stage_order,
    touchpoint_number,
    {{ journey_segment_columns() }},
    count(*) filter (where survey_type = 'nps') as nps_response_count,
    100.0 * (
        count(*) filter (where survey_type = 'nps' and score >= 9)
        - count(*) filter (where survey_type = 'nps' and score <= 6)
    ) / nullif(count(*) filter (where survey_type = 'nps'), 0) as nps,
    {%- for survey_type in ['csat', 'ces'] %}
    count(score) filter (where survey_type = '{{ survey_type }}') as {{ survey_type }}_response_count,
    round(avg(score::decimal(18, 6)) filter (where survey_type = '{{ survey_type }}'), 6) as mean_{{ survey_type }}_score,
    {%- endfor %}
from answers
group by {{ by_journey_segments('model, stage_order, touchpoint_number') }}
