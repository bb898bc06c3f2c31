{{ identifiers_seen_together(
    rule='order_user',
    entities=['crm_orders'],
    left_types=['contact_id'],
    right_type='user_id'
) }}
