select
    moves.model,
    moves.stage,
from (
    select model, from_stage as stage from {{ ref('lifecycle_moves') }} where from_stage is not null
    union
    select model, to_stage from {{ ref('lifecycle_moves') }}
) as moves
anti join {{ ref('stage_catalogue') }} as stage_catalogue
    on stage_catalogue.model = moves.model
    and stage_catalogue.stage = moves.stage
