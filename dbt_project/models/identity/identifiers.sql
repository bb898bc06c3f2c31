{{ config(meta={'text_compression': 'zstd'}) }}

{%- set sightings = sightings_looked_at() %}

-- depends_on: {{ ref('sightings') }}, {{ ref('scoped_sightings') }}

with

scope as (

    select
        identifier_key,
        is_open,
    from {{ ref('resolution_scope') }}

),

occurrences as (

    {% for identifier_type in identifier_types() %}
    select
        {{ identifier_type }}_key as identifier_key,
        '{{ identifier_type }}' as identifier_type,
        source,
        entity,
        record_key,
        first_seen_at,
        last_seen_at,
        load_seq,
    from {{ sightings }}
    where {{ identifier_type }}_key is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

identifiers as (

    select
        identifier_key,
        any_value(identifier_type) as identifier_type,
        min({'load_seq': load_seq, 'source': source, 'entity': entity, 'record_key': record_key}) as delivered,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
        min(load_seq) as load_seq,
    from occurrences
    group by identifier_key

)

select
    row_number() over (
        order by load_seq, {{ identifier_trust('identifier_type') }}, first_seen_at nulls last, identifier_key
    )::integer as identifier_number,
    identifier_key,
    identifier_type,
    delivered.source,
    delivered.entity,
    delivered.record_key,
    first_seen_at,
    last_seen_at,
    load_seq,
    {{ identifier_trust('identifier_type') }} as trust,
    case
        when identifier_type = 'contact_id' then 'contact_id:' || split_part(identifier_key, ':', 2)
        when identifier_type in ({{ strong_identifier_list() }}) then identifier_type
    end as unique_group,
    case
        when identifier_type <> 'email' then false
        else list_contains(
            (select list(local_part) from {{ ref('role_mailboxes') }}),
            split_part(split_part({{ identifier_value() }}, '@', 1), '+', 1)
        )
    end as is_role_mailbox,
    {{ 'scope.is_open' if is_resolved_before() else 'true' }} as is_open
from identifiers
{%- if is_resolved_before() %}
inner join scope using (identifier_key)
{%- endif %}
