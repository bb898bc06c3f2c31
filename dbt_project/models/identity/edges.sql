{{ config(
    materialized='incremental',
    incremental_strategy='append',
    meta={'text_compression': 'zstd'},
    pre_hook="{{ remove_edges_looked_at() }}"
) }}

{%- set rules = [
    'edges_consent_phone',
    'edges_contact_email',
    'edges_contact_loyalty',
    'edges_contact_merged',
    'edges_contact_phone',
    'edges_contact_user',
    'edges_loyalty_card',
    'edges_loyalty_email',
    'edges_order_device',
    'edges_order_email',
    'edges_order_loyalty',
    'edges_order_user',
    'edges_override_always_link',
    'edges_proposed_match',
    'edges_record_email',
    'edges_social_email',
    'edges_web_email',
    'edges_web_login',
] -%}
-- depends_on: {{ ref('resolution_scope') }}

with

edges as (

    {% for rule in rules %}
    select * from {{ ref(rule) }}
    {% if not loop.last %}union all by name{% endif %}
    {% endfor %}

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
