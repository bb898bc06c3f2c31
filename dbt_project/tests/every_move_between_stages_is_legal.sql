select
    stays.model,
    stays.previous_stage,
    stays.stage,
    count(*) as move_count,
from {{ ref('customer_stage_history') }} as stays
left join {{ ref('lifecycle_moves') }} as lifecycle_moves
    on lifecycle_moves.model = stays.model
    and lifecycle_moves.from_stage is not distinct from stays.previous_stage
    and lifecycle_moves.to_stage = stays.stage
where lifecycle_moves.model is null
group by all
