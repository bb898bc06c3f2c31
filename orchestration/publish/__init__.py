"""Publication: what BI reads, written as generations and switched over by a pointer.

Belongs here: building a generation file, the pointer, the history. Which data may be published is decided by stored
verdicts (`quality/verdicts.py`); the tables themselves are made by dbt.
"""
