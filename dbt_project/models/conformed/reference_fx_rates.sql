with

delivered as (

    {{ latest_delivery(staged('reference_fx_rates')) }}

)

select
    record_key,
    source,
    currency,
    rate_date,
    rate_to_reporting,
    load_seq,
    first_load_seq
from delivered
where rate_date <= {{ as_of() }}
