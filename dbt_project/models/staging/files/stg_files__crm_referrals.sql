with

crm_referrals as (

    select * from {{ source('raw_files', 'crm_referrals') }}

)

select
    'files:' || referral_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    referral_id,
    referrer_contact_id,
    lower(referrer_email) as referrer_email,
    lower(referred_email) as referred_email,
    occurred_at
from crm_referrals
