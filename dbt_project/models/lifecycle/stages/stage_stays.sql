with

stage_entries as (

    select * from {{ ref('stage_entries') }}

),

stage_catalogue as (

    select * from {{ ref('stage_catalogue') }}

),

lifecycle_moves as (

    select * from {{ ref('lifecycle_moves') }}

),

-- At one instant the stage furthest on counts; the other entries of that instant were passed without staying.
ranked as (

    select
        stage_entries.*,
        row_number() over (
            partition by stage_entries.model, stage_entries.customer_id, stage_entries.entered_at
            order by stage_catalogue.stage_order desc, stage_entries.rule, stage_entries.touchpoint_id
        ) as instant_rank,
    from stage_entries
    left join stage_catalogue
        on stage_catalogue.model = stage_entries.model
        and stage_catalogue.stage = stage_entries.stage

),

compared as (

    select
        *,
        lag(stage) over (partition by model, customer_id order by entered_at) as stage_before,
    from ranked
    where instant_rank = 1

),

stays as (

    select
        customer_id,
        model,
        stage,
        entered_at,
        rule,
        touchpoint_id,
        stage_before as previous_stage,
        lead(stage) over customer_stays as next_stage,
        lead(entered_at) over customer_stays as left_at,
    from compared
    where stage is distinct from stage_before
    window customer_stays as (partition by model, customer_id order by entered_at)

)

select
    stays.customer_id,
    stays.model,
    stays.stage,
    stays.previous_stage,
    stays.next_stage,
    stays.rule as entered_by_rule,
    stays.touchpoint_id as entered_by_touchpoint_id,
    stays.entered_at,
    stays.left_at,
    1 + count(*) filter (where lifecycle_moves.starts_new_cycle) over (
        partition by stays.model, stays.customer_id order by stays.entered_at
        rows between unbounded preceding and current row
    ) as cycle_number,
    stays.left_at is null as is_current,
from stays
left join lifecycle_moves
    on lifecycle_moves.model = stays.model
    and lifecycle_moves.from_stage = stays.previous_stage
    and lifecycle_moves.to_stage = stays.stage
