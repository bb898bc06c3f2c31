{{ identifiers_seen_together(
    rule='consent_phone',
    entities=['crm_consents'],
    left_types=['contact_id', 'email'],
    right_type='phone'
) }}
