with

crm_deals as (

    select * from {{ ref('crm_deals') }}

),

identifiers as (

    select * from {{ ref('customer_identifiers_map') }}

)

select
    identifiers.customer_id,
    'crm_deals:' || crm_deals.record_key as touchpoint_id,
    crm_deals.created_at as opened_at,
    greatest(
        crm_deals.created_at,
        case
            when crm_deals.is_won then timestamp '9999-01-01'
            when crm_deals.closed_at is not null then crm_deals.closed_at
            when crm_deals.is_closed then crm_deals.updated_at
            else timestamp '9999-01-01'
        end
    ) as closed_at,
from crm_deals
join identifiers on identifiers.identifier_key = crm_deals.identifier_key
