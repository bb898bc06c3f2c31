with

crm_referrals as (

    select * from {{ ref('crm_referrals') }}

)

select
    'crm_referrals:' || crm_referrals.record_key || ':made' as touchpoint_id,
    'crm_referrals' as entity,
    crm_referrals.load_seq,
    crm_referrals.identifier_key,
    crm_referrals.occurred_at as occurred_at,
    'crm' as domain,
    crm_referrals.source,
    'referral_made' as touchpoint,
    'word_of_mouth' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    null::varchar as attributes,
from crm_referrals
where crm_referrals.identifier_key is not null
union all
select
    'crm_referrals:' || crm_referrals.record_key || ':received' as touchpoint_id,
    'crm_referrals' as entity,
    crm_referrals.load_seq,
    crm_referrals.referred_identifier_key as identifier_key,
    crm_referrals.occurred_at as occurred_at,
    'crm' as domain,
    crm_referrals.source,
    'referral_received' as touchpoint,
    'word_of_mouth' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    null::varchar as attributes,
from crm_referrals
where crm_referrals.referred_identifier_key is not null
