{%- set shared_types = ['user_id', 'loyalty_id', 'email', 'phone'] -%}

with

pairs as (

    select * from {{ ref('matched_contacts') }}

),

contacts as (

    select
        record_key,
        source,
        created_at,
        first_load_seq,
        {%- for identifier_type in ['contact_id'] + shared_types %}
        {{ identifier_key(identifier_type, country='country') }} as {{ identifier_type }}_key,
        {%- endfor %}
    from {{ ref('crm_contacts') }}
    where record_key in (select left_record_key from pairs union all select right_record_key from pairs)

),

matches as (

    select
        left_contacts.contact_id_key as left_key,
        right_contacts.contact_id_key as right_key,
        left_contacts.source as left_source,
        right_contacts.source as right_source,
        pairs.match_probability,
        pairs.match_weight,
        pairs.contributions,
        pairs.model_version,
        greatest(
            {'load_seq': left_contacts.first_load_seq, 'at': left_contacts.created_at, 'row': left_contacts.record_key},
            {'load_seq': right_contacts.first_load_seq, 'at': right_contacts.created_at, 'row': right_contacts.record_key}
        ) as younger,
    from pairs
    inner join contacts as left_contacts on left_contacts.record_key = pairs.left_record_key
    inner join contacts as right_contacts on right_contacts.record_key = pairs.right_record_key
    where left_contacts.contact_id_key <> right_contacts.contact_id_key
        {%- for identifier_type in shared_types %}
        and coalesce(left_contacts.{{ identifier_type }}_key <> right_contacts.{{ identifier_type }}_key, true)
        {%- endfor %}

),

ranked as (

    select
        *,
        row_number() over (partition by left_key, right_source order by match_weight desc, right_key) as right_rank,
        row_number() over (partition by right_key, left_source order by match_weight desc, left_key) as left_rank,
    from matches

)

select
    'p_' || left(md5(left_key || ' ' || right_key), 12) as proposal_id,
    left_key,
    right_key,
    match_probability,
    match_weight,
    contributions,
    model_version,
    left_source <> right_source
        and match_probability >= {{ var('proposal_link_probability') }}
        and left_rank = 1
        and right_rank = 1 as is_automatic,
    younger.row as record_key,
    younger.at as first_seen_at,
    younger.load_seq as load_seq
from ranked
