{{ identifiers_seen_together(
    rule='loyalty_email',
    entities=['crm_loyalty_events'],
    left_types=['contact_id', 'loyalty_id'],
    right_type='email'
) }}
