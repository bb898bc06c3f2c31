with

moves as (

    select * from {{ ref('lifecycle_moves') }}
    where is_conversion

),

-- Sorting and joining by numbers is several times faster than by the texts they stand for.
stages as (

    select
        model,
        stage,
        row_number() over (order by model, stage) as stage_number,
    from (select model, from_stage as stage from moves union select model, to_stage from moves)

),

people as (

    select
        customer_numbers.customer_id,
        customer_numbers.customer_number,
        coalesce(customer_origins.acquisition_channel, 'unknown') as acquisition_channel,
    from {{ ref('customer_numbers') }} as customer_numbers
    left join {{ ref('customer_origins') }} as customer_origins
        on customer_origins.customer_id = customer_numbers.customer_id

),

-- A stay counts until the same stage is entered again: every cycle is an attempt of its own.
stays as (

    select
        people.customer_number,
        stages.stage_number,
        stage_stays.entered_at,
        {{ business_month('stage_stays.entered_at') }} as cohort_month,
        lead(stage_stays.entered_at) over (
            partition by people.customer_number, stages.stage_number order by stage_stays.entered_at
        ) as next_attempt_at,
    from {{ ref('stage_stays') }} as stage_stays
    join people on people.customer_id = stage_stays.customer_id
    join stages on stages.model = stage_stays.model and stages.stage = stage_stays.stage

),

attempts as (

    select
        stays.customer_number,
        stays.entered_at,
        stays.cohort_month,
        stays.next_attempt_at,
        {{ add_days('stays.entered_at', var('conversion_window_days')) }} as window_ends_at,
        moves.model,
        moves.from_stage,
        moves.to_stage,
        to_stages.stage_number as to_number,
    from stays
    join stages on stages.stage_number = stays.stage_number
    join moves on moves.model = stages.model and moves.from_stage = stages.stage
    join stages as to_stages on to_stages.model = moves.model and to_stages.stage = moves.to_stage

),

-- People enter a stage a few times at most: to look through these times is cheaper than to sort all attempts.
answered as (

    select
        attempts.*,
        list_min(list_filter(entries.times, lambda moment: moment > attempts.entered_at)) as next_entry_at,
        case
            when next_entry_at <= attempts.window_ends_at
                and coalesce(next_entry_at < attempts.next_attempt_at, true) then next_entry_at
        end as converted_at,
    from attempts
    left join (select customer_number, stage_number, list(entered_at) as times from stays group by all) as entries
        on entries.customer_number = attempts.customer_number
        and entries.stage_number = attempts.to_number

)

select
    people.customer_id,
    answered.model,
    answered.from_stage,
    answered.to_stage,
    people.acquisition_channel,
    answered.entered_at,
    answered.cohort_month,
    {{ days_between('answered.entered_at', 'answered.converted_at') }} as converted_after_days,
    answered.converted_at is null and answered.window_ends_at >= {{ as_of_end() }} as is_open,
    business_months.is_conversion_mature as is_mature,
from answered
join people on people.customer_number = answered.customer_number
join {{ ref('business_months') }} as business_months on business_months.month_start = answered.cohort_month
