with

crm_subscriptions as (

    select * from {{ source('raw_files', 'crm_subscriptions') }}

)

select
    'files:' || subscription_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    subscription_id,
    contact_id,
    lower(email) as email,
    plan,
    trial_started_at,
    trial_ends_at,
    started_at,
    term_ends_at,
    cancelled_at,
    ended_at,
    mrr_amount,
    upper(currency) as currency,
    updated_at
from crm_subscriptions
