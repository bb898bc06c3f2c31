{{ identifiers_seen_together(
    rule='order_loyalty',
    entities=['crm_orders'],
    left_types=['contact_id', 'user_id'],
    right_type='loyalty_id'
) }}
