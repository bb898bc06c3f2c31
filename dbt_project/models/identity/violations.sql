{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ remove_open_rows(['identifier_key', 'linked_key'], also=\"violation not in ('limit', 'cut_link')\") }}"
) }}

-- depends_on: {{ ref('resolution_scope') }}

with

identifiers as (

    select * from {{ ref('contested_identifiers') }}

),

breaches as (

    select * from {{ ref('strong_breaches') }}
    union all
    select * from {{ ref('weak_breaches') }}

),

cut_links as (

    select
        links.left_number,
        links.right_number,
        cut_links.reason,
        links.first_seen_at,
    from {{ ref('cut_links') }} as cut_links
    inner join {{ ref('contested_links') }} as links using (link_number)

)

select
    'limit' as violation,
    breaches.severity,
    identifiers.identifier_key,
    null::varchar as linked_key,
    breaches.linked_type,
    breaches.linked_count,
    breaches.allowed,
    breaches.reason,
    identifiers.first_seen_at
from breaches
inner join identifiers using (identifier_number)
union all
select
    'cut_link',
    'cut',
    left_identifiers.identifier_key,
    right_identifiers.identifier_key,
    right_identifiers.identifier_type,
    null,
    null,
    cut_links.reason,
    cut_links.first_seen_at
from cut_links
inner join identifiers as left_identifiers on left_identifiers.identifier_number = cut_links.left_number
inner join identifiers as right_identifiers on right_identifiers.identifier_number = cut_links.right_number
union all
select
    violation,
    severity,
    identifier_key,
    linked_key,
    null,
    null,
    null,
    reason,
    first_seen_at
from {{ ref('decision_violations') }}
union all
select
    'lookalike_domain',
    'warn',
    identifier_key,
    null,
    null,
    null,
    null,
    'its domain mixes letters of several alphabets in one word, as one that imitates another',
    first_seen_at
from {{ ref('lookalike_domains') }}
