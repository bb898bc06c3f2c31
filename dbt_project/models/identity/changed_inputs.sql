{{ config(pre_hook="{{ forget_incomplete_resolution() }}") }}

with

present as (

    select * from {{ ref('resolution_inputs') }}

),

resolved as (

    {{ resolved_inputs() }}

),

changed as (

    select
        {{ 'present.identifier_keys' if is_resolved_before() else 'null::varchar[] as identifier_keys' }},
        present.identifier_hashes,
        present.structure_hash,
        present.content_hash,
        true as is_present,
    from present
    anti join resolved using (content_hash)
    union all
    select
        null,
        resolved.identifier_hashes,
        resolved.structure_hash,
        resolved.content_hash,
        false,
    from resolved
    anti join present using (content_hash)

)

-- A row that was only seen again is here twice: as it was and as it is.
select
    *,
    {%- if is_resolved_before() %}
    bool_and(is_present) over structures = bool_or(is_present) over structures as is_structural
    {%- else %}
    true as is_structural
    {%- endif %}
from changed
{%- if is_resolved_before() %}
window structures as (partition by structure_hash)
{%- endif %}
