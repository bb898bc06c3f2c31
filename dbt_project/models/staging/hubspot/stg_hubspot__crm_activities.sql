with

calls as (

    select * from {{ source('raw_hubspot', 'calls') }}

),

meetings as (

    select * from {{ source('raw_hubspot', 'meetings') }}

),

activities as (

    select
        'call' as type,
        id,
        contact_ids,
        occurred_at,
        created_at,
        lower(direction) as direction,
        outcome,
        _load_seq,
        _row_number,
    from calls
    where not is_archived
    union all
    select
        'meeting',
        id,
        contact_ids,
        occurred_at,
        created_at,
        null,
        lower(outcome),
        _load_seq,
        _row_number,
    from meetings
    where not is_archived
        and lower(outcome) is distinct from 'canceled'

),

attended as (

    select
        *,
        unnest(contact_ids ->> '$[*]') as contact_id,
    from activities

)

select
    'hubspot:' || type || ':' || id || ':' || contact_id as record_key,
    'hubspot' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    type || ':' || id || ':' || contact_id as activity_id,
    contact_id,
    type,
    coalesce({{ utc('occurred_at') }}, {{ utc('created_at') }}) as occurred_at,
    direction,
    outcome,
    cast(null as varchar) as campaign
from attended
