with

delivered as (

    {{ latest_delivery(staged('reference_kpi_targets')) }}

)

select
    record_key,
    source,
    kpi,
    segment,
    period_start,
    target_value,
    load_seq,
    first_load_seq
from delivered
