"""Settings of Apache Superset as `make bi` starts it: for one machine, on the loopback address, no calls elsewhere.

Superset reads every upper-case name. What differs between machines (folder, secret) comes from `serve.py` through the
environment.
"""

import os
from pathlib import Path

HOME = Path(os.environ["LIFECYCLE_SUPERSET_HOME"])

SECRET_KEY = (HOME / "secret_key").read_text(encoding="utf-8")
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME / 'superset.db'}?timeout=60"

# DuckDB in a file is a database Superset calls unsafe, because its users could read other files of this machine through
# it. `serve.py` takes that away: the connection is read-only and may open nothing but the published file.
PREVENT_UNSAFE_DB_CONNECTIONS = False

# A chart always asks the file: readers see a new generation with their next query.
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
FILTER_STATE_CACHE_CONFIG = {"CACHE_TYPE": "SupersetMetastoreCache", "CACHE_DEFAULT_TIMEOUT": 86_400}
EXPLORE_FORM_DATA_CACHE_CONFIG = {"CACHE_TYPE": "SupersetMetastoreCache", "CACHE_DEFAULT_TIMEOUT": 86_400}

# The browser may load from this server only.
CONTENT_SECURITY_POLICY_WARNING = False
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}

RATELIMIT_STORAGE_URI = "memory://"
LANGUAGES = {"en": {"flag": "us", "name": "English"}, "de": {"flag": "de", "name": "Deutsch"}}
FAB_API_SWAGGER_UI = False
D3_FORMAT = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]}
