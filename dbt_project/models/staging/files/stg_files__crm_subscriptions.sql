with

crm_subscriptions as (

    select * from {{ source('raw_files', 'crm_subscriptions') }}

)

select
    'files:' || trim(subscription_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(subscription_id), '') as subscription_id,
    nullif(trim(contact_id), '') as contact_id,
    nullif(lower(trim(email)), '') as email,
    nullif(trim(plan), '') as plan,
    trial_started_at,
    trial_ends_at,
    started_at,
    term_ends_at,
    cancelled_at,
    ended_at,
    mrr_amount,
    nullif(upper(trim(currency)), '') as currency,
    updated_at
from crm_subscriptions
