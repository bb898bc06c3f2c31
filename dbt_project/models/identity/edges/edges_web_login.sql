{{ identifiers_seen_together(
    rule='web_login',
    entities=['web_events'],
    left_types=['user_id'],
    right_type='anonymous_id'
) }}
