{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='record_key',
    pre_hook="{{ remove_withdrawn_events('crm_consents') }}",
) }}

with

delivered as (

    {{ new_deliveries('crm_consents') }}

)

select
    delivered.record_key,
    delivered.source,
    {{ best_identifier_key(['contact_id', 'email', 'phone']) }} as identifier_key,
    consent_id,
    contact_id,
    email,
    phone,
    channel,
    purpose,
    status,
    occurred_at,
    wording_version,
    evidence,
    delivered.load_seq,
    {{ first_load_seq('crm_consents') }} as first_load_seq
from delivered
{{ join_first_loads('crm_consents') }}
