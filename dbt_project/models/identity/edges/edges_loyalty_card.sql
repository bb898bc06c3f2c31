{{ identifiers_seen_together(
    rule='loyalty_card',
    entities=['crm_loyalty_events'],
    left_types=['contact_id'],
    right_type='loyalty_id'
) }}
