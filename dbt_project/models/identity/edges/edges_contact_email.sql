{{ identifiers_seen_together(
    rule='contact_email',
    entities=['crm_contacts'],
    left_types=['contact_id', 'user_id', 'loyalty_id'],
    right_type='email'
) }}
