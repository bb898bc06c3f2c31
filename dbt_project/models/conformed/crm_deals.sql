with

delivered as (

    {{ version_as_of(staged('crm_deals'), clock='created_at') }}

),

known as (

    select
        * replace (
            {{ known_by_as_of('closed_at') }} as closed_at,
            {{ known_by_as_of('updated_at') }} as updated_at,
            is_closed and coalesce(closed_at < {{ as_of_end() }}, true) as is_closed,
            is_won and coalesce(closed_at < {{ as_of_end() }}, true) as is_won
        ),
    from delivered
    where created_at < {{ as_of_end() }}

)

select
    record_key,
    source,
    {{ best_identifier_key(['contact_id']) }} as identifier_key,
    deal_id,
    contact_id,
    company_id,
    created_at,
    updated_at,
    closed_at,
    name,
    stage,
    {{ in_reporting_currency('amount') }} as amount,
    amount as amount_original,
    known.currency,
    is_closed,
    is_won,
    known.load_seq,
    first_load_seq
from known
{{ join_exchange_rate('known', 'known.created_at') }}
where amount is null or exchange_rates.rate is not null
