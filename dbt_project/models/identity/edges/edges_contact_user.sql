{{ identifiers_seen_together(
    rule='contact_user',
    entities=['crm_contacts'],
    left_types=['contact_id'],
    right_type='user_id'
) }}
