with

comments as (

    select * from {{ source('raw_meta_graph', 'comments') }}

),

tagged_posts as (

    select * from {{ source('raw_meta_graph', 'tagged_posts') }}

),

media_comments as (

    select * from {{ source('raw_meta_graph', 'media_comments') }}

),

tagged_media as (

    select * from {{ source('raw_meta_graph', 'tagged_media') }}

),

own_names as (

    select distinct username from {{ source('raw_meta_graph', 'accounts') }}
    where platform = 'instagram' and username is not null

),

-- A page's number is its number as an author too; of people it is one of this page's own.
on_facebook as (

    select id, page_id, from_id, 'comment' as type, post_id, created_time, _load_seq, _row_number
    from comments
    union all by name
    select id, page_id, from_id, 'mention' as type, id as post_id, created_time, _load_seq, _row_number
    from tagged_posts

),

on_instagram as (

    select id, username, 'comment' as type, media_id, timestamp, _load_seq, _row_number from media_comments
    union all by name
    select id, username, 'mention' as type, id as media_id, timestamp, _load_seq, _row_number from tagged_media

),

told as (

    select
        'facebook' as platform,
        id,
        from_id as handle,
        type,
        post_id,
        created_time as told_at,
        _load_seq,
        _row_number,
    from on_facebook
    where from_id <> page_id
    union all by name
    select
        'instagram' as platform,
        on_instagram.id,
        on_instagram.username as handle,
        on_instagram.type,
        on_instagram.media_id as post_id,
        on_instagram.timestamp as told_at,
        on_instagram._load_seq,
        on_instagram._row_number,
    from on_instagram
    anti join own_names on own_names.username = on_instagram.username
    where on_instagram.username is not null

)

select
    'meta_graph:' || platform || '|' || type || '|' || id as record_key,
    'meta_graph' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    platform || '|' || id as interaction_id,
    platform,
    handle,
    cast(null as varchar) as email,
    type,
    post_id,
    {{ utc('told_at') }} as occurred_at,
    cast(null as varchar) as sentiment
from told
