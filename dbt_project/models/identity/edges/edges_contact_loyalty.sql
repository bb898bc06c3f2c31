{{ identifiers_seen_together(
    rule='contact_loyalty',
    entities=['crm_contacts'],
    left_types=['contact_id'],
    right_type='loyalty_id'
) }}
