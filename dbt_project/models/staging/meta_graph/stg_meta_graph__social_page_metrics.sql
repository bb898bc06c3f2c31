{%- set reactions = [] -%}
{%- for kind in ['like', 'love', 'wow', 'haha', 'sorry', 'anger'] -%}
    {%- do reactions.append('page_actions_post_reactions_' ~ kind ~ '_total') -%}
{%- endfor -%}

with

page_insights as (

    select * from {{ source('raw_meta_graph', 'page_insights') }}

),

account_insights as (

    select * from {{ source('raw_meta_graph', 'account_insights') }}

),

accounts as (

    select * from {{ source('raw_meta_graph', 'accounts') }}

),

figures as (

    select
        'facebook' as platform,
        page_id,
        {{ day_ended_at('end_time') }} as metric_date,
        name,
        value,
        _load_seq,
        _row_number,
    from page_insights
    union all by name
    select
        'instagram' as platform,
        account_id as page_id,
        cast(day as date) as metric_date,
        name,
        value,
        _load_seq,
        _row_number,
    from account_insights
    union all by name
    select
        platform,
        id as page_id,
        cast(seen_on as date) as metric_date,
        'followers_seen' as name,
        followers_count as value,
        _load_seq,
        _row_number,
    from accounts
    where platform = 'instagram' and followers_count is not null

),

by_load as (

    {{ metrics_by_load(
        ['page_media_view', 'page_total_media_view_unique', 'page_follows', 'page_total_actions']
        + reactions
        + ['views', 'reach', 'likes', 'comments', 'shares', 'saves', 'profile_links_taps', 'followers_seen']
    ) }}

)

select
    'meta_graph:' || platform || '|' || page_id || '|' || metric_date as record_key,
    'meta_graph' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    platform,
    page_id,
    metric_date,
    coalesce(page_media_view, views) as impressions,
    coalesce(page_total_media_view_unique, reach) as reach,
    cast(coalesce(likes, list_sum([{{ reactions | join(', ') }}])) as bigint) as likes,
    comments,
    shares,
    saves,
    coalesce(page_total_actions, profile_links_taps) as clicks,
    coalesce(page_follows, followers_seen) as followers
from by_load
