{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_changed_inputs() }}",
    post_hook="{{ finish_resolution() }}"
) }}

-- Written last: what stands here has been resolved, stored and logged.
-- depends_on: {{ ref('resolved_identifiers') }}, {{ ref('link_decisions') }}, {{ ref('violations') }}
-- depends_on: {{ ref('edges') }}, {{ ref('log') }}, {{ ref('resolutions') }}, {{ ref('customers') }}
-- depends_on: {{ ref('changed_inputs') }}, {{ ref('resolution_inputs') }}

{% if is_resolved_before() %}
select
    identifier_hashes,
    structure_hash,
    content_hash
from {{ ref('changed_inputs') }}
where is_present
{% else %}
select
    {{ input_hashes() }} as identifier_hashes,
    structure_hash,
    content_hash
from {{ ref('resolution_inputs') }}
{% endif %}
