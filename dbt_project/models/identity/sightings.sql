{{ config(meta={'text_compression': 'zstd'}) }}

with

sightings as (

    {% for entry in person_entities() %}
    {{ entity_sightings(entry) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    entity,
    role,
    source,
    {%- for identifier_type in identifier_types() %}
    {{ identifier_type }}_key,
    {%- endfor %}
    unusable_identifiers,
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    min({'seen_at': first_seen_at, 'record_key': record_key}).record_key as record_key,
    min(load_seq) as load_seq,
    sum(row_count)::bigint as row_count
from sightings
group by all
