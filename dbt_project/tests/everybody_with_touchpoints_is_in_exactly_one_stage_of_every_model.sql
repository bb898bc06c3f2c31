with

expected as (

    select
        customer_origins.customer_id,
        models.model,
    from {{ ref('customer_origins') }} as customer_origins
    cross join (select model from {{ ref('lifecycle_stages') }} group by model) as models

),

current_stays as (

    select
        customer_id,
        model,
        count(*) as stay_count,
    from {{ ref('customer_stage_history') }}
    where is_current
    group by all

)

select *
from expected
full join current_stays using (customer_id, model)
where current_stays.stay_count is distinct from 1
