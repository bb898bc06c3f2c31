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
    first_seen_at,
    last_seen_at,
    record_key,
    load_seq,
    row_count
from sightings
