with

recruits as (

    select
        *,
        coalesce(first_purchase_at, {{ as_of_end() }}) as recruited_until,
    from {{ ref('customer_milestones') }}

),

trials as (

    select * from {{ ref('trials') }}

),

opportunity_periods as (

    select * from {{ ref('opportunity_periods') }}

),

-- What happens to a lead while a trial runs shows only when the trial is over.
outside_trials as (

    select customer_id, 'lead' as stage, identified_at as entered_at, 'left_contact_data' as rule,
        case when lead_at = identified_at then lead_touchpoint_id end as touchpoint_id
    from recruits
    where identified_at is not null
    union all
    select customer_id, 'opportunity', started_at, started_by_rule, touchpoint_id
    from opportunity_periods
    union all
    select customer_id, 'lead', ended_at, case when is_deal_last then 'deal_lost' else 'lead_score_faded' end, null
    from opportunity_periods
    where ended_at is not null

),

trial_ends as (

    select
        trials.customer_id,
        trials.trial_ends_at,
        case
            when opportunity_periods.customer_id is not null then 'opportunity'
            when recruits.identified_at <= trials.trial_ends_at then 'lead'
            else 'prospect'
        end as stage,
    from trials
    join recruits on recruits.customer_id = trials.customer_id
    left join opportunity_periods
        on opportunity_periods.customer_id = trials.customer_id
        and opportunity_periods.started_at <= trials.trial_ends_at
        and trials.trial_ends_at < coalesce(opportunity_periods.ended_at, {{ as_of_end() }})

),

entries as (

    select customer_id, 'prospect' as stage, first_touchpoint_at as entered_at, 'first_touchpoint' as rule,
        first_touchpoint_id as touchpoint_id
    from recruits
    union all
    select outside_trials.*
    from outside_trials
    left join trials
        on trials.customer_id = outside_trials.customer_id
        and outside_trials.entered_at >= trials.trial_started_at
        and outside_trials.entered_at <= trials.trial_ends_at
    where trials.customer_id is null
    union all
    select customer_id, 'trial', trial_started_at, 'trial_started', touchpoint_id
    from trials
    union all
    select customer_id, stage, trial_ends_at, 'trial_expired', null
    from trial_ends

)

select entries.*
from entries
join recruits on recruits.customer_id = entries.customer_id
where entries.entered_at < recruits.recruited_until
