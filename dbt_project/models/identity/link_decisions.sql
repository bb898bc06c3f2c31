{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ remove_open_rows(['left_key', 'right_key']) }}"
) }}

-- depends_on: {{ ref('resolution_scope') }}

with

links as (

    select * from {{ ref('links') }}

),

identifiers as (

    select * from {{ ref('identifiers') }}

),

kept_links as (

    select link_number from {{ ref('kept_links') }}

),

cut_links as (

    select * from {{ ref('cut_links') }}

)

select
    left_identifiers.identifier_key as left_key,
    right_identifiers.identifier_key as right_key,
    links.trust,
    links.first_seen_at,
    kept_links.link_number is not null as is_kept,
    case when kept_links.link_number is null then coalesce(cut_links.reason, 'quarantine') end as reason
from links
inner join identifiers as left_identifiers on left_identifiers.identifier_number = links.left_number
inner join identifiers as right_identifiers on right_identifiers.identifier_number = links.right_number
left join kept_links on kept_links.link_number = links.link_number
left join cut_links on cut_links.link_number = links.link_number
