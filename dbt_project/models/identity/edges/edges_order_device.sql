{{ identifiers_seen_together(
    rule='order_device',
    entities=['crm_orders'],
    left_types=['contact_id', 'user_id', 'loyalty_id', 'email'],
    right_type='anonymous_id'
) }}
