{#- What a customer is worth moves with the customer: from the segment left to the one entered. -#}
{%- set worth = value_worth() -%}

with

value_facts as (

    select * from {{ ref('value_facts') }}

),

-- The segment a month ends with is the one the next begins with.
endings as (

    select
        customer_id,
        (month_start - interval '1' month)::date as month_start,
        segment,
        previous_segment,
    from {{ ref('customer_segment_months') }}

),

moved as (

    select
        endings.month_start,
        endings.segment,
        endings.previous_segment,
        {%- for column in worth %}
        sum(value_facts.{{ column }}) as {{ column }},
        {%- endfor %}
    from endings
    join value_facts
        on value_facts.customer_id = endings.customer_id
        and value_facts.month_start < endings.month_start
    group by all

),

changes as (

    select
        value_facts.month_start,
        coalesce(endings.segment, 'none') as segment,
        {%- for column in worth %}
        value_facts.{{ column }},
        {%- endfor %}
        null as repeat_amount,
        null as compared_amount,
    from value_facts
    asof left join endings
        on endings.customer_id = value_facts.customer_id
        and endings.month_start <= value_facts.month_start
    {%- for segment, sign in [('segment', ''), ('previous_segment', '-')] %}
    union all
    select
        month_start,
        {{ segment }},
        {%- for column in worth %}
        {{ sign }}{{ column }},
        {%- endfor %}
        null,
        null,
    from moved
    {%- endfor %}
    union all
    -- Repeat orders are of the month itself: like all orders they count in the segment it began with.
    select
        value_facts.month_start,
        coalesce(segment_months.segment, 'none'),
        {{ 'null, ' * worth | length }}
        value_facts.repeat_amount,
        value_facts.compared_amount,
    from value_facts
    {{ segment_of_month('value_facts.customer_id', 'value_facts.month_start') }}
    where value_facts.repeat_amount is not null

)

select
    month_start,
    'customer_segment:' || segment as segment,
    {%- for column in ['repeat_amount', 'compared_amount'] + worth %}
    sum({{ column }}) as {{ column }},
    {%- endfor %}
from changes
group by month_start, segment
