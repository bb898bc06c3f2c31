{{ superseded_exports('ga4', ga4_event_id()) }}
union all
{{ superseded_exports('segment', 'message_id') }}
union all
{{ superseded_exports('snowplow', 'event_id') }}
union all
{{ superseded_exports('sendgrid', sendgrid_event_id()) }}
