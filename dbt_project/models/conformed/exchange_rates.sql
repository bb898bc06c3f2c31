with

delivered as (

    {{ latest_delivery(staged('reference_fx_rates')) }}

),

rates as (

    select
        currency,
        rate_date as valid_from,
        rate_to_reporting::decimal(20, 12) as rate,
        load_seq,
    from delivered
    where currency <> {{ reporting_currency() }}
    union all
    select
        {{ reporting_currency() }},
        date '1000-01-01',
        1,
        -1,

),

periods as (

    select
        currency,
        valid_from,
        lead(valid_from, 1, date '9999-12-31') over (partition by currency order by valid_from) as valid_until,
        rate,
        load_seq,
    from rates

)

select
    currency,
    valid_from,
    valid_until,
    {{ start_of_business_date('valid_from') }} as starts_at,
    {{ start_of_business_date('valid_until') }} as ends_at,
    rate,
    load_seq
from periods
