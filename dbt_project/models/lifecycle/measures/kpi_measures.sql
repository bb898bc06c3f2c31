select * from {{ ref('movement_measures') }}
union all
select * from {{ ref('order_measures') }}
union all
select * from {{ ref('value_measures') }}
union all
select * from {{ ref('satisfaction_measures') }}
union all
select * from {{ ref('engagement_measures') }}
union all
select * from {{ ref('acquisition_measures') }}
union all
select * from {{ ref('service_measures') }}
union all
select * from {{ ref('campaign_measures') }}
