{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_inputs() }}"
) }}

-- Written last: what stands here has been resolved, stored and logged.
-- depends_on: {{ ref('resolved_identifiers') }}, {{ ref('link_decisions') }}, {{ ref('violations') }}
-- depends_on: {{ ref('edges') }}, {{ ref('log') }}, {{ ref('resolutions') }}

select
    identifier_hashes,
    structure_hash,
    content_hash
from {{ ref('changed_inputs') }}
where is_present
