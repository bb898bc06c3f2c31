{{ identifiers_seen_together(
    rule='record_email',
    entities=[
        'crm_subscriptions',
        'crm_tickets',
        'crm_survey_responses',
        'crm_reviews',
        'crm_consents',
        'crm_referrals',
        'email_campaign_members',
    ],
    left_types=['contact_id'],
    right_type='email'
) }}
