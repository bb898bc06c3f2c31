with

delivered as (

    {{ version_as_of([ref('stg_files__crm_subscriptions')], clock='least(trial_started_at, started_at)') }}

),

known as (

    select
        * replace (
            {{ known_by_as_of('trial_started_at') }} as trial_started_at,
            {{ known_by_as_of('started_at') }} as started_at,
            {{ known_by_as_of('cancelled_at') }} as cancelled_at,
            {{ known_by_as_of('ended_at') }} as ended_at,
            case
                when ended_at >= {{ as_of_end() }}
                    and (updated_at is null or least(updated_at, cancelled_at, term_ends_at) < {{ as_of_end() }})
                    then ended_at
                else term_ends_at
            end as term_ends_at,
            {{ known_by_as_of('updated_at') }} as updated_at
        ),
        coalesce(started_at, trial_started_at, updated_at, {{ as_of_end() }}) as priced_at,
    from delivered
    where coalesce(least(trial_started_at, started_at) < {{ as_of_end() }}, true)

)

select
    record_key,
    source,
    {{ best_identifier_key(['contact_id', 'email']) }} as identifier_key,
    subscription_id,
    contact_id,
    email,
    trial_started_at,
    trial_ends_at,
    started_at,
    term_ends_at,
    cancelled_at,
    ended_at,
    updated_at,
    plan,
    {{ in_reporting_currency('mrr_amount') }} as mrr_amount,
    mrr_amount as mrr_amount_original,
    known.currency,
    known.load_seq,
    first_load_seq
from known
{{ join_exchange_rate('known', 'known.priced_at') }}
where mrr_amount is null or exchange_rates.rate is not null
