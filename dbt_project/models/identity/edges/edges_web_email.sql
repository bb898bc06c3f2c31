{{ identifiers_seen_together(
    rule='web_email',
    entities=['web_events'],
    left_types=['user_id', 'anonymous_id'],
    right_type='email'
) }}
