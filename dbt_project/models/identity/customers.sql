{{ config(
    materialized='incremental',
    incremental_strategy='append',
    meta={'text_compression': 'zstd'},
    pre_hook="{{ remove_customers_looked_at() }}"
) }}

-- depends_on: {{ ref('resolution_scope') }}, {{ ref('unclaimed_devices') }}, {{ ref('resolved_identifiers') }}

with

identifiers as (

    select * from {{ ref('customer_identifiers_map') }}
    {%- if is_resolved_before() %}
    where evidence_group in ({{ groups_partly_looked_at() }})
    union all by name
    {{ identifiers_resolved_again() }}
        and resolved.evidence_group not in ({{ groups_partly_looked_at() }})
    {%- endif %}

)

select
    customer_id,
    count(*) as identifier_count,
    count(distinct source) as source_count,
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    bool_or(identifier_type not in ('anonymous_id', 'social_handle')) as is_identified,
    any_value(evidence_group) as evidence_group
from identifiers
group by customer_id
