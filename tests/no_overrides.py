"""The tables decisions of people are read from, without any."""

TABLES = """
create schema if not exists identity;
create schema conformed;
create table identity.overrides as
    select 'V1' as override_id, 'always_link' as action, '' as left_key, '' as right_key, now()::timestamp as created_at
    limit 0;
create table conformed.reference_identity_overrides as
    select 'V1' as override_id, 'always_link' as action, '' as left_type, '' as left_value, '' as right_type,
        '' as right_value, now()::timestamp as created_at
    limit 0;
"""
