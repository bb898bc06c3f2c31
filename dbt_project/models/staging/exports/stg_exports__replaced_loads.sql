with

deliveries as (
    {% for vendor in ['ga4', 'segment', 'snowplow'] %}
    select
        '{{ vendor }}' as source,
        export_unit,
        export_delivery,
        _load_seq as load_seq,
    from {{ source('raw_' ~ vendor, 'events') }}
    group by all
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

replacements as (

    select
        source,
        load_seq,
        max(load_seq) over (partition by source, export_unit) as replaced_by,
    from deliveries

)

select
    source,
    load_seq,
    max(replaced_by) as replaced_by,
from replacements
where load_seq < replaced_by
group by source, load_seq
