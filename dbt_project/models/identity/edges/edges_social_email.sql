{{ identifiers_seen_together(
    rule='social_email',
    entities=['social_interactions'],
    left_types=['social_handle'],
    right_type='email'
) }}
