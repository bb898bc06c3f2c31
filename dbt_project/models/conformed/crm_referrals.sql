{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key') }}

with

delivered as (

    {{ new_deliveries('crm_referrals') }}

)

select
    delivered.record_key,
    delivered.source,
    coalesce(
        {{ identifier_key('contact_id', 'referrer_contact_id') }},
        {{ identifier_key('email', 'referrer_email') }}
    ) as identifier_key,
    {{ identifier_key('email', 'referred_email') }} as referred_identifier_key,
    referral_id,
    referrer_contact_id,
    referrer_email,
    referred_email,
    occurred_at,
    delivered.load_seq,
    {{ first_load_seq('crm_referrals') }} as first_load_seq
from delivered
{{ join_first_loads('crm_referrals') }}
