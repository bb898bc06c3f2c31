"""Questions people ask about identity, and the decisions they take: explain, compare, preview, override.

Who belongs together is decided in `dbt_project/models/identity`; nothing here changes it but by a file in the inbox.
"""
