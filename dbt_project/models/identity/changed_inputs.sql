{{ config(pre_hook="{{ forget_incomplete_resolution() }}") }}

with

present as (

    select * from {{ ref('resolution_inputs') }}

),

resolved as (

    {{ resolved_inputs() }}

)

select
    {{ 'present.identifier_keys' if is_resolved_before() else 'null::varchar[] as identifier_keys' }},
    present.identifier_hashes,
    present.structure_hash,
    present.content_hash,
    true as is_present,
    present.structure_hash not in (select structure_hash from resolved) as is_structural
from present
anti join resolved using (content_hash)
union all
select
    null,
    resolved.identifier_hashes,
    resolved.structure_hash,
    resolved.content_hash,
    false as is_present,
    resolved.structure_hash not in (select structure_hash from present) as is_structural
from resolved
anti join present using (content_hash)
