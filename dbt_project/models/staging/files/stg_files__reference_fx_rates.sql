with

reference_fx_rates as (

    select * from {{ source('raw_files', 'reference_fx_rates') }}

)

select
    'files:' || rate_date || '|' || upper(currency) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    rate_date,
    upper(currency) as currency,
    rate_to_reporting
from reference_fx_rates
