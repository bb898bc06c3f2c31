"""Alerts: what somebody must know although nobody looks. Raised once, tried until every channel has taken them.

Belongs here: the outbox, the channels (mail and webhook), the words. What is worth an alert is decided in
`orchestration/watch.py`. An alert holds no personal data and no secret: it leaves the machine.
"""
