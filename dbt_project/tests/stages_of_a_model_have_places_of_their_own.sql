-- Two stages at one place could not be told apart at one instant, nor in the journeys.
select
    model,
    stage_order,
    count(*) as stage_count,
from {{ ref('stage_catalogue') }}
group by all
having count(*) > 1
