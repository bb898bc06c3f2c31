"""The tables decisions of people are read from, without any."""

TABLES = """
create schema if not exists identity;
create schema conformed;
create table identity.overrides (
    override_id varchar, action varchar, left_key varchar, right_key varchar, created_at timestamp
);
create table conformed.reference_identity_overrides (
    override_id varchar, action varchar, left_type varchar, left_value varchar, right_type varchar,
    right_value varchar, created_at timestamp
);
"""
