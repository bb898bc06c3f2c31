with

stage_stays as (

    select * from {{ ref('stage_stays') }}

),

conversion_pairs as (

    select
        model,
        from_stage,
        to_stage,
    from {{ ref('lifecycle_moves') }}
    where is_conversion

),

customer_origins as (

    select * from {{ ref('customer_origins') }}

),

-- A stay counts until the same stage is entered again: every cycle is an attempt of its own.
attempts as (

    select
        conversion_pairs.model,
        conversion_pairs.from_stage,
        conversion_pairs.to_stage,
        stage_stays.customer_id,
        stage_stays.entered_at,
        {{ add_days('stage_stays.entered_at', var('conversion_window_days')) }} as window_ends_at,
        lead(stage_stays.entered_at) over (
            partition by stage_stays.model, stage_stays.customer_id, stage_stays.stage, conversion_pairs.to_stage
            order by stage_stays.entered_at
        ) as next_attempt_at,
    from stage_stays
    join conversion_pairs
        on conversion_pairs.model = stage_stays.model
        and conversion_pairs.from_stage = stage_stays.stage

),

answered as (

    select
        attempts.*,
        case
            when stage_stays.entered_at <= attempts.window_ends_at
                and (attempts.next_attempt_at is null or stage_stays.entered_at < attempts.next_attempt_at)
                then stage_stays.entered_at
        end as converted_at,
    from attempts
    asof left join stage_stays
        on stage_stays.model = attempts.model
        and stage_stays.customer_id = attempts.customer_id
        and stage_stays.stage = attempts.to_stage
        and stage_stays.entered_at > attempts.entered_at

)

select
    answered.customer_id,
    answered.model,
    answered.from_stage,
    answered.to_stage,
    coalesce(customer_origins.acquisition_channel, 'unknown') as acquisition_channel,
    answered.entered_at,
    {{ business_month('answered.entered_at') }} as cohort_month,
    {{ days_between('answered.entered_at', 'answered.converted_at') }} as converted_after_days,
    answered.converted_at is null and answered.window_ends_at >= {{ as_of_end() }} as is_open,
    {{ add_days(start_of_business_date("(" ~ business_month('answered.entered_at') ~ " + interval '1' month)"), var('conversion_window_days')) }}
        <= {{ as_of_end() }} as is_mature,
from answered
left join customer_origins on customer_origins.customer_id = answered.customer_id
