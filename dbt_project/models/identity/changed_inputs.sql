with

present as not materialized (

    select * from {{ ref('resolution_inputs') }}

),

resolved as not materialized (

    {{ resolved_inputs() }}

),

{%- if is_resolved_before() %}
-- By fingerprints alone: the rest is looked up for the few that differ.
different as (

    select
        {{ input_keys() }},
        present.structure_hash,
        coalesce(present.content_hash, remembered.content_hash) as content_hash,
        present.content_hash is not null as is_present,
    from present
    full outer join (select content_hash from resolved) as remembered using (content_hash)
    where present.content_hash is null
        or remembered.content_hash is null

),

changed as (

    select
        [{{ input_keys() }}] as identifier_keys,
        {{ input_hashes() }} as identifier_hashes,
        structure_hash,
        content_hash,
        true as is_present,
    from different
    where is_present
    union all
    select
        null,
        identifier_hashes,
        structure_hash,
        content_hash,
        false,
    from resolved
    where content_hash in (select content_hash from different where not is_present)

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
