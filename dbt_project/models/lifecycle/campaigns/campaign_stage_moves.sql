with

ranks as (

    select
        stage,
        coalesce(high_water_rank, 0) as stage_rank,
    from {{ ref('stage_catalogue') }}
    where model = 'six_phase'

),

-- Up: nearer to advocacy, or back from being lost. Down: lost, or advocacy that has run out.
moves as (

    select
        stays.customer_id,
        stays.entered_at,
        entered.stage_rank > left_behind.stage_rank as is_up,
    from {{ ref('stage_stays') }} as stays
    join ranks as entered on entered.stage = stays.stage
    join ranks as left_behind on left_behind.stage = stays.previous_stage
    where stays.model = 'six_phase'

)

select
    members.source,
    members.campaign_id,
    members.customer_id,
    bool_or(moves.is_up) as is_moved_up,
    bool_or(not moves.is_up) as is_moved_down,
from {{ ref('campaign_members') }} as members
join moves
    on moves.customer_id = members.customer_id
    and moves.entered_at >= members.started_at
    and moves.entered_at < members.window_ends_at
group by all
