with

journey_moves as (

    select * from {{ ref('journey_moves') }}

),

stage_catalogue as (

    select * from {{ ref('stage_catalogue') }}

),

touchpoint_numbers as (

    select * from {{ ref('touchpoint_numbers') }}

)

select
    journey_moves.model,
    stage_catalogue.stage,
    from_touchpoints.touchpoint as from_touchpoint,
    coalesce(to_touchpoints.touchpoint, 'journey_end') as to_touchpoint,
    journey_moves.people_count::integer as people_count,
    journey_moves.transition_count::integer as transition_count,
    journey_moves.transition_count / sum(journey_moves.transition_count) over (
        partition by journey_moves.model, journey_moves.stage_order, journey_moves.from_number
    ) as share,
    journey_moves.median_wait_days,
    {{ as_of() }} as as_of,
from journey_moves
join stage_catalogue
    on stage_catalogue.model = journey_moves.model
    and stage_catalogue.stage_order = journey_moves.stage_order
join touchpoint_numbers as from_touchpoints on from_touchpoints.touchpoint_number = journey_moves.from_number
left join touchpoint_numbers as to_touchpoints on to_touchpoints.touchpoint_number = journey_moves.to_number
