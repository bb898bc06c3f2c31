with

reference_kpi_targets as (

    select * from {{ source('raw_files', 'reference_kpi_targets') }}

)

select
    'files:' || trim(kpi) || '|' || coalesce(trim(segment), '') || '|' || period_start as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(kpi), '') as kpi,
    nullif(trim(segment), '') as segment,
    period_start,
    target_value
from reference_kpi_targets
