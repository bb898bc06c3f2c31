with

social_interactions as (

    select * from {{ ref('social_interactions') }}

)

select
    'social_interactions:' || record_key as touchpoint_id,
    'social_interactions' as entity,
    load_seq,
    identifier_key,
    occurred_at,
    'social' as domain,
    source,
    case
        when type in ('comment', 'mention', 'share') and lower(sentiment) = 'negative' then 'social_complaint'
        else 'social_' || type
    end as touchpoint,
    'organic_social' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'platform': 'platform', 'post_id': 'post_id', 'sentiment': 'sentiment'}) }} as attributes,
from social_interactions
where identifier_key is not null
