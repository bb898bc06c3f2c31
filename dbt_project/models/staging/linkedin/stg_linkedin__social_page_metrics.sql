with

-- The last version of each day; figures of a day are corrected for weeks.
share_days as (

    select
        organization,
        cast({{ utc_of_seconds('day_start / 1000') }} as date) as metric_date,
        impressions,
        unique_impressions,
        clicks,
        likes,
        comments,
        shares,
        _load_seq,
        _row_number,
    from {{ source('raw_linkedin', 'share_days') }}
    qualify row_number() over (partition by organization, day_start order by _load_seq desc, _row_number desc) = 1

),

followers as (

    select
        organization,
        cast(day as date) as metric_date,
        follower_count,
        _load_seq,
        _row_number,
    from {{ source('raw_linkedin', 'followers') }}
    qualify row_number() over (partition by organization, day order by _load_seq desc, _row_number desc) = 1

),

days as (

    select
        coalesce(share_days.organization, followers.organization) as organization,
        coalesce(share_days.metric_date, followers.metric_date) as metric_date,
        share_days.* exclude (organization, metric_date, _load_seq, _row_number),
        followers.follower_count,
        greatest(share_days._load_seq, followers._load_seq) as load_seq,
        coalesce(share_days._row_number, followers._row_number) as row_number,
    from share_days
    full join followers
        on followers.organization = share_days.organization
        and followers.metric_date = share_days.metric_date

)

select
    'linkedin:' || replace(organization, 'urn:li:organization:', '') || '|' || metric_date as record_key,
    'linkedin' as source,
    load_seq,
    row_number,
    'linkedin' as platform,
    replace(organization, 'urn:li:organization:', '') as page_id,
    metric_date,
    impressions,
    unique_impressions as reach,
    -- What was taken back counts against what was given; on a day with more of the former none is left.
    case when likes < 0 then 0 else likes end as likes,
    case when comments < 0 then 0 else comments end as comments,
    case when shares < 0 then 0 else shares end as shares,
    cast(null as bigint) as saves,
    clicks,
    follower_count as followers
from days
