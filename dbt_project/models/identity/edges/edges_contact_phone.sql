{{ identifiers_seen_together(
    rule='contact_phone',
    entities=['crm_contacts'],
    left_types=['contact_id', 'user_id', 'loyalty_id', 'email'],
    right_type='phone'
) }}
