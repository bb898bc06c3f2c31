with

tickets as (

    select
        *,
        {{ business_month('opened_at') }} as month_start,
        is_mature and is_buying_question as is_settled_question,
        is_mature and is_buying_question and not is_answered_in_time as is_unanswered,
    from {{ ref('support_tickets') }}

),

counted as (

    select
        month_start,
        channel,
        count(*) as ticket_count,
        count(distinct customer_id) as customer_count,
        count(*) filter (where is_self_service) as self_service_count,
        count(*) filter (where not is_resolved) as open_count,
        median(first_response_hours) as median_first_response_hours,
        median(resolution_hours) as median_resolution_hours,
        count(*) filter (where is_settled_question) as buying_question_count,
        count(*) filter (where is_unanswered) as unanswered_question_count,
        count(*) filter (where is_unanswered and is_without_order) as abandoned_purchase_count,
    from tickets
    group by all

)

select
    counted.month_start as period_start,
    counted.channel,
    counted.ticket_count::integer as ticket_count,
    counted.customer_count::integer as customer_count,
    counted.self_service_count::integer as self_service_count,
    counted.self_service_count / nullif(counted.ticket_count, 0) as self_service_rate,
    counted.open_count::integer as open_count,
    counted.median_first_response_hours,
    counted.median_resolution_hours,
    counted.buying_question_count::integer as buying_question_count,
    counted.unanswered_question_count::integer as unanswered_question_count,
    counted.abandoned_purchase_count::integer as abandoned_purchase_count,
    counted.abandoned_purchase_count / nullif(counted.unanswered_question_count, 0) as abandoned_purchase_rate,
    months.is_complete,
    {{ as_of() }} as as_of,
from counted
join {{ ref('business_months') }} as months on months.month_start = counted.month_start
