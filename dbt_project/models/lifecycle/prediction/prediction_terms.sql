with

windows as (

    select ({{ as_of() }} - interval '{{ var("clv_holdout_months") }}' month)::date as validated_until

)

select
    {{ as_of() }} as as_of,
    validated_until,
    {{ as_of() }} - validated_until as holdout_days,
    {{ var('clv_holdout_months') }}::integer as holdout_months,
    {{ var('clv_customers_minimum') }}::integer as customers_minimum,
    {{ var('clv_correlation_maximum') }}::double as correlation_maximum,
    {{ var('clv_monthly_discount_rate') }}::double as monthly_discount_rate,
from windows
