"""The run report: what one run did, whether all that was asked for was done, and what has changed for readers.

Belongs here: collecting figures and writing them down, as JSON for programs and Markdown for people. What a run must
pass is decided by the gates (`quality/`). A report holds counts and names of tables, never a delivered value.
"""
