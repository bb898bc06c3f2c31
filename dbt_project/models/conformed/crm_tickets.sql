with

delivered as (

    {{ version_as_of(staged('crm_tickets'), clock='opened_at') }}

)

select
    record_key,
    source,
    {{ best_identifier_key(['contact_id', 'email']) }} as identifier_key,
    ticket_id,
    contact_id,
    email,
    channel,
    topic,
    opened_at,
    {{ known_by_as_of('first_response_at') }} as first_response_at,
    {{ known_by_as_of('resolved_at') }} as resolved_at,
    is_self_service,
    {{ known_by_as_of('updated_at') }} as updated_at,
    load_seq,
    first_load_seq
from delivered
where opened_at < {{ as_of_end() }}
