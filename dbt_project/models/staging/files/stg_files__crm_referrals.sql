with

crm_referrals as (

    select * from {{ source('raw_files', 'crm_referrals') }}

)

select
    'files:' || trim(referral_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(referral_id), '') as referral_id,
    nullif(trim(referrer_contact_id), '') as referrer_contact_id,
    nullif(lower(trim(referrer_email)), '') as referrer_email,
    nullif(lower(trim(referred_email)), '') as referred_email,
    occurred_at
from crm_referrals
