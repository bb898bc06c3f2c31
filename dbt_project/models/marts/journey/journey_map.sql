{%- set key = ['model', 'stage_order', 'touchpoint_number', 'segment_dimension', 'segment'] -%}

with

outcomes as (

    select * from {{ ref('journey_outcomes') }}

),

people as (

    select * from {{ ref('journey_people') }}

),

satisfaction as (

    select * from {{ ref('journey_satisfaction') }}

),

stage_catalogue as (

    select * from {{ ref('stage_catalogue') }}

),

touchpoint_numbers as (

    select * from {{ ref('touchpoint_numbers') }}

)

select
    outcomes.model,
    stage_catalogue.stage,
    touchpoint_numbers.touchpoint,
    outcomes.segment_dimension,
    outcomes.segment,
    people.people_count::integer as people_count,
    outcomes.touchpoint_count::integer as touchpoint_count,
    outcomes.continued_count::integer as continued_count,
    outcomes.drop_off_count::integer as drop_off_count,
    outcomes.open_count::integer as open_count,
    outcomes.drop_off_count / nullif(outcomes.continued_count + outcomes.drop_off_count, 0) as drop_off_rate,
    outcomes.median_wait_days,
    coalesce(satisfaction.nps_response_count, 0)::integer as nps_response_count,
    satisfaction.nps,
    coalesce(satisfaction.csat_response_count, 0)::integer as csat_response_count,
    satisfaction.mean_csat_score,
    coalesce(satisfaction.ces_response_count, 0)::integer as ces_response_count,
    satisfaction.mean_ces_score,
    {{ as_of() }} as as_of,
from outcomes
join people
    on {% for column in key %}people.{{ column }} = outcomes.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
left join satisfaction
    on {% for column in key %}satisfaction.{{ column }} = outcomes.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
join stage_catalogue
    on stage_catalogue.model = outcomes.model
    and stage_catalogue.stage_order = outcomes.stage_order
join touchpoint_numbers on touchpoint_numbers.touchpoint_number = outcomes.touchpoint_number
