with

present as (

    select * from {{ ref('resolution_inputs') }}

),

resolved as (

    {{ resolved_inputs() }}

),

{%- if is_resolved_before() %}
changed as (

    select
        case when present.content_hash is not null then [{{ input_keys() }}] end as identifier_keys,
        case when present.content_hash is not null then {{ input_hashes() }} else resolved.identifier_hashes end
            as identifier_hashes,
        coalesce(present.structure_hash, resolved.structure_hash) as structure_hash,
        coalesce(present.content_hash, resolved.content_hash) as content_hash,
        present.content_hash is not null as is_present,
    from present
    full outer join resolved using (content_hash)
    where present.content_hash is null
        or resolved.content_hash is null

)
{%- else %}
-- Everything is resolved, whatever is listed here.
changed as (

    select
        null::varchar[] as identifier_keys,
        identifier_hashes,
        structure_hash,
        content_hash,
        true as is_present,
    from resolved
    where false

)
{%- endif %}

-- A row that was only seen again is here twice: as it was and as it is.
select
    *,
    bool_and(is_present) over structures = bool_or(is_present) over structures as is_structural
from changed
window structures as (partition by structure_hash)
