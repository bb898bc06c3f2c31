with

stage_changes as (

    select * from {{ source('raw_hubspot', 'stage_changes') }}

)

-- A stage that was taken back leaves the contact without one; what it enters next is a change again.
select
    'hubspot:' || contact_id || ':' || epoch_ms({{ utc('changed_at') }}) as record_key,
    'hubspot' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    contact_id || ':' || epoch_ms({{ utc('changed_at') }}) as change_id,
    contact_id,
    coalesce(lower(stage), 'none') as stage,
    {{ utc('changed_at') }} as changed_at,
    lower(changed_by) as changed_by
from stage_changes
