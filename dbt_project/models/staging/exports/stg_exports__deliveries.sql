{% for vendor in ['ga4', 'segment', 'snowplow', 'sendgrid'] %}
select
    '{{ vendor }}' as source,
    export_unit,
    export_delivery,
    _load_seq as load_seq,
from {{ source('raw_' ~ vendor, 'events') }}
group by all
{{ 'union all' if not loop.last }}
{% endfor %}
