"""Tests: connectors against the sandbox that speaks the vendors' protocols."""
