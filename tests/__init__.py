"""The test suite: `unit` in seconds, `integration` on temporary directories, `architecture`, `reference`, `browser`."""
