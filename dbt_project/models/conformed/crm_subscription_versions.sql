with

delivered as (

    {{ deliveries(staged('crm_subscriptions')) }}

),

dated as (

    select
        *,
        coalesce(updated_at, least(trial_started_at, started_at)) as valid_from,
    from delivered

)

select
    record_key,
    source,
    valid_from,
    started_at,
    term_ends_at,
    cancelled_at,
    plan,
    mrr_amount as mrr_amount_original,
    currency,
    load_seq,
from dated
where valid_from < {{ as_of_end() }}
qualify row_number() over (partition by record_key, valid_from order by load_seq desc, row_number desc) = 1
