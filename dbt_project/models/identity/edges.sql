{{ config(
    materialized='incremental',
    incremental_strategy='append',
    meta={'text_compression': 'zstd'},
    pre_hook="{{ remove_edges_looked_at() }}"
) }}

{%- set sightings = sightings_looked_at() %}

-- depends_on: {{ ref('resolution_scope') }}, {{ ref('sightings') }}, {{ ref('scoped_sightings') }}

with

contact_merged as (

    select
        'contact_merged' as rule,
        merged_key as left_key,
        into_key as right_key,
        record_key,
        merged_at as first_seen_at,
        merged_at as last_seen_at,
        first_load_seq as load_seq,
        1::bigint as row_count,
    from {{ ref('contact_merges') }}
    where merged_key <> into_key

),

override_always_link as (

    select
        'override_always_link' as rule,
        left_key,
        right_key,
        min({'seen_at': created_at, 'record_key': record_key}).record_key as record_key,
        min(created_at) as first_seen_at,
        max(created_at) as last_seen_at,
        min(first_load_seq) as load_seq,
        count(*) as row_count,
    from {{ ref('overrides') }}
    anti join {{ ref('refused_overrides') }} as refused_overrides using (override_id)
    where action = 'always_link'
        and left_key is not null
        and right_key is not null
    group by left_key, right_key

),

proposed_match as (

    select
        'proposed_match' as rule,
        left_key,
        right_key,
        record_key,
        first_seen_at,
        first_seen_at as last_seen_at,
        load_seq,
        1::bigint as row_count,
    from {{ ref('contact_matches') }}
    where is_automatic

),

edges as (

    {% for rule in edge_rules() %}
    {{ identifiers_seen_together(sightings, **rule) }}
    union all by name
    {% endfor %}
    select * from contact_merged
    union all by name
    select * from override_always_link
    union all by name
    select * from proposed_match

)

select
    rule,
    left_key,
    right_key,
    record_key,
    first_seen_at,
    last_seen_at,
    load_seq,
    row_count,
    {{ this_resolution() }} as resolution_number
from edges
where {{ is_edge_looked_at() }}
