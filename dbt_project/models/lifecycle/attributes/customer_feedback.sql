with

answers as (

    select
        customer_id,
        survey_type,
        arg_max(score, {'responded_at': responded_at, 'record_key': record_key}) as score,
    from {{ ref('satisfaction_answers') }}
    where customer_id is not null
    group by customer_id, survey_type

),

scores as (

    select
        customer_id,
        any_value(score) filter (where survey_type = 'nps') as nps_score,
        any_value(score) filter (where survey_type = 'csat') as csat_score,
        any_value(score) filter (where survey_type = 'ces') as ces_score,
    from answers
    group by customer_id

),

open_tickets as (

    select
        identifiers.customer_id,
        count(*) as open_ticket_count,
    from {{ ref('crm_tickets') }} as crm_tickets
    join {{ ref('customer_identifiers_map') }} as identifiers
        on identifiers.identifier_key = crm_tickets.identifier_key
    where crm_tickets.resolved_at is null
        and not coalesce(crm_tickets.is_self_service, false)
    group by identifiers.customer_id

)

select
    coalesce(scores.customer_id, open_tickets.customer_id) as customer_id,
    scores.nps_score,
    case
        when scores.nps_score >= 9 then 'promoter'
        when scores.nps_score > 6 then 'passive'
        when scores.nps_score is not null then 'detractor'
    end as nps_category,
    scores.csat_score,
    scores.ces_score,
    coalesce(open_tickets.open_ticket_count, 0) as open_ticket_count,
from scores
full join open_tickets on open_tickets.customer_id = scores.customer_id
