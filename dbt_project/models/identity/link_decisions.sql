{{ config(
    materialized='incremental',
    incremental_strategy='append',
    meta={'text_compression': 'zstd'},
    pre_hook="{{ remove_open_rows(['left_key']) }}"
) }}

-- depends_on: {{ ref('resolution_scope') }}

with

links as (

    select * from {{ ref('links') }}

),

identifiers as (

    select identifier_number, identifier_key from {{ ref('identifiers') }}

),

refused_links as (

    select
        contested_links.left_number,
        contested_links.right_number,
        coalesce(cut_links.reason, 'quarantine') as reason,
    from {{ ref('contested_links') }} as contested_links
    anti join {{ ref('kept_links') }} as kept_links using (link_number)
    left join {{ ref('cut_links') }} as cut_links using (link_number)

)

select
    left_identifiers.identifier_key as left_key,
    right_identifiers.identifier_key as right_key,
    links.trust,
    links.first_seen_at,
    refused_links.reason is null as is_kept,
    refused_links.reason
from links
inner join identifiers as left_identifiers on left_identifiers.identifier_number = links.left_number
inner join identifiers as right_identifiers on right_identifiers.identifier_number = links.right_number
left join refused_links using (left_number, right_number)
