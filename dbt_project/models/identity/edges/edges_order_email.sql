{{ identifiers_seen_together(
    rule='order_email',
    entities=['crm_orders'],
    left_types=['contact_id', 'user_id', 'loyalty_id'],
    right_type='email'
) }}
