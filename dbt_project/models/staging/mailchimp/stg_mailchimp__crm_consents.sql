with

members as (

    select * from {{ source('raw_mailchimp', 'members') }}

),

-- Whoever signed up with a form has confirmed at `timestamp_opt`; without a form that is when somebody imported them.
steps as (

    select
        *,
        unnest([
            {'status': case when timestamp_signup is not null then 'requested' end, 'at': timestamp_signup},
            {
                'status': case when timestamp_signup is null then 'granted' else 'confirmed' end,
                'at': case when status <> 'pending' then timestamp_opt end
            },
            {'status': case when status = 'unsubscribed' then 'revoked' end, 'at': last_changed}
        ]) as step,
    from members

)

select
    'mailchimp:' || list_id || ':' || id || ':' || step.status || ':' || step.at as record_key,
    'mailchimp' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    list_id || ':' || id || ':' || step.status || ':' || step.at as consent_id,
    list_id || ':' || id as contact_id,
    lower(email_address) as email,
    cast(null as varchar) as phone,
    'email' as channel,
    'newsletter' as purpose,
    step.status,
    {{ utc('step.at') }} as occurred_at,
    cast(null as varchar) as wording_version,
    'mailchimp' as evidence
from steps
where step.status is not null
    and step.at is not null
