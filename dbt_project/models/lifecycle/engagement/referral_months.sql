{%- set counts = [
    'active_customer_count', 'referrer_count', 'referral_count', 'reviewer_count', 'review_count', 'new_customer_count',
    'recommended_customer_count',
] -%}

with

-- Word of mouth reaches somebody by a recommendation that was reported or by a link that says so.
recommended as (

    select
        customer_id,
        min(occurred_at) as recommended_at,
    from {{ ref('touchpoints') }}
    where channel = 'word_of_mouth'
        and touchpoint <> 'referral_made'
    group by customer_id

),

facts as (

    select month_start, customer_id, true as is_active, 0 as referral_count, 0 as review_count, false as is_new,
        false as is_recommended
    from {{ ref('active_customer_months') }}
    union all
    select {{ business_month('occurred_at') }}, customer_id, false, (touchpoint = 'referral_made')::integer,
        (touchpoint <> 'referral_made')::integer, false, false
    from {{ ref('touchpoints') }}
    where touchpoint in ('referral_made', 'review_positive', 'review_critical')
    union all
    select {{ business_month('periods.started_at') }}, periods.customer_id, false, 0, 0, true,
        coalesce(recommended.recommended_at <= periods.started_at, false)
    from {{ ref('customer_periods') }} as periods
    left join recommended on recommended.customer_id = periods.customer_id
    where periods.period_number = 1

),

people as (

    select
        month_start,
        customer_id,
        bool_or(is_active) as is_active,
        sum(referral_count) as referral_count,
        sum(review_count) as review_count,
        bool_or(is_new) as is_new,
        bool_or(is_recommended) as is_recommended,
    from facts
    group by all

),

segmented as (

    select
        people.*,
        unnest({{ person_segments('customer_origins', 'customer_persons', 'segment_months.segment') }}) as segment,
    from people
    {{ segment_of_month('people.customer_id', 'people.month_start') }}
    left join {{ ref('customer_origins') }} as customer_origins on customer_origins.customer_id = people.customer_id
    left join {{ ref('customer_persons') }} as customer_persons on customer_persons.customer_id = people.customer_id

),

counted as (

    select
        month_start,
        segment,
        count(*) filter (where is_active) as active_customer_count,
        count(*) filter (where is_active and referral_count > 0) as referrer_count,
        sum(referral_count) as referral_count,
        count(*) filter (where is_active and review_count > 0) as reviewer_count,
        sum(review_count) as review_count,
        count(*) filter (where is_new) as new_customer_count,
        count(*) filter (where is_recommended) as recommended_customer_count,
    from segmented
    group by all

)

-- A month in which nothing happened is told of everybody.
select
    months.month_start,
    months.is_complete,
    coalesce(counted.segment, 'all') as segment,
    {%- for count in counts %}
    coalesce(counted.{{ count }}, 0) as {{ count }},
    {%- endfor %}
from {{ ref('business_months') }} as months
left join counted on counted.month_start = months.month_start
