{{ config(meta={'text_compression': 'zstd'}) }}

-- depends_on: {{ ref('resolution_scope') }}

{%- set columns = [] -%}
{%- for identifier_type in identifier_types() %}{% do columns.append(identifier_type ~ '_key') %}{% endfor -%}

select sightings.*
from {{ ref('sightings') }} as sightings
where {{ is_looked_at(columns) if is_resolved_before() else 'false' }}
