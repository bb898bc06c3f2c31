with

bounds as (

    select min(month_start) as first_day
    from {{ ref('business_months') }}

)

select
    unnest(generate_series(first_day::timestamp, {{ as_of() }}::timestamp, interval '1' day))::date as day,
from bounds
