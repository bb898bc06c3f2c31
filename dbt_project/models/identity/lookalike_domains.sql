{{ config(materialized='ephemeral') }}

select
    identifier_key,
    first_seen_at
from {{ ref('customer_identifiers_map') }}
where case when identifier_key like 'email:%@%xn--%' then mixes_alphabets(identifier_key) else false end
